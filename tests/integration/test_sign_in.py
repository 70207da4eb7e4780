"""The front door over plain HTTP: signing in and out, the first admin, and who is let in where."""

from __future__ import annotations

import re

import pytest
import time_machine

from service_desk.actions.sessions import WRONG, sign_in
from service_desk.actions.users import create_user, deactivate_user
from service_desk.actions.users_first import create_setup_link
from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.queries.sessions import who_is
from service_desk.queries.users import list_users
from service_desk.store.database import Database
from service_desk.web import setup
from tests.door import HTML, ORIGIN, PASSWORD, Door, cookie_of
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> int:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return create_user(admin, form)


@pytest.fixture
def door(database: Database) -> Door:
    return Door()


def test_the_right_password_gives_a_cookie_and_leads_to_the_calls(door: Door, dana: int) -> None:
    answer = door.post("/auth/sign-in", data={"username": "Dana", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags and "samesite=lax" in flags and "path=/" in flags and "secure" not in flags
    actor = who_is(cookie_of(answer) or "")
    assert actor is not None and actor.id == dana


def test_the_cookie_is_only_for_https_where_people_come_over_https(dana: int) -> None:
    door = Door(scheme="https")
    answer = door.post("/auth/sign-in", data={"username": "dana", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_a_wrong_password_says_so_and_keeps_the_username(door: Door, dana: int) -> None:
    answer = door.post("/auth/sign-in", data={"username": 'da"<na', "password": "wrong", "next": "/calls/7"})
    assert answer.status_code == 401
    assert WRONG.replace("'", "&#39;") in answer.text
    assert 'value="da&#34;&lt;na"' in answer.text and 'value="/calls/7"' in answer.text
    assert "wrong" not in answer.text and "set-cookie" not in answer.headers


def test_a_token_from_before_is_never_kept(door: Door, dana: int) -> None:
    planted = sign_in("dana", PASSWORD)
    door.bring(planted)
    answer = door.post("/auth/sign-in", data={"username": "dana", "password": PASSWORD})
    assert cookie_of(answer) not in (None, planted)
    assert who_is(planted) is None


@pytest.mark.parametrize(
    ("target", "led_to"),
    [
        ("/calls?tab=mine&q=a%20b", "/calls?tab=mine&q=a%20b"),
        ("/sign-in-help", "/sign-in-help"),
        ("//evil.example", "/calls"),
        ("/\\evil.example", "/calls"),
        ("https://evil.example/", "/calls"),
        ("javascript:alert(1)", "/calls"),
        ("/\t/evil.example", "/calls"),
        ("/calls\r\nSet-Cookie: a=b", "/calls"),
        ("/sign-in?next=/sign-in", "/calls"),
        ("", "/calls"),
        ("/" + "x" * 5_000, "/calls"),
    ],
)
def test_signing_in_never_leads_elsewhere(door: Door, dana: int, target: str, led_to: str) -> None:
    answer = door.post("/auth/sign-in", data={"username": "dana", "password": PASSWORD, "next": target})
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)


def test_a_guesser_is_slowed_down_and_the_owner_is_not_kept_out(door: Door, dana: int) -> None:
    wrong = {"username": "dana", "password": "guess"}
    assert [door.post("/auth/sign-in", data=wrong).status_code for _ in range(10)] == [401] * 10
    slowed = door.post("/auth/sign-in", data={"username": "DANA", "password": PASSWORD})
    assert slowed.status_code == 429
    assert 800 < int(slowed.headers["retry-after"]) <= 901
    assert "Too many tries. Wait 15 minutes" in slowed.text
    owner = Door(address="192.0.2.7")
    assert owner.post("/auth/sign-in", data={"username": "dana", "password": PASSWORD}).status_code == 303


def test_one_address_may_not_try_all_names(door: Door, dana: int) -> None:
    tries = ({"username": f"name{number}", "password": "guess"} for number in range(61))
    assert [door.post("/auth/sign-in", data=each).status_code for each in tries] == [401] * 60 + [429]


def test_signing_in_rightly_is_no_guess(door: Door, dana: int) -> None:
    right = {"username": "dana", "password": PASSWORD}
    assert set(door.post_at_once("/auth/sign-in", 62, data=right)) == {303}


def test_guessing_at_once_is_guessing_all_the_same(door: Door, dana: int) -> None:
    codes = door.post_at_once("/auth/sign-in", 30, data={"username": "dana", "password": "guess"})
    assert sorted(codes) == [401] * 10 + [429] * 20


def test_after_a_quarter_of_an_hour_guessing_may_go_on(door: Door, dana: int) -> None:
    wrong = {"username": "dana", "password": "guess"}
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        codes = [door.post("/auth/sign-in", data=wrong).status_code for _ in range(11)]
        clock.shift(15 * 60 + 1)
        codes.append(door.post("/auth/sign-in", data=wrong).status_code)
    assert codes == [401] * 10 + [429, 401]


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, {"content": b"", "headers": {"content-type": "application/x-www-form-urlencoded"}}),
        (400, {"json": {"username": "dana", "password": PASSWORD}}),
        (400, {"content": b"\xff\xfe", "headers": {"content-type": "application/x-www-form-urlencoded"}}),
        (400, {"data": {"username": "dana"}}),
        (400, {"data": {f"field{number}": "x" for number in range(100)}}),
        (400, {"files": {"username": b"dana"}}),
        (413, {"data": {"username": "x" * 20_000, "password": PASSWORD}}),
        (401, {"data": {"username": "dana\0", "password": "\0" * 100}}),
        (401, {"data": {"username": "x" * 5_000, "password": "y" * 5_000}}),
    ],
)
def test_whatever_is_sent_gets_a_sentence(
    door: Door, dana: int, status: int, sent: dict[str, object]
) -> None:
    answer = door.post("/auth/sign-in", **sent)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


