"""A double click at the second step: the browser shows the second answer alone, so it must be the first one's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import time_machine

from service_desk.actions.sessions import revoke_sessions_of
from service_desk.actions.users import create_user
from service_desk.domain.access import Actor
from service_desk.domain.second_factor import RecoveryCode
from service_desk.domain.times import now
from service_desk.domain.users import Role, UserSession
from service_desk.queries.second_factor import own_factor
from service_desk.queries.sessions import who_is
from service_desk.store.database import Database
from service_desk.web import second_factor as factor_page
from service_desk.web.cookies import ticket_cookie
from service_desk.web.sent_twice import Answers
from tests.door import HTML, PASSWORD, Door, cookie_of
from tests.factories import make_user
from tests.raw_socket import fresh_key
from tests.readings import all_rows

from .second_steps import code_of, codes_in, secret_in, set_up

pytestmark = pytest.mark.usefixtures("database")

GIVEN = {"username": "dana", "password": PASSWORD}
Send = Callable[[Door, str, dict[str, str]], list[httpx.Response]]


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> Actor:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return Actor(create_user(admin, form), Role.DISPATCHER, "Dana O.")


@pytest.fixture(params=["one after the other", "at once"])
def send_twice(request: pytest.FixtureRequest) -> Send:
    def after_the_other(door: Door, path: str, form: dict[str, str]) -> list[httpx.Response]:
        cookies = {cookie.name: cookie.value or "" for cookie in door.client.cookies.jar}
        answers = []
        for _ in range(2):
            # Both were sent before the first answer came.
            door.client.cookies = httpx.Cookies(cookies)
            answers.append(door.post(path, data=form))
        return answers

    def at_once(door: Door, path: str, form: dict[str, str]) -> list[httpx.Response]:
        return door.answers_at_once(path, 2, data=form)

    return at_once if request.param == "at once" else after_the_other


def at_the_code() -> tuple[Door, str]:
    """A browser whose password was right, and its ticket."""
    door = Door()
    door.post("/auth/sign-in", data=GIVEN)
    return door, str(door.client.cookies[ticket_cookie()])


def signed_in() -> Door:
    door = Door()
    door.bring(cookie_of(door.post("/auth/sign-in", data=GIVEN)) or "")
    return door


def signed_in_with(code: str) -> Door:
    door, _ = at_the_code()
    door.bring(cookie_of(door.post("/auth/code", data={"code": code})) or "")
    return door


def open_sign_ins() -> list[UserSession]:
    return [row for row in all_rows(UserSession) if row.revoked_at is None]


def begun() -> tuple[Door, dict[str, str]]:
    """A browser that was shown a key, and the form that confirms it."""
    door = signed_in()
    secret = secret_in(door.post("/second-factor", data={"step": "begin", "password": PASSWORD}))
    form = {"step": "confirm", "secret": secret, "code": code_of(secret), "key": fresh_key()}
    return door, form


def test_a_code_sent_twice_is_one_sign_in(dana: Actor, send_twice: Send) -> None:
    secret, _ = set_up(dana)
    door, _ = at_the_code()
    form = {"code": code_of(secret), "key": fresh_key(), "next": "/calls/7"}
    answers = send_twice(door, "/auth/code", form)
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/calls/7")] * 2
    first, second = (cookie_of(each) for each in answers)
    assert first and first == second and who_is(first) is not None
    assert len(open_sign_ins()) == 1


def test_a_code_sent_again_with_the_new_sign_in_is_the_same_one(dana: Actor) -> None:
    secret, _ = set_up(dana)
    door, _ = at_the_code()
    form = {"code": code_of(secret), "key": fresh_key()}
    token = cookie_of(door.post("/auth/code", data=form))
    assert door.client.cookies.get(ticket_cookie()) is None
    again = door.post("/auth/code", data=form)
    assert (again.status_code, cookie_of(again)) == (303, token)
    assert len(open_sign_ins()) == 1 and who_is(token or "") is not None


def test_only_the_same_form_of_the_same_browser_is_answered_again(dana: Actor) -> None:
    secret, _ = set_up(dana)
    door, ticket = at_the_code()
    form = {"code": code_of(secret), "key": fresh_key()}
    token = cookie_of(door.post("/auth/code", data=form))
    assert Door().post("/auth/code", data=form).status_code == 410
    for other in ({"code": code_of(secret, 1)}, {"key": fresh_key()}, {"key": ""}):
        browser = Door()
        browser.client.cookies.set(ticket_cookie(), ticket)
        answer = browser.post("/auth/code", data=form | other)
        assert answer.status_code == 410 and cookie_of(answer) is None
    assert who_is(token or "") is not None


def test_an_ended_sign_in_is_not_given_again(dana: Actor, admin: Actor) -> None:
    secret, _ = set_up(dana)
    door, ticket = at_the_code()
    form = {"code": code_of(secret), "key": fresh_key()}
    door.post("/auth/code", data=form)
    revoke_sessions_of(admin, dana.id)
    door.client.cookies.set(ticket_cookie(), ticket)
    answer = door.post("/auth/code", data=form)
    assert (answer.status_code, cookie_of(answer)) == (410, None)


def test_a_minute_later_a_code_sent_again_opens_nothing_and_says_what_to_do(dana: Actor) -> None:
    secret, _ = set_up(dana)
    door, ticket = at_the_code()
    form = {"code": code_of(secret), "key": fresh_key()}
    door.post("/auth/code", data=form)
    with time_machine.travel(now() + timedelta(seconds=61)):
        again = door.post("/auth/code", data=form)
        assert again.status_code == 410 and "You are signed in" in again.text
        stranger = Door()
        stranger.client.cookies.set(ticket_cookie(), ticket)
        late = stranger.post("/auth/code", data=form)
        assert late.status_code == 410 and "Sign in again" in late.text
    assert len(open_sign_ins()) == 1


@pytest.mark.usefixtures("required_of_everybody")
def test_setting_it_up_while_signing_in_twice_shows_the_same_recovery_codes(
    dana: Actor, send_twice: Send
) -> None:
    door, _ = at_the_code()
    secret = secret_in(door.get("/sign-in/code", headers=HTML))
    first, second = send_twice(door, "/auth/code", {"code": code_of(secret), "key": fresh_key()})
    assert len(codes_in(first)) == 10 and codes_in(second) == codes_in(first)
    assert cookie_of(second) == cookie_of(first) and len(open_sign_ins()) == 1
    assert signed_in_with(codes_in(second)[0]).get("/second-factor").status_code == 200


def test_turning_it_on_twice_shows_the_same_recovery_codes(dana: Actor, send_twice: Send) -> None:
    door, form = begun()
    first, second = send_twice(door, "/second-factor", form)
    assert len(codes_in(first)) == 10 and codes_in(second) == codes_in(first)
    assert signed_in_with(codes_in(second)[0]).get("/second-factor").status_code == 200


def test_renewing_recovery_codes_twice_shows_the_same_ones(dana: Actor, send_twice: Send) -> None:
    secret, old = set_up(dana)
    door = signed_in_with(old[0])
    form = {"step": "renew", "code": code_of(secret), "key": fresh_key()}
    first, second = send_twice(door, "/second-factor", form)
    assert len(codes_in(first)) == 10 and codes_in(second) == codes_in(first) != old
    assert signed_in_with(codes_in(second)[0]).get("/second-factor").status_code == 200


def test_turning_it_off_twice_is_turning_it_off(dana: Actor, send_twice: Send) -> None:
    secret, old = set_up(dana)
    form = {"step": "off", "code": code_of(secret), "key": fresh_key()}
    answers = send_twice(signed_in_with(old[0]), "/second-factor", form)
    assert [each.status_code for each in answers] == [303, 303]
    assert own_factor(dana).since is None


@pytest.mark.parametrize("step", ["confirm", "renew"])
@pytest.mark.parametrize("past", ["a minute later", "after a restart"])
def test_what_can_be_shown_no_more_was_done_all_the_same(
    dana: Actor, step: str, past: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, form = begun()
    door.post("/second-factor", data=form)
    if step == "renew":
        form = {"step": "renew", "code": code_of(form["secret"], 1), "key": fresh_key()}
        assert codes_in(door.post("/second-factor", data=form))
    stored = [row.code_hash for row in all_rows(RecoveryCode)]
    if past == "after a restart":
        monkeypatch.setattr(factor_page, "shown", Answers[list[str]]())
    with time_machine.travel(now() + timedelta(seconds=61 if past == "a minute later" else 0)):
        again = door.post("/second-factor", data=form)
    assert again.status_code == 409 and not codes_in(again)
    assert "This was done already" in again.text and 'value="renew"' in again.text
    assert [row.code_hash for row in all_rows(RecoveryCode)] == stored


def test_the_same_form_with_another_code_shows_nothing(dana: Actor) -> None:
    door, form = begun()
    door.post("/second-factor", data=form)
    other = door.post("/second-factor", data=form | {"code": code_of(form["secret"], 1)})
    assert other.status_code == 409 and not codes_in(other)


@pytest.mark.parametrize("again", ["the same", "another code", "a minute later"])
def test_a_form_sent_again_forgives_no_guesses(dana: Actor, again: str) -> None:
    secret, old = set_up(dana)
    door = signed_in_with(old[0])
    form = {"step": "renew", "code": code_of(secret), "key": fresh_key()}
    assert codes_in(door.post("/second-factor", data=form))
    guess = {"step": "off", "code": "000000"}
    statuses = [door.post("/second-factor", data=guess | {"key": fresh_key()}).status_code for _ in range(9)]
    with time_machine.travel(now() + timedelta(seconds=61 if again == "a minute later" else 0)):
        door.post("/second-factor", data=form | ({"code": "000001"} if again == "another code" else {}))
    statuses += [door.post("/second-factor", data=guess | {"key": fresh_key()}).status_code for _ in range(2)]
    assert statuses == [422] * 10 + [429]


def test_the_codes_of_one_are_not_shown_to_another_with_the_same_key(admin: Actor, dana: Actor) -> None:
    door, form = begun()
    door.post("/second-factor", data=form)
    create_user(admin, {"username": "eve", "full_name": "Eve", "role": "engineer", "password": PASSWORD})
    eve = Door()
    eve.bring(cookie_of(eve.post("/auth/sign-in", data=GIVEN | {"username": "eve"})) or "")
    assert not codes_in(eve.post("/second-factor", data=form))


def test_without_a_key_nothing_is_done_and_no_try_is_counted(dana: Actor) -> None:
    door, form = begun()
    for key in ("", "short", "x" * 99) * 4:
        answer = door.post("/second-factor", data=form | {"key": key})
        assert answer.status_code == 409 and "out of date" in answer.text
    assert own_factor(dana).since is None
    assert codes_in(door.post("/second-factor", data=form))


def test_every_form_has_a_key_of_its_own(dana: Actor) -> None:
    keys = []
    door = signed_in()
    for _ in range(2):
        page = door.post("/second-factor", data={"step": "begin", "password": PASSWORD})
        keys += re.findall(r'name="key" value="([A-Za-z0-9_-]{22})"', page.text)
    secret, _ = set_up(dana)
    door, _ = at_the_code()
    for _ in range(2):
        keys += re.findall(r'name="key" value="([A-Za-z0-9_-]{22})"', door.get("/sign-in/code").text)
    door.bring(cookie_of(door.post("/auth/code", data={"code": code_of(secret)})) or "")
    keys += re.findall(r'name="key" value="([A-Za-z0-9_-]{22})"', door.get("/second-factor").text)
    assert len(keys) == len(set(keys)) == 5


def test_answers_are_kept_for_a_minute_and_few_of_them() -> None:
    answers = Answers[int](seconds=60, most=3)
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        for number in range(5):
            answers.keep(f"form {number}", number)
        assert [answers.find(f"form {number}") for number in range(5)] == [None, None, 2, 3, 4]
        clock.shift(60)
        assert [answers.find(f"form {number}") for number in range(5)] == [None] * 5
        assert len(answers) == 0
