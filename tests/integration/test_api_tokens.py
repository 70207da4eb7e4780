"""Access tokens: whose they are, what ends them, what is known of them, and who may see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pyotp import TOTP

from service_desk.actions import doors
from service_desk.actions.api_tokens import MOST, create_token, revoke_token
from service_desk.actions.commands import carry_out
from service_desk.actions.second_factor import begin_second_factor, confirm_second_factor, reset_second_factor
from service_desk.actions.sessions import revoke_other_sessions, revoke_sessions_of
from service_desk.actions.users import deactivate_user, edit_user, reactivate_user, set_password
from service_desk.domain.access import Actor
from service_desk.domain.api_tokens import ApiToken, is_token, new_token
from service_desk.domain.errors import Forbidden, Invalid, NotFound, Refused
from service_desk.domain.security import SecurityEvent
from service_desk.domain.times import now, pretend
from service_desk.domain.users import Role
from service_desk.queries.api_tokens import list_all_tokens, list_tokens, who_bears
from service_desk.queries.security import DoorsQuestion, list_doors
from service_desk.queries.sessions import who_is
from service_desk.store.change import housekeeping
from service_desk.web.api import auth
from tests.api_caller import API, Program, token_of
from tests.factories import make_user
from tests.raw_socket import fresh_key
from tests.readings import all_rows, last_seq

from .test_presence import a_token


def lines(ada: Actor) -> list[tuple[str, str | None, str]]:
    """The door book: what, of whom, and the detail."""
    doors.write_all()
    found = list_doors(ada, DoorsQuestion())
    return [(row["what"], row["name"], row["detail"]) for row in (found.rows[key] for key in found.order)]


def status(token: str | None) -> int:
    return Program(token).call("GET", "/me").status_code


def test_a_token_is_its_owner(ada: Actor, ravi: Actor) -> None:
    token = token_of(ravi, "the van")
    told = Program(token).call("GET", "/me").json()
    assert (told["id"], told["name"], told["role"]) == (ravi.id, "Ravi K.", "engineer")
    assert "see_calls" in told["permissions"] and "manage_users" not in told["permissions"]
    assert told["token"]["name"] == "the van"


def test_a_role_changed_by_an_admin_holds_at_once(ada: Actor, ravi: Actor) -> None:
    program = Program(token_of(ravi))
    assert program.call("GET", "/me").json()["role"] == "engineer"
    edit_user(ada, ravi.id, version=1, was={"role": "engineer"}, changes={"role": "admin"})
    assert program.call("GET", "/me").json()["role"] == "admin"


def test_only_the_hash_of_a_token_is_kept_and_nothing_is_journaled(ada: Actor) -> None:
    before = last_seq()
    token = token_of(ada)
    assert is_token(token) and last_seq() == before
    (row,) = all_rows(ApiToken)
    assert token not in repr(row) and len(row.token_hash) == 64 and row.token_hash not in repr(row)


@pytest.mark.parametrize("sent", [None, "x", "sdk_" + "a" * 43, "sdk_" + "ÿ" * 43, "a" * 20_000])
def test_without_a_good_token_nothing_is_answered(ada: Actor, sent: str | None) -> None:
    program = Program()
    if sent is not None:
        program.client.headers = [(b"authorization", f"Bearer {sent}".encode("latin-1"))]
    answer = program.call("GET", "/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401 and answer.json()["instance"] == f"{API}/me"


def test_neither_a_cookie_nor_another_scheme_counts(ada: Actor) -> None:
    program = Program()
    program.bring(a_token(ada))
    assert program.call("GET", "/me").status_code == 401
    for header in (f"Basic {token_of(ada)}", token_of(ada), "Bearer", "Bearer "):
        assert program.call("GET", "/me", authorization=header).status_code == 401


def test_another_origin_and_a_browser_s_accept_are_let_in_with_a_token(ada: Actor) -> None:
    token = token_of(ada)
    headers = {"origin": "https://elsewhere.example", "accept": "text/html"}
    assert Program(token).call("GET", "/me", **headers).status_code == 200
    assert Program(token).call("POST", "/me", **headers).status_code == 405
    assert Program(None).call("GET", "/me", **headers).status_code == 401


def test_a_token_ends_with_its_time_which_is_a_year_at_most(ada: Actor) -> None:
    token = token_of(ada, days=7)
    assert status(token) == 200
    with pretend(now() + timedelta(days=7, seconds=1)):
        assert who_bears(token) is None
    for days in (0, 8, 366, -7, "x", None, True, 7.5, [7]):
        with pytest.raises(Invalid) as refused:
            create_token(ada, {"name": "long", "days": days}, new_token())
        assert "days" in refused.value.fields
    create_token(ada, {"name": "usual"}, new_token())
    newest = all_rows(ApiToken)[-1]
    assert newest.expires_at - newest.created_at > timedelta(days=89, hours=23)


def test_a_token_that_is_deleted_while_it_asks_is_unknown(
    ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cleared_out(actor: Actor) -> None:
        with housekeeping() as session:
            session.delete(session.get_one(ApiToken, actor.token_id))

    # It comes between the recognition of the token and what is told of it.
    monkeypatch.setattr(auth, "note_token_use", cleared_out)
    answer = Program(token_of(ada)).call("GET", "/me")
    assert answer.status_code == 401 and answer.json()["detail"] == auth.WRONG
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_revoked_token_is_no_good_and_the_door_book_says_who_did_it(ada: Actor, ravi: Actor) -> None:
    token = token_of(ravi, "the van")
    (row,) = all_rows(ApiToken)
    program = Program(token)
    assert program.call("GET", "/me").status_code == 200
    revoke_token(ada, row.id)
    assert program.call("GET", "/me").status_code == 401
    assert set(lines(ada)) == {
        ("Access token made", "Ravi K.", "“the van”, for 90 days"),
        ("Access token revoked", "Ravi K.", "“the van”, by Ada A."),
        ("Wrong access token", "Ravi K.", "“the van”, which has ended"),
    }
    with pytest.raises(NotFound):
        revoke_token(ada, row.id)


def test_nobody_but_an_admin_revokes_or_lists_those_of_others(ada: Actor, ravi: Actor) -> None:
    token_of(ada, "hers")
    token_of(ravi, "his")
    hers, his = all_rows(ApiToken)
    with pytest.raises(NotFound):
        revoke_token(ravi, hers.id)
    with pytest.raises(Forbidden):
        list_all_tokens(ravi, 1)
    assert [row["name"] for row in list_tokens(ravi).rows.values()] == ["his"]
    assert [row["owner"] for row in list_all_tokens(ada, 1).rows.values()] == ["Ada A.", "Ravi K."]
    revoke_token(ravi, his.id)
    assert list_tokens(ravi).rows == {}
    assert list(list_all_tokens(ada, 1).rows) == [hers.id]


def test_a_deactivated_user_s_tokens_stop_for_good(ada: Actor, ravi: Actor) -> None:
    token = token_of(ravi)
    deactivate_user(ada, ravi.id)
    assert status(token) == 401
    reactivate_user(ada, ravi.id)
    assert status(token) == 401
    assert ("Access token revoked", "Ravi K.", "“a script”, by Ada A., who deactivated them") in lines(ada)


def test_a_password_set_by_an_admin_ends_tokens_and_ending_sign_ins_does_not(ada: Actor, ravi: Actor) -> None:
    token = token_of(ravi)
    revoke_sessions_of(ada, ravi.id)
    revoke_other_sessions(ravi)
    assert status(token) == 200
    set_password(ada, ravi.id, {"password": "correct horse battery"})
    assert status(token) == 401
    assert "Access token revoked" in {what for what, _, _ in lines(ada)}


def test_what_is_refused_ends_no_token_and_notes_nothing(ada: Actor) -> None:
    token = token_of(ada)
    with pytest.raises(Refused):
        deactivate_user(ada, ada.id)
    assert status(token) == 200
    assert "Access token revoked" not in {what for what, _, _ in lines(ada)}


def test_turning_on_the_second_factor_ends_tokens_made_without_it(ada: Actor) -> None:
    here = who_is(a_token(ada))
    assert here is not None
    before = token_of(here)
    confirm_second_factor(here, TOTP(begin_second_factor(here)).now())
    assert status(before) == 401
    after = token_of(here)
    assert status(after) == 200
    other = make_user(Role.ADMIN, "Olga O.")
    reset_second_factor(other, ada.id)
    assert status(after) == 401


def test_where_a_code_is_needed_a_token_made_without_one_is_no_good(
    ada: Actor, request: pytest.FixtureRequest
) -> None:
    token = token_of(ada)
    assert status(token) == 200
    request.getfixturevalue("required_of_everybody")
    assert status(token) == 401


def test_a_sign_in_that_has_ended_makes_no_token(ada: Actor) -> None:
    here, other = who_is(a_token(ada)), who_is(a_token(ada))
    assert here is not None and other is not None
    revoke_other_sessions(here)
    with pytest.raises(NotFound):
        create_token(other, {"name": "late"}, new_token())


def test_somebody_has_so_many_tokens_and_no_more(ada: Actor) -> None:
    for number in range(MOST):
        token_of(ada, f"number {number}")
    with pytest.raises(Refused, match="50"):
        token_of(ada)
    revoke_token(ada, all_rows(ApiToken)[0].id)
    token_of(ada)


def test_a_form_sent_twice_makes_one_token(ada: Actor) -> None:
    key, typed = fresh_key(), {"name": "twice", "days": "30"}
    first, second = (carry_out(ada, key, create_token, typed, new_token(), said=[typed]) for _ in range(2))
    assert (first.repeated, second.repeated) == (False, True)
    assert len(all_rows(ApiToken)) == 1


def test_the_use_of_a_token_is_written_once_a_minute(ada: Actor) -> None:
    program = Program(token_of(ada))
    assert all_rows(ApiToken)[0].last_used_at is None
    for _ in range(3):
        program.call("GET", "/me")
    first = all_rows(ApiToken)[0].last_used_at
    assert first is not None
    with housekeeping() as session:
        session.get_one(ApiToken, 1).last_used_at = first - timedelta(minutes=2)
    program.call("GET", "/me")
    assert all_rows(ApiToken)[0].last_used_at == first - timedelta(minutes=2)


def test_wrong_tokens_from_one_address_have_to_wait_and_good_ones_do_not(ada: Actor) -> None:
    good, thief = Program(token_of(ada)), Program("sdk_" + "a" * 43)
    assert good.call("GET", "/me").status_code == 200
    answers = [thief.call("GET", "/me") for _ in range(62)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert good.call("GET", "/me").status_code == 200
    assert Program("sdk_" + "b" * 43, address="198.51.100.7").call("GET", "/me").status_code == 401
    doors.write_all()
    kinds = {event.kind: event.times for event in all_rows(SecurityEvent) if event.address == "203.0.113.5"}
    assert kinds == {"wrong access token": 60, "too many tries": 2}


def test_what_all_processes_together_refuse_is_refused(ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        async def hit(self, rate: object, *key: str) -> bool:
            return key[0] != "token"

    token = token_of(ada)
    monkeypatch.setattr(auth.porter, "shared", Full())
    for _ in range(2):
        answer = Program(token).call("GET", "/me")
        assert answer.status_code == 429 and answer.headers["retry-after"] == "1"
    monkeypatch.setattr(auth.porter, "shared", None)
    assert status(token) == 200
