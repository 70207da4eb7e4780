"""A desk with years of work, made once for those who only read it, as the database and as plain Python see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from bench.big_desk import fill
from bench.big_life import DISPATCHING, VISITING
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.customers import Customer
from service_desk.domain.users import Role
from service_desk.queries import pages
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.store.database import connect, current, disconnect
from service_desk.store.migrate import upgrade
from tests.stores import new_database

CALLS = 2_000
DANA = Actor(DISPATCHING[0], Role.DISPATCHER, "Dana")
RAVI = Actor(VISITING[0], Role.ENGINEER, "Ravi")

Pair = tuple[Call, Customer]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it is: filled as it was before there was an index of words, and then migrated."""
    with new_database(request.param, tmp_path_factory.mktemp("many")) as url:
        upgrade(url, "0004")
        fill(url, CALLS)
        upgrade(url)
        yield url


@pytest.fixture
def desk(filled: str) -> Iterator[list[Pair]]:
    """Its calls with their customers; the database is open."""
    connect(filled)
    with current().reading() as session:
        found = session.exec(
            select(Call, Customer).join(Customer, col(Customer.id) == col(Call.customer_id))
        ).all()
        session.expunge_all()
    yield list(found)
    disconnect()


@pytest.fixture
def low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as many here."""
    bounds = {"MOST_COUNTED": 200, "MOST_FOUND": 100, "MOST_LOOKED_AT": 150, "MOST_SORTED": 300}
    for name, bound in bounds.items():
        monkeypatch.setattr(pages, name, bound)


def everything(actor: Actor, **params: str) -> list[int]:
    """The ids on every page from the first on."""
    found: list[int] = []
    page = 1
    while True:
        answer = list_calls(actor, CallsQuestion.from_params(actor, {**params, "page": str(page)}))
        found += [int(key) for key in answer.order]
        if page >= answer.extra["pages"]:
            return found
        page += 1
