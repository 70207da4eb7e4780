"""Steps taken back: exactly what was before, by whom the ordinary step back is allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from service_desk.actions.calls_visit import cancel_call, complete_call
from service_desk.actions.undo import undo
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.errors import Forbidden, NotFound, Refused
from service_desk.domain.journal import WIRE_NAMES
from service_desk.domain.times import now
from service_desk.domain.undo import ENTITY, SLIP
from tests.factories import make_call, make_call_in, make_user
from tests.readings import last_entry, last_seq, stored

from .undo_steps import MAY, ROLES, UNSEEN, fields, made

pytestmark = pytest.mark.usefixtures("database")


def test_every_step_that_can_be_undone_is_tried() -> None:
    assert MAY.keys() == ENTITY.keys()
    assert all(len(verb) <= 40 for verb in WIRE_NAMES)


@pytest.mark.parametrize("verb", ENTITY)
def test_an_undone_step_leaves_the_record_exactly_as_it_was(verb: str, ada: Actor, ravi: Actor) -> None:
    kind, row_id, take = made(verb, ada, ravi)
    before = fields(kind, row_id)
    take(ada)
    assert fields(kind, row_id) != before and last_entry().verb == verb
    sentence = undo(ada, last_seq())
    assert fields(kind, row_id) == before
    assert last_entry().verb.startswith("undo ") and last_entry().actor_id == ada.id
    assert sentence.startswith("Undone. ") and sentence.endswith(".") and "_" not in sentence


@pytest.mark.parametrize("who", [*ROLES, "its engineer"])
@pytest.mark.parametrize("verb", ENTITY)
def test_a_step_is_undone_by_whom_the_ordinary_step_back_is_allowed(
    verb: str, who: str, ada: Actor, ravi: Actor
) -> None:
    kind, row_id, take = made(verb, ada, ravi)
    take(ada)
    seq = last_seq()
    after = fields(kind, row_id)
    actor = ravi if who == "its engineer" else make_user(ROLES[who])
    gone = verb in ("reassign call", "unassign call", "reactivate user") and who == "its engineer"
    if who in MAY[verb]:
        undo(actor, seq)
        assert fields(kind, row_id) != after
        return
    unseen = gone or ENTITY[verb] in UNSEEN.get(who, ())
    with pytest.raises(NotFound if unseen else Forbidden) as refusal:
        undo(actor, seq)
    assert fields(kind, row_id) == after
    if unseen:
        assert refusal.value.sentence == "This change was not found."


@pytest.mark.parametrize("seq", [0, -1, 2**31 - 1, 2**31, 10**30, "x", None, True, 1.5, [], {}])
def test_a_number_that_is_no_step_is_not_found(seq: Any, ada: Actor) -> None:
    with pytest.raises(NotFound, match=r"^This change was not found\.$"):
        undo(ada, seq)


def test_what_is_no_step_cannot_be_undone(ada: Actor, ravi: Actor) -> None:
    call_id = make_call(ada)
    for number in range(1, last_seq() + 1):
        with pytest.raises(NotFound):
            undo(ada, number)
    cancel_call(ada, call_id, {"reason": "Sold."})
    undo(ada, last_seq())
    with pytest.raises(NotFound):
        undo(ada, last_seq())


def test_an_engineer_takes_back_a_completion_of_their_own_for_ten_minutes(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("completed", ada, ravi)
    assert undo(ravi, last_seq()) == f"Undone. C-{call_id} is on site again."
    complete_call(ravi, call_id, {"remark": "A fuse."})
    with time_machine.travel(now() + SLIP - timedelta(seconds=5)):
        undo(ravi, last_seq())
    complete_call(ravi, call_id, {"remark": "A fuse."})
    with (
        time_machine.travel(now() + SLIP + timedelta(seconds=5)),
        pytest.raises(Refused, match="for 10 minutes"),
    ):
        undo(ravi, last_seq())
    assert stored(Call, call_id).status == "completed"
    with time_machine.travel(now() + timedelta(days=30)):
        undo(ada, last_seq())


def test_a_completion_by_somebody_else_is_not_the_engineers_slip(ada: Actor, ravi: Actor) -> None:
    call_id = make_call_in("in_progress", ada, ravi)
    complete_call(ada, call_id, {"remark": "By phone."})
    with pytest.raises(Forbidden):
        undo(ravi, last_seq())
