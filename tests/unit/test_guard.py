"""What the guard refuses before anything is served, and what it takes for an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

from service_desk.domain.access import Permission
from service_desk.domain.errors import Invalid
from service_desk.ui import guard, inbox


@pytest.fixture
def registry() -> Iterator[RegistrationContext]:
    """The handlers known so far; those of the test are forgotten after it."""
    with RegistrationContext.get().fork() as registry:
        yield registry


def test_a_handler_without_a_permission_fails_the_start(registry: RegistrationContext) -> None:
    class Forgotten(rx.State):
        __module__, __qualname__ = "service_desk.ui.pages.forgotten", "Forgotten"

        async def leak(self) -> None:
            """Nobody said who may do this."""

    with pytest.raises(guard.UnlistedHandlerError, match="leak has no permission"):
        guard.permissions()


def test_setters_of_variables_are_denied_to_everybody(registry: RegistrationContext) -> None:
    class Counting(rx.State):
        __module__, __qualname__ = "service_desk.ui.pages.counting", "Counting"
        count: int = 0

    ours = {name: needed for name, needed in guard.permissions().items() if "counting" in name}
    assert ours
    assert set(ours.values()) == {None}


def test_handlers_with_the_same_words_keep_their_own_permissions(registry: RegistrationContext) -> None:
    words = "async def save(self, form: dict) -> None: ..."
    methods = []
    for permission in (Permission.MANAGE_USERS, Permission.SIGNED_IN):
        names: dict[str, Any] = {}
        exec(words, names)
        methods.append(names["save"])
        guard.handler(permission)(names["save"])
    assert methods[0].__code__ == methods[1].__code__
    assert [guard._needed(method) for method in methods] == [Permission.MANAGE_USERS, Permission.SIGNED_IN]


def test_a_handler_whose_argument_nobody_can_check_fails_the_start() -> None:
    async def pick(self: Any, anything: list[object]) -> None: ...

    with pytest.raises(TypeError, match="anything must be one of"):
        inbox.arguments_of(pick)


@pytest.mark.parametrize(
    ("payload", "fits"),
    [
        ({"call_id": 7, "up": True}, True),
        ({"call_id": "7", "up": False}, True),
        ({"call_id": 7}, False),
        ({"call_id": 7, "up": True, "also": 1}, False),
        ({"call_id": True, "up": True}, False),
        ({"call_id": 0, "up": True}, False),
        ({"call_id": 9**400, "up": True}, False),
        ({"call_id": float("inf"), "up": True}, False),
        ({"call_id": {"$ne": 1}, "up": True}, False),
        ({"call_id": None, "up": None}, False),
        ({"call_id": 7, "up": "yes"}, False),
    ],
)
def test_a_payload_has_exactly_the_arguments_of_its_handler(payload: dict[str, Any], fits: bool) -> None:
    async def move(self: Any, call_id: int, up: bool) -> None: ...

    assert inbox.arguments_of(move).fit(payload) is fits


@pytest.mark.parametrize(
    "data",
    [None, [], "x", 1, {}, {"name": 3}, {"name": "look", "payload": [1]}, {"name": "other"}, {"name": None}],
)
def test_what_is_no_event_is_refused_with_a_sentence(data: object) -> None:
    with pytest.raises(Invalid) as refused:
        inbox.read_event(data, {"look"})
    assert refused.value.sentence in (inbox.UNREADABLE, inbox.NOT_HERE)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            {"pathname": "/calls", "asPath": "/calls?q=1", "query": {"q": "1"}},
            {"pathname", "asPath", "query"},
        ),
        ({"pathname": ["/calls"], "asPath": "//evil" * 1000, "query": [1]}, {"query"}),
        ({"pathname": "calls", "headers": {"cookie": "x"}, "sid": "anothers", "session_id": "x"}, {"query"}),
        ("nothing", {"query"}),
    ],
)
def test_of_an_address_only_texts_are_kept_and_nothing_that_the_socket_knows(
    sent: object, kept: set[str]
) -> None:
    event = inbox.read_event({"name": "look", "router_data": sent}, {"look"})
    assert event["router_data"].keys() == kept


def test_no_more_is_kept_of_an_address_than_an_address_can_hold() -> None:
    sent = {"query": {"tab": "open", "q": "x" * 100_000, **{f"p{number}": "y" * 90 for number in range(500)}}}
    event = inbox.read_event({"name": "look", "router_data": sent}, {"look"})
    assert len(str(event["router_data"])) < 4_000
    assert event["router_data"]["query"]["tab"] == "open"
