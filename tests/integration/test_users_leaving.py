"""Letting people go: what becomes of their calls and sign-ins, and who must stay."""

from __future__ import annotations

import threading

import pytest

from service_desk.actions.sessions import sign_in
from service_desk.actions.users import create_user, deactivate_user, edit_user, reactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.errors import Conflict, Refused
from service_desk.domain.users import Role, User
from service_desk.queries.sessions import who_are, who_is
from service_desk.queries.users import deactivation_effects
from service_desk.store.database import Database
from tests.factories import make_call_in, make_user
from tests.readings import last_entry, last_seq, last_touches, stored

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"
FORM = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


def test_deactivating_returns_open_calls_and_leaves_the_finished_ones(admin: Actor) -> None:
    engineer = make_user(Role.ENGINEER, "Ravi K.")
    calls = {
        status: make_call_in(status, admin, engineer)
        for status in ("assigned", "in_progress", "completed", "cancelled")
    }
    assert deactivation_effects(admin, engineer.id) == {"calls": 2, "sessions": 0}
    before = last_seq()
    deactivate_user(admin, engineer.id)
    assert last_seq() == before + 1, "one change, so that no screen ever shows half of it"
    statuses = {status: stored(Call, call_id) for status, call_id in calls.items()}
    assert [call.status for call in statuses.values()] == ["pending", "pending", "completed", "cancelled"]
    assert statuses["assigned"].assigned_to_id is None and statuses["in_progress"].started_at is None
    assert statuses["completed"].assigned_to_id == statuses["completed"].completed_by_id == engineer.id
    assert last_entry().verb == "deactivate user"
    assert {(touch.entity, touch.row_id) for touch in last_touches()} == {
        ("user", engineer.id),
        ("call", calls["assigned"]),
        ("call", calls["in_progress"]),
    }


def test_an_engineer_who_becomes_something_else_leaves_no_visits_behind(admin: Actor) -> None:
    engineer = make_user(Role.ENGINEER, "Ravi K.")
    open_call, done = (make_call_in(status, admin, engineer) for status in ("in_progress", "completed"))
    edit_user(admin, engineer.id, version=1, was={"role": "engineer"}, changes={"role": "front_desk"})
    assert stored(Call, open_call).status == "pending"
    assert stored(Call, open_call).assigned_to_id is None
    assert stored(Call, done).assigned_to_id == engineer.id


def test_deactivating_signs_out_and_reactivating_lets_in_again(admin: Actor) -> None:
    user_id = create_user(admin, FORM)
    tokens = [sign_in("dana", PASSWORD) for _ in range(2)]
    assert deactivation_effects(admin, user_id) == {"calls": 0, "sessions": 2}
    deactivate_user(admin, user_id)
    assert who_are(tokens) == {}
    with pytest.raises(Refused, match=r"Dana O\. is deactivated already"):
        deactivate_user(admin, user_id)
    reactivate_user(admin, user_id)
    assert who_are(tokens) == {}, "what was ended stays ended"
    assert who_is(sign_in("dana", PASSWORD)).id == user_id
    with pytest.raises(Refused, match="active already"):
        reactivate_user(admin, user_id)


def test_nobody_deactivates_themselves(admin: Actor) -> None:
    make_user(Role.ADMIN)
    with pytest.raises(Refused, match="can't deactivate yourself"):
        deactivate_user(admin, admin.id)


def test_one_active_admin_always_remains(admin: Actor) -> None:
    last = make_user(Role.ADMIN, "Bea B.")
    deactivate_user(last, admin.id)
    # A stale actor, as of a page that was open all the time.
    with pytest.raises(Refused, match=r"Bea B\. is the last active admin"):
        deactivate_user(admin, last.id)
    with pytest.raises(Refused, match="last active admin"):
        edit_user(admin, last.id, version=1, was={"role": "admin"}, changes={"role": "engineer"})
    assert stored(User, last.id).role == Role.ADMIN


def test_two_admins_who_let_each_other_go_at_once_are_not_both_gone(admin: Actor) -> None:
    other = make_user(Role.ADMIN)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def let_go(actor: Actor, user_id: int) -> None:
        start.wait()
        try:
            deactivate_user(actor, user_id)
            outcomes.append("done")
        except (Refused, Conflict) as refused:
            outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=let_go, args=pair) for pair in ((admin, other.id), (other, admin.id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["Refused", "done"]
    assert [stored(User, each.id).is_active for each in (admin, other)].count(True) == 1
