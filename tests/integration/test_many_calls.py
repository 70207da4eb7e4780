"""Search: what is found and counted is what a plain filter finds, and the texts stay true whatever changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from service_desk.actions.calls import edit_call
from service_desk.actions.customers import edit_customer
from service_desk.domain.access import Actor
from service_desk.domain.calls import OPEN_CALL
from service_desk.domain.customers import Customer
from service_desk.domain.users import Role
from service_desk.queries import pages
from service_desk.queries.answer import Answer
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.queries.customers import CustomersQuestion
from service_desk.queries.keyset import calls_before, customers_before
from service_desk.store.database import Database, current
from service_desk.store.invariants import check_database
from service_desk.store.invariants_texts import texts
from service_desk.store.texts import fold, pattern
from tests.factories import make_call, make_user

from .long_lists import DANA, RAVI, Pair, desk, everything, filled, low_bounds

__all__ = ["desk", "filled", "low_bounds"]

SEARCHES = (
    "printer",
    "the",
    "PRINTER blank",
    "müller",
    "MÜLLER",
    "weiß",
    "straße",
    "li",
    "bo li",
    "a",
    "dr.",
    "50%_off",
    '"',
    "o’",
    "C-17",
    "1200",
    "17",
    "+1 200 200 0061",
    "2000061",
    "nowhere at all",
    "---",
    "\\",
)


def is_found(pair: Pair, search: str) -> bool:
    """What the README promises of a search, in plain Python."""
    call, customer = pair
    texts = (call.problem, call.site_address, customer.name, customer.address)
    line = fold(f" {' '.join(each or '' for each in texts)} ".replace("\n", " "))
    digits = "".join(each for each in search if each.isdigit()).lstrip("0")
    is_number = all(each in "0123456789 ()+./-" for each in search)
    return (
        all(fold(pattern(word)) in line for word in search.split())
        or search.upper().removeprefix("C-") == str(call.id)
        or (is_number and len(digits) >= 4 and digits in customer.phone)
    )


def searched(desk: list[Pair], tab: str, search: str) -> set[int | None]:
    """The ids that a plain filter finds."""
    quoted = search.removeprefix("C-")
    return {
        call.id
        for call, customer in desk
        if is_found((call, customer), search)
        and (tab == "all" or call.status in OPEN_CALL or (quoted.isdigit() and str(call.id) == quoted))
    }


@pytest.mark.parametrize("bounds", ["usual", "low"])
@pytest.mark.parametrize("tab", ["all", "open"])
@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_finds_what_a_plain_filter_finds(
    desk: list[Pair], request: pytest.FixtureRequest, tab: str, search: str, bounds: str
) -> None:
    if bounds == "low":
        request.getfixturevalue("low_bounds")
    expected = searched(desk, tab, search)
    answer = list_calls(DANA, CallsQuestion.from_params(DANA, {"tab": tab, "q": search}))
    assert list(answer.order) == sorted(expected, reverse=True)[: pages.PAGE_SIZE]
    assert answer.extra["total"] == len(expected) or (
        answer.extra["more"] and answer.extra["total"] < len(expected)
    )
    if len(expected) <= 100:
        assert answer.extra["total"] == len(expected)


@pytest.mark.parametrize("bounds", ["usual", "low"])
@pytest.mark.parametrize("tab", ["all", "open"])
@pytest.mark.parametrize("search", SEARCHES)
def test_reading_on_finds_the_same(
    desk: list[Pair], request: pytest.FixtureRequest, tab: str, search: str, bounds: str
) -> None:
    if bounds == "low":
        request.getfixturevalue("low_bounds")
    expected = searched(desk, tab, search)
    question = CallsQuestion(tab=tab, search=search)
    found = read_on(lambda before: calls_before(DANA, question, before, 100))
    assert found == sorted(expected, reverse=True)


def read_on(read: Callable[[int | None], Answer]) -> list[int]:
    """The ids of every page."""
    found: list[int] = []
    before: int | None = None
    while True:
        answer = read(before)
        found += [int(key) for key in answer.order]
        before = answer.extra["next"]
        if before is None:
            return found


# Only SQLite counts its steps.
@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_common_word_is_not_looked_up_in_every_call(desk: list[Pair], low_bounds: None) -> None:
    held = [call for call, customer in desk if is_found((call, customer), "the")]
    assert len(held) > 1_000
    assert steps_of(CallsQuestion(tab="all", search="the")) < len(held)


def steps_of(question: CallsQuestion) -> int:
    """How many steps of its machine SQLite needs for the first row, beyond those of the same without a search."""

    def counted(asked: CallsQuestion) -> int:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        with current().reading() as session:
            connection: Any = session.connection().connection.driver_connection
        connection.set_progress_handler(step, 1)
        calls_before(DANA, asked, None, 1)
        connection.set_progress_handler(None, 1)
        return steps

    return counted(question) - counted(replace(question, search=""))


def test_an_engineer_counts_and_finds_their_own_alone(desk: list[Pair], low_bounds: None) -> None:
    own = [call.id for call, _ in desk if RAVI.id in (call.assigned_to_id, call.created_by_id)]
    assert everything(RAVI, tab="all") == sorted(own, reverse=True)[:200]
    found = [call.id for call, customer in desk if is_found((call, customer), "printer") and call.id in own]
    answer = list_calls(RAVI, CallsQuestion.from_params(RAVI, {"tab": "all", "q": "printer"}))
    assert list(answer.order) == sorted(found, reverse=True)[:25]


@pytest.mark.parametrize("limit", [3, 100])
def test_an_engineer_reads_on_in_their_own_customers_alone(
    desk: list[Pair], low_bounds: None, limit: int
) -> None:
    own = {
        customer.key: customer
        for call, customer in desk
        if RAVI.id in (call.assigned_to_id, call.created_by_id)
    }
    word = next(iter(own.values())).name.split()[-1]
    named = [key for key, customer in own.items() if word in customer.name.split()]
    everybody = read_on(lambda before: customers_before(RAVI, CustomersQuestion(), before, limit))
    assert everybody == sorted(own, reverse=True)
    found = read_on(lambda before: customers_before(RAVI, CustomersQuestion(word), before, limit))
    assert found == sorted(found, reverse=True) and set(named) <= set(found) <= own.keys()


def test_a_filled_desk_is_sound(filled: str) -> None:
    assert [verdict for verdict in check_database(filled) if not verdict.holds] == []


def test_texts_stay_true_whatever_changes(database: Database) -> None:
    dana = make_user(Role.DISPATCHER)
    call = make_call(dana, phone="+14155552671", customer_name="Rosa Marin", problem="Radiator whistles")
    assert found(dana, "whistles") == found(dana, "rosa") == found(dana, "555 2671") == [call]
    was = {"problem": "Radiator whistles"}
    edit_call(dana, call, version=1, was=was, changes={"problem": "Tap drips\nall night"})
    assert (found(dana, "whistles"), found(dana, "drips all")) == ([], [call])
    with database.reading() as session:
        customer = session.exec(select(Customer)).one()
    was = {"name": customer.name, "phone": "+14155552671"}
    changes = {"name": "Ágnes Ódor", "phone": "+14155559999"}
    edit_customer(dana, customer.key, version=customer.version, was=was, changes=changes)
    assert found(dana, "rosa") == found(dana, "555 2671") == []
    assert found(dana, "ÁGNES drips") == found(dana, "555 9999") == [call]
    check_index(database)


def found(actor: Actor, search: str) -> list[int | str]:
    """In all calls, by the index of words: nothing is so little that it is looked at by itself."""
    return list(list_calls(actor, CallsQuestion(tab="all", search=search)).order)


def check_index(database: Database) -> None:
    """SQLite compares its index with the rows by itself; PostgreSQL's texts can be read."""
    with database.engine.connect() as connection:
        assert list(texts(connection)) == []
    if database.is_sqlite:
        with database.engine.begin() as connection:
            for kind in ("call", "carry_in", "customer"):
                connection.execute(
                    text(f"INSERT INTO {kind}_text ({kind}_text, rank) VALUES ('integrity-check', 1)")
                )
