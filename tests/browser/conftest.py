"""One desk, one Chromium, and as many people in it as a test needs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.store.migrate import upgrade

from ..faults import checker
from ..running_desk import PEOPLE, RunningDesk, free_port
from ..seats import FLAGS, PATIENCE_MS, Seat, Sit, sit, wait_until_live
from ..tcp_proxy import TcpProxy
from ..typist import Typist

__all__ = ["FLAGS", "PATIENCE_MS", "Seat", "Sit", "sit", "wait_until_live"]


@dataclass
class Wired:
    """The desk, and the wire by which a browser may reach it instead of directly."""

    desk: RunningDesk
    wire: TcpProxy
    categories: dict[str, int]


@pytest.fixture(scope="session")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """A running desk with PEOPLE and a few categories. Its store is open in the test's process too."""
    desk = RunningDesk(tmp_path_factory.mktemp("desk"))
    # Receivers of webhooks are on this machine.
    desk.environment |= {
        "SERVICE_DESK_WEBHOOK_ALLOW_HTTP": "1",
        "SERVICE_DESK_WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    upgrade(desk.database_url)
    desk.open_store()
    for username, (name, role) in PEOPLE.items():
        desk.hire(username=username, name=name, role=role)
    kinds = {
        CategoryKind.CALL: ("Network", "Printers", "Servers"),
        CategoryKind.CARRY_IN: ("Laptops", "Phones"),
    }
    dana = desk.people["dana"]
    ids = {
        name: create_category(dana, kind, {"name": name}) for kind, names in kinds.items() for name in names
    }
    port = free_port()
    with TcpProxy(port) as wire:
        desk.environment["SERVICE_DESK_ALLOWED_ORIGINS"] = f"http://localhost:{port},{wire.url}"
        desk.start(port)
        yield Wired(desk, wire, ids)
        desk.stop()
    desk.close_store()
    # Whatever was cut, refused or typed by two in all of these tests: the database must be whole.
    checker.expect_sound(desk.database_url)


@pytest.fixture(scope="session")
def desk(wired: Wired) -> RunningDesk:
    return wired.desk


@pytest.fixture
def wire(wired: Wired) -> Iterator[TcpProxy]:
    """Whole again afterwards, and without the connections of the test."""
    yield wired.wire
    wired.wire.cut()
    wired.wire.mend()


@pytest.fixture
def typist(desk: RunningDesk) -> Iterator[Typist]:
    """Maya, quick and without a screen."""
    with Typist(desk.url, desk.token("maya")) as typist:
        yield typist


Hire = Callable[[Role], Actor]


def username_of(hired: Actor) -> str:
    return hired.name.split()[0].lower()


@pytest.fixture
def hire(desk: RunningDesk) -> Hire:
    """Somebody whom no other test knows."""

    def somebody(role: Role) -> Actor:
        first = f"Kim{secrets.token_hex(3)}"
        return desk.hire(username=first.lower(), name=f"{first} Doe", role=role)

    return somebody


@pytest.fixture
def word() -> str:
    """A word that nothing else on the desk contains."""
    return f"Word{secrets.token_hex(4)}"


@pytest.fixture
def phone() -> str:
    """A number that nobody has yet, as E.164."""
    return f"+1415{secrets.randbelow(800) + 200}{secrets.randbelow(10_000):04d}"


@pytest.fixture
def ravis(wired: Wired, word: str, phone: str) -> int:
    """A call that Ravi has, not yet started."""
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    ravi = wired.desk.people["ravi"].id
    return create_call(wired.desk.people["maya"], {**form, "problem": word, "assigned_to_id": ravi})
