"""What only the tests with a real database need."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from service_desk.actions import doors, passwords
from service_desk.actions.api_tokens import create_token
from service_desk.actions.categories import create_category
from service_desk.actions.webhooks import create_webhook
from service_desk.config import settings
from service_desk.domain.access import Actor
from service_desk.domain.api_tokens import new_token
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.domain.webhooks import new_secret
from service_desk.queries.api_tokens import list_tokens
from service_desk.queries.sessions import who_is
from service_desk.store.database import Database
from service_desk.store.migrate import upgrade
from service_desk.web import sign_in
from service_desk.web.api import auth
from service_desk.web.throttle import Throttle

from ..caller import HANDLERS, arguments, basis
from ..factories import carry_in_form, make_call, make_carry_in, make_user
from ..raw_socket import fresh_key
from ..receiver import Receiver
from ..running_desk import PEOPLE, RunningDesk
from ..webhook_room import allow_home

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply: what is tested here is not how long a guess takes."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture(autouse=True)
def forgotten_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pays for the wrong guesses of another."""
    monkeypatch.setattr(sign_in, "throttle", Throttle())
    monkeypatch.setattr(auth, "porter", auth.Porter())


@pytest.fixture(autouse=True)
def new_door_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes what another one noted."""
    monkeypatch.setattr(doors, "_book", doors.DoorBook())


@pytest.fixture
def required_of_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting that everybody signs in with a code."""
    chosen = settings().model_copy(update={"require_second_factor": "everybody"})
    for module in (
        "actions.sessions",
        "actions.second_factor",
        "queries.sessions",
        "queries.second_factor",
    ):
        monkeypatch.setattr(f"service_desk.{module}.settings", lambda: chosen)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A server with PEOPLE and nothing else, for bare sockets: its pages are never built."""
    desk = RunningDesk(tmp_path_factory.mktemp("server"))
    desk.do_without_pages()
    # What is tried here comes faster than any hand; tests/faults/ keeps to the limit.
    desk.environment["SERVICE_DESK_EVENTS_PER_SECOND"] = "1000000"
    upgrade(desk.database_url)
    desk.open_store()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        for username, (name, role) in PEOPLE.items():
            desk.hire(username=username, name=name, role=role)
    desk.close_store()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def desk(server: RunningDesk) -> Iterator[RunningDesk]:
    """The server, with its store open in the test's process."""
    server.open_store()
    yield server
    server.close_store()


@pytest.fixture
def ada(database: Database) -> Actor:
    """An admin, where there is a store and no server."""
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def ravi(ada: Actor) -> Actor:
    """An engineer beside her."""
    return make_user(Role.ENGINEER, "Ravi K.")


@pytest.fixture
def receivers_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_home(monkeypatch)


@pytest.fixture
def receiver(receivers_at_home: None) -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def session_of(token: str) -> int:
    """The id of the sign-in behind a token."""
    actor = who_is(token)
    assert actor is not None and actor.session_id is not None
    return actor.session_id


@pytest.fixture(scope="module")
def payloads(server: RunningDesk) -> Iterator[dict[str, dict[str, Any]]]:
    """What each handler is called with: ids of records that exist, forms that an action would take."""
    server.open_store()
    dana, lena = server.people["dana"], server.people["lena"]
    network = create_category(dana, CategoryKind.CALL, {"name": f"Network {uuid4()}"})
    laptops = create_category(dana, CategoryKind.CARRY_IN, {"name": f"Laptops {uuid4()}"})
    call, carry_in = make_call(dana, category_id=network), make_carry_in(dana, category_id=laptops)
    token_owner = server.people["ravi"]
    create_token(token_owner, {"name": "the van"}, new_token())
    webhook = create_webhook(dana, {"name": "Warehouse", "url": "https://hooks.example/desk"}, new_secret())
    given = {
        "call_id": call,
        "webhook_id": webhook,
        "carry_in_id": carry_in,
        "category_id": network,
        "user_id": lena.id,
        "session_id": session_of(server.token("lena")),
        "token_id": list_tokens(token_owner).order[0],
        "seq": 1,
        "customer_id": 1,
        "phone": "+1 415 555 0123",
        "up": True,
        "value": True,
    }
    forms = {
        "assign_call.save": {"basis": basis(call), "assigned_to_id": str(server.people["ravi"].id)},
        "cancel_call.save": {"basis": basis(call), "reason": "Works again."},
        "complete_call.save": {"basis": basis(call), "remark": "Bled the radiator."},
        "edit_call.save": {"basis": basis(call), "problem": "It smokes."},
        "reopen_call.save": {"basis": basis(call), "reason": "Smokes again."},
        "complete_carry_in.save": {"basis": basis(carry_in), "outcome": "repaired", "remark": "New fan."},
        "deliver_carry_in.save": {"basis": basis(carry_in), "delivered_to": "Rosa Marin"},
        "edit_carry_in.save": {"basis": basis(carry_in), "fault": "It smokes."},
        "return_carry_in.save": {"basis": basis(carry_in), "reason": "Smokes again."},
        "to_bench.save": {"basis": basis(carry_in)},
        "edit_customer.save": {"basis": basis(1), "name": "Rosa Marin-Lopez"},
        "new_customer.save": {"name": "Sam Ode", "phone": "+1 415 555 0177"},
        "deactivate.save": {"basis": basis(lena.id)},
        "edit_user.save": {"basis": basis(lena.id), "full_name": "Lena Parks"},
        "reset_second_factor.save": {"basis": basis(lena.id)},
        "new_call_category.save": {"name": f"Roofs {uuid4()}"},
        "new_carry_in_category.save": {"name": f"Radios {uuid4()}"},
        "rename_category.save": {"basis": basis(network), "name": f"Networks {uuid4()}"},
        "receive_carry_in.save": {key: str(value) for key, value in carry_in_form(laptops).items()},
        "new_webhook.save": {"name": f"Till {uuid4()}", "url": "https://till.example/"},
        "edit_webhook.save": {"basis": basis(webhook), "name": f"Warehouse {uuid4().hex[:6]}"},
        "renew_secret.save": {"basis": basis(webhook)},
        "remove_webhook.save": {"basis": basis(webhook)},
        "new_user.save": {
            "username": f"mallory{uuid4().hex[:8]}",
            "full_name": "Mallory",
            "role": "admin",
            "password": "correct horse battery",
        },
    }
    server.close_store()
    yield {
        name: {
            argument: {**forms.get(name, {}), "key": fresh_key()}
            if argument == "form"
            else given.get(argument)
            for argument in arguments(name)
            if argument not in ("vars", "hashes")
        }
        | ({"key": fresh_key()} if "key" in arguments(name) else {})
        for name in HANDLERS
    }
