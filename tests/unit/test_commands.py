"""What is stored of a command must not help anybody to guess a password."""

from __future__ import annotations

import json
from importlib import import_module
from pkgutil import iter_modules

import pytest

from service_desk import actions
from service_desk.actions import commands
from service_desk.actions.commands import SECRET_FIELDS, carry_out
from service_desk.actions.drafts import Draft
from service_desk.actions.passwords import Typed
from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.store.once import payload_hash

DANA = Actor(1, Role.ADMIN, "Dana O.")
FORM = {"username": "ravi", "password": "a long enough word"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each command is known again by, before it is hashed."""
    kept: list[str] = []
    monkeypatch.setattr(
        commands, "once", lambda _user, _key, words, _action, **_: kept.append(json.dumps(words))
    )
    return kept


def create(actor: Actor, form: object) -> None:
    """An action; nothing is done here."""


def test_a_password_is_as_slow_to_guess_from_a_command_as_from_its_own_hash(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bytes] = []
    slow = commands.hash_secret_raw
    monkeypatch.setattr(
        commands,
        "hash_secret_raw",
        lambda secret, *cost, **more: hashed.append(secret) or slow(secret, *cost, **more),
    )
    carry_out(DANA, "k" * 20, create, FORM)
    assert hashed == [b"a long enough word"]
    assert "a long enough word" not in told[0]
    assert '"ravi"' in told[0]


def test_the_same_form_with_the_same_key_is_known_again_and_another_password_is_not(told: list[str]) -> None:
    carry_out(DANA, "k" * 20, create, FORM)
    carry_out(DANA, "k" * 20, create, FORM)
    carry_out(DANA, "k" * 20, create, FORM | {"password": "another long word"})
    carry_out(DANA, "l" * 20, create, FORM)
    first, again, other, elsewhere = told
    assert first == again
    assert len({first, other, elsewhere}) == 3


def test_every_field_that_holds_a_password_is_known_as_a_secret() -> None:
    for module in iter_modules(actions.__path__, f"{actions.__name__}."):
        import_module(module.name)
    (typed,) = Typed.__metadata__
    fields = {
        name
        for draft in Draft.__subclasses__()
        + [each for one in Draft.__subclasses__() for each in one.__subclasses__()]
        for name, field in draft.model_fields.items()
        if typed in field.metadata
    }
    assert {"password", "current", "new"} <= fields <= SECRET_FIELDS


@pytest.mark.parametrize("words", ["\ud800", {"a": ["\0", None, 1.5, True]}, "x" * 100_000])
def test_whatever_a_browser_sends_has_a_hash(words: object) -> None:
    assert len(payload_hash(words)) == 64
