"""Somebody else knows the password: what they see of the second factor, and whom they can keep out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import time_machine

from service_desk.actions.second_factor import begin_second_factor, confirm_second_factor
from service_desk.actions.sessions import CodeNeeded, sign_in
from service_desk.actions.users import create_user
from service_desk.domain.access import Actor
from service_desk.domain.errors import Invalid
from service_desk.domain.second_factor import PendingSignIn, UnconfirmedFactor
from service_desk.domain.users import Role
from service_desk.queries.second_factor import own_factor
from service_desk.queries.sessions import who_is
from service_desk.store.database import Database
from tests.door import HTML, PASSWORD, Door, cookie_of
from tests.factories import make_user
from tests.raw_socket import fresh_key
from tests.readings import all_rows

from .second_steps import code_of, codes_in, secret_in, set_up, step

pytestmark = pytest.mark.usefixtures("database")

GIVEN = {"username": "dana", "password": PASSWORD}
OWNER, THIEF = "192.0.2.7", "203.0.113.66"


@pytest.fixture
def dana(database: Database) -> Actor:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return Actor(create_user(make_user(Role.ADMIN), form), Role.DISPATCHER, "Dana O.")


def at_the_code(address: str) -> Door:
    """A browser whose password was right."""
    door = Door(address=address)
    assert door.post("/auth/sign-in", data=GIVEN).headers["location"].startswith("/sign-in/code")
    return door


def shown_at_the_code(door: Door) -> httpx.Response:
    return door.get("/sign-in/code", headers=HTML)


def signed_in(address: str) -> Door:
    """A browser that needs no code yet."""
    door = Door(address=address)
    door.bring(cookie_of(door.post("/auth/sign-in", data=GIVEN)) or "")
    return door


def shown_on_the_profile(door: Door) -> httpx.Response:
    return door.post("/second-factor", data={"step": "begin", "password": PASSWORD})


@pytest.mark.usefixtures("required_of_everybody")
def test_who_knows_the_password_is_shown_another_key_while_signing_in(dana: Actor) -> None:
    _never_the_same(dana, at_the_code, shown_at_the_code)


def test_who_knows_the_password_is_shown_another_key_on_the_profile(dana: Actor) -> None:
    _never_the_same(dana, signed_in, shown_on_the_profile)


def _never_the_same(dana: Actor, come: Callable[[str], Door], show: Callable[[Door], httpx.Response]) -> None:
    thief, owner = come(THIEF), come(OWNER)
    noted, own = secret_in(show(thief)), secret_in(show(owner))
    assert noted != own
    assert secret_in(show(owner)) == own, "a page loaded twice shows one key"
    form = {"step": "confirm", "secret": own}
    path = "/auth/code" if come is at_the_code else "/second-factor"
    refused = owner.post(path, data={**form, "key": fresh_key(), "code": code_of(noted)})
    assert refused.status_code in (401, 422) and secret_in(refused) == own
    assert codes_in(owner.post(path, data={**form, "key": fresh_key(), "code": code_of(own, -1)}))
    thief = at_the_code(THIEF)
    assert thief.post("/auth/code", data={"code": code_of(noted)}).status_code == 401
    assert all_rows(UnconfirmedFactor) == []


def test_a_key_that_was_shown_elsewhere_confirms_nothing_here(dana: Actor) -> None:
    elsewhere, here = signed_in(THIEF), signed_in(OWNER)
    noted = secret_in(shown_on_the_profile(elsewhere))
    for form in ({}, {"secret": noted}):
        refused = step(here, "confirm", code=code_of(noted), **form)
        assert refused.status_code == 422
        assert "data:image/svg" not in refused.text
    assert own_factor(dana).since is None


def test_a_key_is_good_for_an_hour(dana: Actor) -> None:
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        me = who_is(sign_in("dana", PASSWORD))
        assert me is not None
        first = begin_second_factor(me)
        clock.shift(timedelta(minutes=61))
        with pytest.raises(Invalid, match="an hour"):
            confirm_second_factor(me, code_of(first))
        second = begin_second_factor(me)
        assert second != first
        assert confirm_second_factor(me, code_of(second))


@pytest.mark.usefixtures("required_of_everybody")
def test_who_knows_the_password_can_neither_end_a_half_done_sign_in_nor_fill_a_table(dana: Actor) -> None:
    owner = at_the_code(OWNER)
    secret = secret_in(shown_at_the_code(owner))
    for number in range(12):
        thief = at_the_code(THIEF)
        assert shown_at_the_code(thief).status_code == 200, number
    assert len(all_rows(PendingSignIn)) == 6
    assert len(all_rows(UnconfirmedFactor)) == 6
    assert codes_in(owner.post("/auth/code", data={"code": code_of(secret)}))
    for number in range(60):
        with pytest.raises(CodeNeeded):
            sign_in("dana", PASSWORD, address=f"198.51.100.{number}")
    assert len(all_rows(PendingSignIn)) == 50


def guess_codes(times: int = 10, code: str = "000000") -> list[int]:
    """What wrong codes are answered, each from another address."""
    statuses = []
    for number in range(times):
        thief = at_the_code(f"203.0.113.{number}")
        statuses.append(thief.post("/auth/code", data={"code": code}).status_code)
    return statuses


def test_who_uses_up_the_tries_of_the_apps_codes_leaves_the_owner_the_recovery_codes(dana: Actor) -> None:
    secret, recovery = set_up(dana)
    assert guess_codes(11) == [401] * 10 + [429]
    owner = at_the_code(OWNER)
    refused = owner.post("/auth/code", data={"code": code_of(secret)})
    assert refused.status_code == 429 and "recovery code" in refused.text
    let_in = owner.post("/auth/code", data={"code": recovery[0]})
    assert let_in.status_code == 303
    owner.bring(cookie_of(let_in) or "")
    assert codes_in(step(owner, "renew", code=recovery[1]))


def test_recovery_codes_are_guessed_ten_times_from_one_address_and_never_closed_to_another(
    dana: Actor,
) -> None:
    secret, recovery = set_up(dana)
    thief = at_the_code(THIEF)
    wrong = {"code": "aaaa-bbbb-cccc-dddd"}
    statuses = [thief.post("/auth/code", data=wrong).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert thief.post("/auth/code", data={"code": recovery[0]}).status_code == 429
    assert set(guess_codes(20, wrong["code"])) == {401}
    assert at_the_code(OWNER).post("/auth/code", data={"code": recovery[0]}).status_code == 303
    assert at_the_code(OWNER).post("/auth/code", data={"code": code_of(secret)}).status_code == 303


def test_wrong_passwords_and_first_codes_use_up_no_tries_of_codes(dana: Actor) -> None:
    door = signed_in(THIEF)
    wrong = {"step": "begin", "password": "guess"}
    assert [door.post("/second-factor", data=wrong).status_code for _ in range(11)] == [422] * 10 + [429]
    first = [step(door, "confirm", code="000000").status_code for _ in range(11)]
    assert first == [422] * 10 + [429]
    secret, _ = set_up(dana)
    assert at_the_code(OWNER).post("/auth/code", data={"code": code_of(secret)}).status_code == 303


@pytest.mark.usefixtures("required_of_everybody")
def test_who_fails_to_set_it_up_uses_up_no_tries_of_the_owner(dana: Actor) -> None:
    thief = at_the_code(THIEF)
    shown_at_the_code(thief)
    wrong = {"code": "000000"}
    assert [thief.post("/auth/code", data=wrong).status_code for _ in range(11)] == [401] * 10 + [429]
    owner = at_the_code(OWNER)
    secret = secret_in(shown_at_the_code(owner))
    assert codes_in(owner.post("/auth/code", data={"code": code_of(secret)}))