def test_signing_out_ends_the_sign_in_and_takes_the_cookie(door: Door, dana: int) -> None:
    token = sign_in("dana", PASSWORD)
    door.bring(token)
    answer = door.post("/auth/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?reason=signed-out")
    assert cookie_of(answer) == "" and "Max-Age=0" in answer.headers["set-cookie"]
    assert who_is(token) is None
    assert "You have signed out." in door.get(answer.headers["location"]).text
    assert Door().post("/auth/sign-out").status_code == 303


def test_pages_are_for_those_who_have_signed_in(door: Door, dana: int) -> None:
    answer = door.get("/calls/7?tab=mine", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/calls/7%3Ftab%3Dmine")
    assert 'value="/calls/7?tab=mine"' in door.get(answer.headers["location"], headers=HTML).text
    door.bring(sign_in("dana", PASSWORD))
    assert door.get("/calls/7", headers=HTML).text == "the page"
    assert door.get("/sign-in", headers=HTML).headers["location"] == "/calls"
    assert door.get("/").headers["location"] == "/calls"


def test_files_and_the_socket_need_no_sign_in(door: Door) -> None:
    for path in ("/desk.css", "/assets/app-1a2b.js", "/_event/"):
        assert door.get(path, headers=HTML).text == "the page"
    assert door.get("/calls", headers={"accept": "application/json"}).text == "the page"


def test_who_was_deactivated_is_told_why_they_are_out(door: Door, admin: Actor, dana: int) -> None:
    door.bring(sign_in("dana", PASSWORD))
    deactivate_user(admin, dana)
    answer = door.get("/calls", headers=HTML)
    assert answer.headers["location"] == "/sign-in?next=/calls&reason=deactivated"
    assert cookie_of(answer) == ""
    assert "deactivated" in door.get(answer.headers["location"], headers=HTML).text


def test_an_unknown_reason_is_not_repeated(door: Door) -> None:
    assert "attack" not in door.get("/sign-in?reason=attack", headers=HTML).text


def test_the_first_admin_comes_through_the_one_time_link(door: Door) -> None:
    assert "one-time link" in door.get("/sign-in").text
    link = setup.first_run_link(f"{ORIGIN}/")
    assert link is not None and link.startswith(f"{ORIGIN}/setup?token=")
    path, token = link.removeprefix(ORIGIN), link.partition("=")[2]
    assert "Full name" in door.get(path).text
    form = {"token": token, "full_name": "Ada A.", "username": "ada", "password": PASSWORD}
    wrong = door.post("/setup", data=form | {"repeated": "x" * 10})
    assert wrong.status_code == 422
    assert "not the same password" in wrong.text and 'value="Ada A."' in wrong.text
    assert re.findall(r'id="([a-z_]+)"[^>]* autofocus', wrong.text) == ["repeated"]
    right = door.post("/setup", data=form | {"repeated": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, "/calls")
    actor = who_is(cookie_of(right) or "")
    assert actor is not None and (actor.name, actor.role) == ("Ada A.", Role.ADMIN)
    again = door.post("/setup", data=form | {"repeated": PASSWORD, "username": "eve"})
    assert (again.status_code, door.get(path).status_code) == (410, 410)
    assert len(list_users(actor).order) == 1
    assert setup.first_run_link(ORIGIN) is None
    assert "one-time link" not in Door().get("/sign-in").text


def test_the_link_dies_after_a_day_and_with_a_newer_one(door: Door) -> None:
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        first = create_setup_link()
        second = create_setup_link()
        assert door.get(f"/setup?token={first}").status_code == 410
        clock.shift(24 * 3600 - 1)
        assert door.get(f"/setup?token={second}").status_code == 200
        clock.shift(2)
        assert door.get(f"/setup?token={second}").status_code == 410


def test_the_link_dies_when_somebody_was_let_in_at_the_console(door: Door) -> None:
    link = create_setup_link()
    make_user(Role.ADMIN)
    form = {"full_name": "Eve", "username": "eve", "password": PASSWORD, "repeated": PASSWORD, "token": link}
    assert door.post("/setup", data=form).status_code == 410
