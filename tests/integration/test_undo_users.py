"""What undoing means for people: engineers who have left, calls that go with them, sign-ins that stay ended."""

from __future__ import annotations

import pytest

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call
from service_desk.actions.sessions import sign_in
from service_desk.actions.undo import undo
from service_desk.actions.users import create_user, deactivate_user, edit_user, reactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.errors import Refused
from service_desk.domain.users import Role, User
from service_desk.queries.sessions import who_are
from tests.factories import make_call, make_call_in, make_user
from tests.readings import last_seq, stored

from .undo_steps import fields

pytestmark = pytest.mark.usefixtures("database")


PASSWORD = "correct horse battery"


def test_a_call_does_not_go_back_to_an_engineer_who_has_left(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("completed", ada, ravi)
    completed = last_seq()
    unassigned_id = make_call_in("assigned", ada, ravi)
    unassign_call(ada, unassigned_id)
    unassigned = last_seq()
    deactivate_user(ada, ravi.id)
    for seq in (completed, unassigned):
        with pytest.raises(Refused, match=r"^Ravi K\. is not an active engineer any more"):
            undo(ada, seq)
    assert stored(Call, call_id).status == "completed"


def test_undoing_a_deactivation_gives_back_the_calls_that_nobody_has_dealt_with(
    ada: Actor, ravi: Actor
) -> None:
    sam = make_user(Role.ENGINEER, "Sam S.")
    kept, given, cancelled, passed = (make_call_in("in_progress", ada, ravi) for _ in range(4))
    before = fields(Call, kept)
    deactivate_user(ada, ravi.id)
    step = last_seq()
    call = stored(Call, kept)
    edit_call(ada, kept, version=call.version, was={"problem": call.problem}, changes={"problem": "Wet."})
    assign_call(ada, given, {"assigned_to_id": sam.id})
    cancel_call(ada, cancelled, {"reason": "Sold."})
    assign_call(ada, passed, {"assigned_to_id": sam.id})
    unassign_call(ada, passed)
    at = last_seq()
    sentence = undo(ada, step)
    assert last_seq() == at + 1, "one change, so that no screen ever shows half of it"
    assert sentence == (
        "Undone. Ravi K. can sign in again. 1 call is theirs again. "
        "Where they were signed in, they have to sign in anew."
    )
    assert stored(User, ravi.id).is_active
    assert fields(Call, kept) == before | {"problem": "Wet."}
    assert [stored(Call, each).assigned_to_id for each in (given, cancelled, passed)] == [sam.id, None, None]


def test_undoing_a_deactivation_gives_no_calls_to_somebody_who_became_something_else(
    ada: Actor, ravi: Actor
) -> None:
    call_id = make_call_in("assigned", ada, ravi)
    deactivate_user(ada, ravi.id)
    step, version = last_seq(), stored(User, ravi.id).version
    edit_user(ada, ravi.id, version=version, was={"role": "engineer"}, changes={"role": "front_desk"})
    undo(ada, step)
    assert stored(User, ravi.id).is_active and stored(Call, call_id).status == "pending"


def test_undoing_a_reactivation_is_a_deactivation(ada: Actor) -> None:
    user_id = create_user(
        ada, {"username": "dana", "full_name": "Dana O.", "role": "engineer", "password": PASSWORD}
    )
    deactivate_user(ada, user_id)
    reactivate_user(ada, user_id)
    step = last_seq()
    token = sign_in("dana", PASSWORD)
    call_id = make_call(ada, assigned_to_id=user_id)
    assert undo(ada, step) == "Undone. Dana O. is deactivated again."
    assert who_are([token]) == {} and stored(Call, call_id).status == "pending"


def test_nobody_undoes_their_own_reactivation_or_that_of_the_last_admin(ada: Actor) -> None:
    bea = make_user(Role.ADMIN, "Bea B.", is_active=False)
    reactivate_user(ada, bea.id)
    step = last_seq()
    with pytest.raises(Refused, match="can't deactivate yourself"):
        undo(bea, step)
    deactivate_user(bea, ada.id)
    # A stale actor, as of a page that was open all the time.
    with pytest.raises(Refused, match=r"Bea B\. is the last active admin"):
        undo(ada, step)
