"""Two-step sign-in: set up, used, required, lost and reset; nothing is let in by half."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlmodel import select

from service_desk.actions import second_factor
from service_desk.actions.sessions import CodeNeeded, open_session, revoke_sessions_of, sign_in
from service_desk.actions.users import (
    change_own_password,
    create_user,
    deactivate_user,
    reactivate_user,
    set_password,
)
from service_desk.domain.access import Actor
from service_desk.domain.errors import Forbidden, Invalid, Refused
from service_desk.domain.second_factor import PendingSignIn, RecoveryCode, SecondFactor
from service_desk.domain.times import now
from service_desk.domain.users import Role, User
from service_desk.queries.second_factor import own_factor
from service_desk.queries.sessions import who_is, why_ended
from service_desk.store.change import housekeeping
from service_desk.store.database import Database, current
from service_desk.web.cookies import ticket_cookie
from tests.door import HTML, PASSWORD, Door, cookie_of
from tests.factories import make_user

from .second_steps import code_of, codes_in, secret_in, set_up, step

pytestmark = pytest.mark.usefixtures("database")

GIVEN = {"username": "dana", "password": PASSWORD}


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> Actor:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return Actor(create_user(admin, form), Role.DISPATCHER, "Dana O.")


@pytest.fixture
def door(database: Database) -> Door:
    return Door()


def test_a_password_alone_opens_nothing_once_it_is_on(door: Door, dana: Actor) -> None:
    secret, _ = set_up(dana)
    answer = door.post("/auth/sign-in", data={**GIVEN, "next": "/calls/7"})
    assert answer.headers["location"] == "/sign-in/code?next=/calls/7"
    assert cookie_of(answer) is None and "httponly" in answer.headers["set-cookie"].lower()
    assert door.get("/calls", headers=HTML).headers["location"].startswith("/sign-in")
    assert "Your code" in door.get(answer.headers["location"], headers=HTML).text
    answer = door.post("/auth/code", data={"code": code_of(secret), "next": "/calls/7"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls/7")
    actor = who_is(cookie_of(answer) or "")
    assert actor is not None and actor.id == dana.id


def test_a_ticket_is_no_sign_in_and_dies_with_its_use_and_after_ten_minutes(door: Door, dana: Actor) -> None:
    secret, _ = set_up(dana)
    with pytest.raises(CodeNeeded) as needed:
        sign_in("dana", PASSWORD)
    assert who_is(needed.value.ticket) is None
    door.client.cookies.set(ticket_cookie(), needed.value.ticket)
    assert door.post("/auth/code", data={"code": code_of(secret)}).status_code == 303
    door.client.cookies.set(ticket_cookie(), needed.value.ticket)
    assert door.post("/auth/code", data={"code": code_of(secret, 1)}).status_code == 410
    with pytest.raises(CodeNeeded) as needed:
        sign_in("dana", PASSWORD)
    door.client.cookies.set(ticket_cookie(), needed.value.ticket)
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert door.post("/auth/code", data={"code": code_of(secret)}).status_code == 410


def test_no_code_is_accepted_twice_nor_from_another_time(door: Door, dana: Actor) -> None:
    secret, _ = set_up(dana)
    used = code_of(secret)
    door.post("/auth/sign-in", data=GIVEN)
    assert door.post("/auth/code", data={"code": used}).status_code == 303
    door.post("/auth/sign-in", data=GIVEN)
    for wrong in (used, code_of(secret, -1), code_of(secret, 4), code_of(secret, -4), "", "12345x", "٠١٢٣٤٥"):
        assert door.post("/auth/code", data={"code": wrong}).status_code == 401, wrong
    assert door.post("/auth/code", data={"code": code_of(secret, 1)}).status_code == 303


def test_ten_wrong_codes_are_enough_for_a_quarter_of_an_hour_from_any_address(dana: Actor) -> None:
    secret, _ = set_up(dana)
    statuses = []
    for number in range(12):
        door = Door(address=f"203.0.113.{number}")
        door.post("/auth/sign-in", data=GIVEN)
        statuses.append(door.post("/auth/code", data={"code": "000000"}).status_code)
    assert statuses == [401] * 10 + [429] * 2
    assert door.post("/auth/code", data={"code": code_of(secret)}).status_code == 429


def test_a_recovery_code_works_once_in_any_spelling_and_only_its_hash_is_kept(
    door: Door, dana: Actor
) -> None:
    _, codes = set_up(dana)
    assert len(set(codes)) == 10 and all(
        re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", code) for code in codes
    )
    with current().reading() as session:
        assert not {row.code_hash for row in session.exec(select(RecoveryCode))} & {
            *codes,
            *(code.replace("-", "") for code in codes),
        }
    spelled = codes[3].upper().replace("-", " ")
    door.post("/auth/sign-in", data=GIVEN)
    assert door.post("/auth/code", data={"code": spelled}).status_code == 303
    door.post("/auth/sign-in", data=GIVEN)
    assert door.post("/auth/code", data={"code": spelled}).status_code == 401
    assert own_factor(dana).codes_left == 9


def test_one_sets_it_up_with_the_password_and_a_first_code(door: Door, dana: Actor) -> None:
    door.bring(cookie_of(door.post("/auth/sign-in", data=GIVEN)) or "")
    wrong = door.post("/second-factor", data={"step": "begin", "password": "not my password"})
    assert wrong.status_code == 422 and "not your password" in wrong.text
    page = door.post("/second-factor", data={"step": "begin", "password": PASSWORD})
    assert "data:image/svg+xml" in page.text
    secret = secret_in(page)
    again = step(door, "confirm", secret=secret, code="000000")
    assert again.status_code == 422 and f'value="{secret}"' in again.text and "data:image/svg" in again.text
    assert own_factor(dana).since is None
    done = step(door, "confirm", secret=secret, code=code_of(secret))
    assert len(codes_in(done)) == 10
    assert own_factor(dana).since is not None
    assert secret not in door.get("/second-factor").text
    off = step(door, "off", code=code_of(secret, 1))
    assert off.status_code == 303 and own_factor(dana).since is None
    with current().reading() as session:
        assert not session.exec(select(SecondFactor)).all() and not session.exec(select(RecoveryCode)).all()


def test_an_unlocked_screen_is_shown_no_secret_without_the_password(door: Door, dana: Actor) -> None:
    door.bring(sign_in("dana", PASSWORD))
    for begun in (False, True):
        if begun:
            door.post("/second-factor", data={"step": "begin", "password": PASSWORD})
        for guess in ({}, {"secret": ""}, {"secret": pyotp.random_base32()}, {"secret": "ü"}):
            refused = step(door, "confirm", code="000000", **guess)
            assert refused.status_code == 422
            assert "data:image/svg" not in refused.text and "<code>" not in refused.text


def test_a_stranger_is_shown_no_secret(door: Door, dana: Actor) -> None:
    assert door.get("/second-factor", headers=HTML).status_code == 303
    assert door.get("/second-factor").status_code == 401
    assert door.post("/second-factor", data={"step": "begin", "password": PASSWORD}).status_code == 401
    assert door.get("/sign-in/code").status_code == 410
    assert door.post("/auth/code", data={"code": "123456"}).status_code == 410


@pytest.mark.usefixtures("required_of_everybody")
def test_where_it_is_required_signing_in_sets_it_up_and_nothing_turns_it_off(door: Door, dana: Actor) -> None:
    page = door.get(door.post("/auth/sign-in", data=GIVEN).headers["location"], headers=HTML)
    secret = secret_in(page)
    assert door.post("/auth/code", data={"code": "000000"}).status_code == 401
    done = door.post("/auth/code", data={"code": code_of(secret)})
    assert len(codes_in(done)) == 10
    door.bring(cookie_of(done) or "")
    refused = step(door, "off", code=code_of(secret, 1))
    assert refused.status_code == 409 and own_factor(dana).since is not None


@pytest.mark.parametrize("where", ["signing in", "on the profile page"])
def test_a_sign_in_from_before_ends_when_the_setting_asks_for_more_and_stays_ended(
    dana: Actor, where: str, request: pytest.FixtureRequest
) -> None:
    token = sign_in("dana", PASSWORD)
    assert who_is(token) is not None
    if where == "signing in":
        request.getfixturevalue("required_of_everybody")
        assert who_is(token) is None and why_ended(token) == "second-factor"
    own = sign_in_and_set_up(where)
    assert who_is(token) is None and why_ended(token) == "ended"
    assert who_is(own) is not None


def sign_in_and_set_up(where: str) -> str:
    """The token of a sign-in that was made with a code, or that turned it on."""
    door = Door(address="192.0.2.7")
    answer = door.post("/auth/sign-in", data=GIVEN)
    if where == "signing in":
        secret = secret_in(door.get(answer.headers["location"], headers=HTML))
        return cookie_of(door.post("/auth/code", data={"code": code_of(secret)})) or ""
    token = cookie_of(answer) or ""
    door.bring(token)
    secret = secret_in(door.post("/second-factor", data={"step": "begin", "password": PASSWORD}))
    assert codes_in(step(door, "confirm", code=code_of(secret)))
    return token


def test_a_sign_in_without_a_code_is_worth_nothing_once_it_is_on(dana: Actor) -> None:
    set_up(dana)
    with housekeeping() as session:
        token = open_session(session, session.get_one(User, dana.id), "")
    assert who_is(token) is None


def test_an_admin_resets_a_lost_phone_and_signs_its_owner_out(admin: Actor, dana: Actor) -> None:
    _, codes = set_up(dana)
    with pytest.raises(Forbidden):
        second_factor.reset_second_factor(dana, admin.id)
    second_factor.reset_second_factor(admin, dana.id)
    assert who_is(sign_in("dana", PASSWORD)) is not None
    with pytest.raises(Refused):
        second_factor.reset_second_factor(admin, dana.id)
    with pytest.raises(Refused):
        second_factor.reset_second_factor(admin, admin.id)
    with pytest.raises(Invalid):
        second_factor.turn_off_second_factor(dana, codes[0])


@pytest.mark.parametrize("end", ["set password", "reset", "deactivate", "sign out everywhere"])
def test_who_waits_between_password_and_code_is_ended_with_the_sign_ins(
    door: Door, admin: Actor, dana: Actor, end: str
) -> None:
    secret, _ = set_up(dana)
    door.post("/auth/sign-in", data=GIVEN)
    if end == "set password":
        set_password(admin, dana.id, {"password": "another fine password"})
    elif end == "reset":
        second_factor.reset_second_factor(admin, dana.id)
    elif end == "deactivate":
        deactivate_user(admin, dana.id)
        reactivate_user(admin, dana.id)
    else:
        revoke_sessions_of(admin, dana.id)
    assert door.get("/sign-in/code").status_code == 410
    assert door.post("/auth/code", data={"code": code_of(secret)}).status_code == 410


def test_one_s_own_new_password_ends_who_waits_with_the_old_one(door: Door, dana: Actor) -> None:
    secret, _ = set_up(dana)
    door.post("/auth/sign-in", data=GIVEN)
    change_own_password(dana, {"current": PASSWORD, "new": "another fine password"})
    assert door.post("/auth/code", data={"code": code_of(secret)}).status_code == 410


def test_new_recovery_codes_void_the_old(dana: Actor) -> None:
    secret, old = set_up(dana)
    new = second_factor.renew_recovery_codes(dana, code_of(secret))
    assert not set(new) & set(old)
    with pytest.raises(Invalid):
        second_factor.renew_recovery_codes(dana, old[0])
    assert second_factor.renew_recovery_codes(dana, new[0])


def test_a_known_password_fills_no_table(dana: Actor) -> None:
    set_up(dana)
    for _ in range(12):
        with pytest.raises(CodeNeeded):
            sign_in("dana", PASSWORD)
    with current().reading() as session:
        assert len(session.exec(select(PendingSignIn)).all()) == 5
