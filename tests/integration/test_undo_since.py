"""Steps are taken back only while they stand: what somebody did since is never lost."""

from __future__ import annotations

import threading

import pytest

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import reopen_call, start_call
from service_desk.actions.categories import archive_category, move_category, restore_category
from service_desk.actions.undo import undo
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.categories import Category
from service_desk.domain.errors import DeskError, Refused
from service_desk.domain.users import Role
from tests.factories import make_call_in, make_category, make_user
from tests.readings import last_seq, stored

pytestmark = pytest.mark.usefixtures("database")


def test_a_step_that_was_changed_since_stays(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("assigned", ada, ravi)
    assigned = last_seq()
    start_call(ravi, call_id)
    with pytest.raises(Refused, match=rf"^C-{call_id} was changed by Ravi K\. since; this can't be undone"):
        undo(ada, assigned)
    assert stored(Call, call_id).status == "in_progress"


def test_only_the_newest_step_is_undone_even_where_the_one_before_changed_other_fields(
    ada: Actor, ravi: Actor
) -> None:
    call_id = make_call_in("assigned", ada, make_user(Role.ENGINEER))
    assign_call(ada, call_id, {"assigned_to_id": ravi.id})
    reassigned = last_seq()
    start_call(ravi, call_id)
    with pytest.raises(Refused, match="changed by Ravi"):
        undo(ada, reassigned)


def test_what_happened_twice_is_undone_for_the_second_time_only(ada: Actor, ravi: Actor) -> None:
    key = make_category()
    archive_category(ada, key)
    first = last_seq()
    restore_category(ada, key)
    archive_category(ada, key)
    with pytest.raises(Refused, match="since"):
        undo(ada, first)
    undo(ada, last_seq())
    assert stored(Category, key).is_active


def test_an_edit_since_is_kept(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("completed", ada, ravi)
    reopen_call(ada, call_id, {"reason": "Leaks."})
    step, call = last_seq(), stored(Call, call_id)
    edit_call(ada, call_id, version=call.version, was={"problem": call.problem}, changes={"problem": "Wet."})
    undo(ada, step)
    call = stored(Call, call_id)
    assert (call.problem, call.status, call.completed_by_id) == ("Wet.", "completed", ravi.id)


def test_a_restored_category_that_was_moved_since_stays(ada: Actor) -> None:
    make_category(), make_category()
    key = make_category(is_active=False)
    restore_category(ada, key)
    step = last_seq()
    move_category(ada, key, up=True)
    with pytest.raises(Refused, match="since"):
        undo(ada, step)


def test_two_who_undo_the_same_at_once_undo_it_once(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("completed", ada, ravi)
    step = last_seq()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def take_back(actor: Actor) -> None:
        start.wait()
        try:
            undo(actor, step)
            outcomes.append("done")
        except DeskError as refused:
            outcomes.append(refused.sentence)

    threads = [threading.Thread(target=take_back, args=(actor,)) for actor in (ada, ravi)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert last_seq() == step + 1 and stored(Call, call_id).status == "in_progress"
    assert sorted(outcomes)[1] == "done" and sorted(outcomes)[0].startswith("This was undone already, by ")
