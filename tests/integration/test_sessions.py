"""Sign-ins: who somebody is, until when, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import col, select

from service_desk.actions.sessions import (
    WRONG,
    on_sessions_ended,
    revoke_other_sessions,
    sign_in,
    sign_out,
    touch_session,
)
from service_desk.actions.users import create_user, deactivate_user, edit_user
from service_desk.domain.access import Actor
from service_desk.domain.errors import Invalid
from service_desk.domain.users import Role, User, UserSession
from service_desk.queries.sessions import browser_words, who_are, who_is, why_ended
from service_desk.queries.users import list_sessions
from service_desk.store.database import Database, current
from tests.factories import make_user
from tests.readings import last_seq, stored

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME_ON_ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def dana(admin: Actor) -> int:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return create_user(admin, form)


def who(token: str) -> Actor:
    actor = who_is(token)
    assert actor is not None
    return actor


def rows() -> list[UserSession]:
    with current().reading() as session:
        return list(session.exec(select(UserSession).order_by(col(UserSession.id))))


def test_a_token_says_who_somebody_is_and_is_not_stored(dana: int) -> None:
    token = sign_in("dana", PASSWORD, FIREFOX)
    actor = who(token)
    assert actor == Actor(dana, Role.DISPATCHER, "Dana O.", rows()[0].id)
    assert token not in str([row.model_dump() for row in rows()])


def test_a_username_is_known_in_any_case_and_every_sign_in_has_its_own_token(dana: int) -> None:
    assert len({sign_in("DANA", PASSWORD), sign_in(" dana ", PASSWORD)}) == 2


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(dana: int) -> None:
    for username in ("dana", "nobody", "", None, 7, ["dana"], "\0", "\ud800", "x" * 100_000):
        for password in ("wrong", "", None, {"$ne": 1}, "\0\ud800"):
            with pytest.raises(Invalid) as refused:
                sign_in(username, password)
            assert (refused.value.sentence, refused.value.fields) == (WRONG, {})
    assert rows() == []


def test_a_former_colleague_gets_the_same_sentence(admin: Actor, dana: int) -> None:
    deactivate_user(admin, dana)
    with pytest.raises(Invalid, match=WRONG):
        sign_in("dana", PASSWORD)


def test_signing_in_and_out_is_no_news(dana: int) -> None:
    before = last_seq()
    sign_out(sign_in("dana", PASSWORD))
    assert last_seq() == before


def test_after_signing_out_the_token_is_worth_nothing(dana: int) -> None:
    token, other = sign_in("dana", PASSWORD), sign_in("dana", PASSWORD)
    sign_out(token)
    sign_out("never was one")
    assert who_is(token) is None
    assert who_are({token, other}).keys() == {other}
    assert why_ended(token) == "ended"


def test_who_signs_the_others_out_stays(dana: int) -> None:
    here, there, elsewhere = (sign_in("dana", PASSWORD) for _ in range(3))
    assert revoke_other_sessions(who(here)) == 2
    assert who_are([here, there, elsewhere]).keys() == {here}


def test_who_listens_is_told_which_sign_ins_ended(dana: int) -> None:
    told: list[tuple[int, ...]] = []
    stop = on_sessions_ended(told.append)
    here, there = (sign_in("dana", PASSWORD) for _ in range(2))
    ended = who(there).session_id
    revoke_other_sessions(who(here))
    sign_out(there)
    stop()
    sign_out(here)
    assert told == [(ended,)]


def test_a_sign_in_ends_after_eight_idle_hours(dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        token = sign_in("dana", PASSWORD)
        clock.shift(timedelta(hours=7, minutes=59))
        touch_session(who(token))
        clock.shift(timedelta(hours=7, minutes=59))
        assert who_is(token) is not None
        clock.shift(timedelta(minutes=2))
        assert who_is(token) is None
        assert why_ended(token) == "expired"


def test_a_sign_in_ends_after_seven_days_however_much_it_is_used(dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        token = sign_in("dana", PASSWORD)
        for _ in range(7 * 4 - 1):
            clock.shift(timedelta(hours=6))
            touch_session(who(token))
        clock.shift(timedelta(hours=6))
        assert who_is(token) is None


def test_use_is_noted_once_a_minute(dana: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        actor = who(sign_in("dana", PASSWORD))
        clock.shift(timedelta(seconds=50))
        touch_session(actor)
        assert rows()[0].last_used_at == START
        clock.shift(timedelta(seconds=20))
        touch_session(actor)
        assert rows()[0].last_used_at == START + timedelta(seconds=70)
    touch_session(Actor(actor.id, actor.role, actor.name))


def test_a_new_role_counts_at_once(admin: Actor, dana: int) -> None:
    token = sign_in("dana", PASSWORD)
    version = stored(User, dana).version
    edit_user(admin, dana, version=version, was={"role": "dispatcher"}, changes={"role": "engineer"})
    assert who(token).role == Role.ENGINEER


def test_deactivation_ends_every_sign_in_and_says_so(admin: Actor, dana: int) -> None:
    tokens = [sign_in("dana", PASSWORD) for _ in range(3)]
    deactivate_user(admin, dana)
    assert who_are(tokens) == {}
    assert why_ended(tokens[0]) == "deactivated"
    assert all(row.revoked_at for row in rows())


def test_people_see_their_own_open_sign_ins_this_one_first(admin: Actor, dana: int) -> None:
    ended, here, there = (sign_in("dana", PASSWORD, browser) for browser in ("", FIREFOX, ""))
    sign_out(ended)
    found = list_sessions(who(here))
    assert found.order == (who(here).session_id, who(there).session_id)
    assert [row["current"] for row in found.rows.values()] == [True, False]
    assert [row["browser"] for row in found.rows.values()] == ["Firefox on Windows", "Unknown browser"]
    assert list_sessions(admin).order == ()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME_ON_ANDROID, "Chrome on Android"),
        (EDGE, "Edge on Windows"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words


def test_a_strange_user_agent_is_kept_short_and_printable(dana: int) -> None:
    sign_in("dana", PASSWORD, "\0\ud800\n" + "x" * 5_000)
    assert rows()[0].user_agent == "x" * 200
