"""Where the histories offer to undo a step, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import complete_call, start_call
from service_desk.actions.categories import archive_category, restore_category
from service_desk.actions.undo import undo
from service_desk.actions.users import deactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.undo import SLIP
from service_desk.domain.users import Role
from service_desk.queries.activity import ActivityQuestion, history, list_activity
from tests.factories import make_call, make_call_in, make_category, make_user
from tests.readings import last_entry, last_seq, stored

from .undo_steps import fields

pytestmark = pytest.mark.usefixtures("database")


def _offered(actor: Actor, entity: str, record_id: int) -> list[int]:
    rows = history(actor, entity, record_id).rows
    return [int(key) for key, row in rows.items() if row["may_undo"]]


def _in_feed(actor: Actor, **asked: Any) -> list[int]:
    found = list_activity(actor, ActivityQuestion(**asked))
    return [int(key) for key in found.order if found.rows[key]["may_undo"]]


def test_steps_are_undone_one_after_the_other(ada: Actor, ravi: Actor) -> None:
    call_id = make_call(ada)
    before = fields(Call, call_id)
    steps = []
    for step, words in (
        (assign_call, [{"assigned_to_id": ravi.id}]),
        (start_call, []),
        (complete_call, [{"remark": "A fuse."}]),
    ):
        step(ada, call_id, *words)
        steps.append(last_seq())
    for seq in reversed(steps):
        assert _offered(ada, "call", call_id) == [seq]
        undo(ada, seq)
    assert fields(Call, call_id) == before
    assert _offered(ada, "call", call_id) == []


def test_the_history_offers_the_newest_step_to_whom_it_is_allowed(ada: Actor, ravi: Actor) -> None:
    fay = make_user(Role.FRONT_DESK)
    call_id = make_call(ada)
    assert _offered(ada, "call", call_id) == []
    assign_call(ada, call_id, {"assigned_to_id": ravi.id})
    assigned = last_seq()
    call = stored(Call, call_id)
    edit_call(ada, call_id, version=call.version, was={"problem": call.problem}, changes={"problem": "Wet."})
    assert _offered(ada, "call", call_id) == [assigned]
    assert _offered(ravi, "call", call_id) == _offered(fay, "call", call_id) == []
    start_call(ravi, call_id)
    assert _offered(ada, "call", call_id) == _offered(ravi, "call", call_id) == [last_seq()]
    complete_call(ravi, call_id, {"remark": "A fuse."})
    assert _offered(ada, "call", call_id) == _offered(ravi, "call", call_id) == [last_seq()]
    until = history(ravi, "call", call_id).rows[last_seq()]["undo_until"]
    assert until == (last_entry().at + SLIP).isoformat()
    assert history(ada, "call", call_id).rows[last_seq()]["undo_until"] is None
    assert _offered(fay, "call", call_id) == []


def test_a_deactivation_is_offered_where_admins_read_of_it_and_not_with_the_calls(
    ada: Actor, ravi: Actor
) -> None:
    call_id = make_call_in("assigned", ada, ravi)
    key = make_category()
    archive_category(ada, key)
    archived = last_seq()
    deactivate_user(ada, ravi.id)
    deactivated = last_seq()
    assert _offered(ada, "call", call_id) == []
    assert _offered(ada, "user", ravi.id) == [deactivated]
    assert _in_feed(ada) == [deactivated, archived]
    assert _in_feed(make_user(Role.DISPATCHER)) == []
    undo(ada, deactivated)
    restore_category(ada, key)
    assert _in_feed(ada) == [last_seq()]
    assert _in_feed(ada, page=1, kind="user") == []
