"""The door book: what is noted, how often it is written, and how little a flood leaves behind."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event
from sqlmodel import col, select

from service_desk.actions import doors
from service_desk.actions.doors import AT_ONCE, ROWS, ROWS_PER_ADDRESS, note, write
from service_desk.actions.sessions import revoke_session, revoke_sessions_of, sign_in
from service_desk.actions.users import change_own_password, create_user, deactivate_user, set_password
from service_desk.actions.users_first import create_setup_link
from service_desk.domain.access import Actor
from service_desk.domain.errors import Busy, Forbidden, NotFound, Refused
from service_desk.domain.security import GROUPS, Door, SecurityEvent
from service_desk.domain.users import Role
from service_desk.queries.security import DoorsQuestion, list_all_sessions, list_doors
from service_desk.queries.sessions import who_are, who_is
from service_desk.store.database import Database, current
from tests import door as doorway
from tests.door import ORIGIN, PASSWORD
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> int:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return create_user(admin, form)


def lines() -> list[SecurityEvent]:
    write()
    with current().reading() as session:
        return list(session.exec(select(SecurityEvent).order_by(col(SecurityEvent.id))))


def told() -> list[tuple[str, int | None, str, str]]:
    return [(line.kind, line.user_id, line.address, line.detail) for line in lines()]


def who(token: str) -> Actor:
    actor = who_is(token)
    assert actor is not None
    return actor


def test_signing_in_and_out_and_failing_to_is_noted(dana: int) -> None:
    door = doorway.Door()
    door.post("/auth/sign-in", data={"username": "dana", "password": "hunter2-hunter2"})
    door.post("/auth/sign-in", data={"username": "my-secret-password", "password": "dana"})
    answer = door.post("/auth/sign-in", data={"username": "dana", "password": PASSWORD})
    door.bring(doorway.cookie_of(answer) or "")
    door.post("/auth/sign-out")
    place = "203.0.113.5"
    assert told() == [
        (Door.WRONG_PASSWORD, dana, place, ""),
        (Door.UNKNOWN_USER, None, place, ""),
        (Door.SIGNED_IN, dana, place, ""),
        (Door.SIGNED_OUT, dana, place, ""),
    ]
    assert "secret" not in str(lines()) and "hunter" not in str(lines())


def test_who_guesses_too_often_is_noted_with_whose_account(dana: int) -> None:
    door = doorway.Door()
    for _ in range(14):
        door.post("/auth/sign-in", data={"username": "Dana", "password": "guess"})
    assert told()[1] == (Door.TOO_MANY_TRIES, dana, "203.0.113.5", "")
    assert [line.times for line in lines()] == [10, 4]


def test_a_household_of_addresses_is_one_place(dana: int) -> None:
    for host in ("2001:db8:1:2::7", "2001:db8:1:2:3::8"):
        doorway.Door(address=host).post("/auth/sign-in", data={"username": "dana", "password": "guess"})
    assert told() == [(Door.WRONG_PASSWORD, dana, "2001:db8:1:2::/64", "")]


def test_what_is_done_about_passwords_and_sign_ins_is_noted_with_who_did_it(admin: Actor, dana: int) -> None:
    sign_in("dana", PASSWORD)
    set_password(admin, dana, {"password": PASSWORD + "!"})
    me = who(sign_in("dana", PASSWORD + "!"))
    change_own_password(me, {"current": PASSWORD + "!", "new": PASSWORD})
    deactivate_user(admin, dana)
    assert told()[1:] == [
        (Door.PASSWORD_SET, dana, "", "by Ada A."),
        (Door.SIGN_IN_ENDED, dana, "", "by Ada A., who set a new password"),
        (Door.PASSWORD_CHANGED, dana, "", ""),
        (Door.SIGN_IN_ENDED, dana, "", "by Ada A., who deactivated them"),
    ]


def test_the_first_admins_link_is_noted() -> None:
    form = {"full_name": "Ada A.", "username": "ada", "password": PASSWORD, "repeated": PASSWORD}
    doorway.Door().post("/setup", data=form | {"token": create_setup_link()})
    assert [line.kind for line in lines()] == [Door.SETUP_LINK_USED]


def test_what_comes_from_another_site_is_noted(dana: int) -> None:
    doorway.Door().post("/auth/sign-in", data={}, headers={"origin": "https://evil.example"})
    assert told() == [
        (Door.FOREIGN_ORIGIN, None, "203.0.113.5", "POST /auth/sign-in from https://evil.example")
    ]
    assert doorway.Door().post("/anything", headers={"origin": ORIGIN}).text == "the page"


def test_what_repeats_itself_within_ten_minutes_is_counted_in_one_row(dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(4):
            note(Door.WRONG_PASSWORD, dana, "192.0.2.1")
            write()
            clock.shift(timedelta(minutes=3))
        assert [(line.times, line.last_at - line.at) for line in lines()] == [(4, timedelta(minutes=9))]
        note(Door.WRONG_PASSWORD, dana, "192.0.2.1")
        note(Door.WRONG_PASSWORD, dana, "192.0.2.2")
        assert [line.times for line in lines()] == [4, 1, 1]


def test_fifty_thousand_denials_are_one_row_and_one_transaction(dana: int, database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", lambda connection: commits.append(connection))
    # Of this thread's own work: how much else the machine does is not the door book's.
    started = time.thread_time()
    for _ in range(50_000):
        note(Door.STEP_DENIED, dana, "192.0.2.1", "users_page.look")
    took = time.thread_time() - started
    write()
    assert len(commits) == 1
    assert [line.times for line in lines()] == [50_000]
    assert took < 2


def test_one_address_can_write_only_so_many_rows_an_hour_whatever_it_varies(dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for number in range(20_000):
            note(Door.FOREIGN_ORIGIN, None, "192.0.2.1", f"/{number}")
        while write():
            pass
        rows = lines()
        assert len(rows) == ROWS_PER_ADDRESS + 1
        assert (rows[-1].detail, rows[-1].times) == ("many more", 20_000 - ROWS_PER_ADDRESS)
        note(Door.WRONG_PASSWORD, dana, "192.0.2.2")
        assert len(lines()) == len(rows) + 1, "others are noted as before"
        clock.shift(timedelta(hours=1))
        note(Door.FOREIGN_ORIGIN, None, "192.0.2.1", "/another")
        assert lines()[-1].detail == "/another"


def test_made_up_pages_take_no_room_from_the_sign_ins(dana: int) -> None:
    for number in range(ROWS_PER_ADDRESS + 50):
        note(Door.PAGE_DENIED, dana, "192.0.2.1", f"/made-up/{number}")
    note(Door.WRONG_PASSWORD, dana, "192.0.2.1", "the second factor's form")
    assert told()[-2:] == [
        (Door.PAGE_DENIED, dana, "192.0.2.1", "many more"),
        (Door.WRONG_PASSWORD, dana, "192.0.2.1", "the second factor's form"),
    ]


def test_what_is_denied_to_one_takes_no_room_from_a_colleague_behind_the_same_address(
    admin: Actor, dana: int
) -> None:
    for number in range(ROWS_PER_ADDRESS + 50):
        note(Door.PAGE_DENIED, dana, "192.0.2.1", f"/plain/calls/{number}")
    note(Door.PAGE_DENIED, admin.id, "192.0.2.1", "/plain/calls/7")
    assert told()[-1] == (Door.PAGE_DENIED, admin.id, "192.0.2.1", "/plain/calls/7")


def test_many_addresses_can_write_only_so_many_rows_together() -> None:
    for number in range(ROWS + 500):
        note(Door.UNKNOWN_USER, None, f"10.0.{number // 250}.{number % 250}")
    while write():
        pass
    rows = lines()
    assert len(rows) == ROWS + 1
    assert (rows[-1].address, rows[-1].times) == ("", 500)


def test_at_the_end_everything_is_written() -> None:
    for number in range(2 * AT_ONCE + 7):
        note(Door.UNKNOWN_USER, None, f"10.0.{number // 250}.{number % 250}")
    doors.write_all()
    assert not write()
    assert len(lines()) == 2 * AT_ONCE + 7


def test_what_the_store_cannot_take_waits(dana: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise Busy("The desk is busy.")

    note(Door.SIGNED_IN, dana)
    with monkeypatch.context() as patch:
        patch.setattr(doors, "housekeeping", busy)
        assert not write()
        note(Door.SIGNED_IN, dana)
    assert [line.times for line in lines()] == [2]


def test_a_line_that_cannot_be_kept_does_not_stop_the_others(dana: int) -> None:
    note(Door.SIGNED_IN, 999_999)
    assert not write()
    note(Door.SIGNED_IN, dana)
    assert [line.user_id for line in lines()] == [dana]


def test_every_kind_stands_in_one_group() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(Door)
    assert all(len(kind) <= 30 for kind in Door)


def test_an_admin_ends_the_sign_ins_of_others_and_not_the_own_one(admin: Actor, dana: int) -> None:
    tokens = [sign_in("dana", PASSWORD) for _ in range(3)]
    me = Actor(admin.id, admin.role, admin.name, session_id=who(tokens[2]).session_id)
    revoke_session(me, who(tokens[0]).session_id or 0)
    assert who_are(tokens).keys() == set(tokens[1:])
    with pytest.raises(NotFound):
        revoke_session(me, 999_999)
    with pytest.raises(Refused, match="Sign out in your menu"):
        revoke_session(me, me.session_id or 0)
    assert revoke_sessions_of(me, dana) == 1
    assert who_are(tokens).keys() == {tokens[2]}
    assert [line.detail for line in lines() if line.kind == Door.SIGN_IN_ENDED] == ["by Ada A."]


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.FRONT_DESK, Role.ENGINEER])
def test_only_admins_look_after_the_doors(role: Role, admin: Actor) -> None:
    other = make_user(role)
    for forbidden in (
        lambda: revoke_session(other, 1),
        lambda: revoke_sessions_of(other, admin.id),
        lambda: list_doors(other, DoorsQuestion()),
        lambda: list_all_sessions(other, 1),
    ):
        with pytest.raises(Forbidden, match="You may not see who is signed in"):
            forbidden()


def test_the_book_is_read_by_group_person_and_day(admin: Actor, dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        note(Door.WRONG_PASSWORD, dana, "192.0.2.1")
        clock.shift(timedelta(days=1))
        note(Door.STEP_DENIED, dana, "192.0.2.1", "new_user.save")
        note(Door.UNKNOWN_USER, None, "192.0.2.9")
        write()
    for params, found in (
        ({}, ["Unknown username", "Step denied", "Wrong password"]),
        ({"group": "failed"}, ["Unknown username", "Wrong password"]),
        ({"group": "denied"}, ["Step denied"]),
        ({"person": str(dana)}, ["Step denied", "Wrong password"]),
        ({"day": "2026-03-02"}, ["Wrong password"]),
        ({"day": "2026-03-02", "group": "denied"}, []),
        ({"group": "'; --", "day": "tomorrow", "person": "-1", "page": "x"}, 3),
    ):
        answer = list_doors(admin, DoorsQuestion.from_params(params))
        assert found in ([row["what"] for row in answer.rows.values()], len(answer.order)), params
        assert answer.extra["total"] == len(answer.order)


def test_everybodys_open_sign_ins_are_listed_by_name(admin: Actor, dana: int) -> None:
    here = who(sign_in("dana", PASSWORD, "Firefox/140.0 Windows", "192.0.2.1"))
    sign_in("dana", PASSWORD)
    viewer = Actor(here.id, Role.ADMIN, here.name, here.session_id)
    found = list_all_sessions(viewer, 1)
    rows = list(found.rows.values())
    assert [(row["name"], row["places"], row["leads"]) for row in rows] == [
        ("Dana O.", 2, True),
        ("Dana O.", 2, False),
    ]
    mine = found.rows[here.session_id or 0]
    assert (mine["current"], mine["browser"], mine["address"]) == (True, "Firefox on Windows", "192.0.2.1")
    assert found.extra == {"total": 2, "page": 1, "pages": 1, "first": 1, "last": 2}
    assert list_all_sessions(admin, 7).extra["page"] == 1
