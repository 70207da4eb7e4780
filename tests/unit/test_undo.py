"""What taking a step back means, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_desk.domain import calls, carry_ins
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call, CallStatus, Priority
from service_desk.domain.carry_ins import CarryIn, CarryInStatus, Outcome
from service_desk.domain.errors import Refused
from service_desk.domain.journal import WIRE_NAMES
from service_desk.domain.record import Record
from service_desk.domain.undo import (
    ENTITY,
    Right,
    Taken,
    check_engineer,
    last_standing,
    put_back,
    right_to_undo,
)
from service_desk.domain.users import Role, User
from service_desk.queries.activity_text import Deed, Names, tell
from service_desk.store.touches import plain

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
LENA, RAVI, SAM = (
    Actor(1, Role.DISPATCHER, "Lena"),
    Actor(5, Role.ENGINEER, "Ravi"),
    Actor(6, Role.ENGINEER, "Sam"),
)

STEPS: dict[str, Any] = {
    "assign call": lambda call, at: call.assign(5, 1, at, "Ring twice."),
    "reassign call": lambda call, at: call.assign(6, 1, at, None),
    "unassign call": lambda call, at: call.unassign(),
    "start call": lambda call, at: call.start(at),
    "complete call": lambda call, at: call.complete(5, at, "A fuse."),
    "cancel call": lambda call, at: call.cancel(1, at, "Sold."),
    "reopen call": lambda call, at: call.reopen(True, "Leaks."),
    "take carry-in to the bench": lambda carry_in, at: carry_in.take_to_bench(5),
    "complete carry-in": lambda carry_in, at: carry_in.complete(5, at, "Dead.", Outcome.UNREPAIRED),
    "deliver carry-in": lambda carry_in, at: carry_in.deliver(1, at, "Rosa", None),
    "return carry-in to the bench": lambda carry_in, at: carry_in.return_to_bench("Hot."),
}


def a_call(**fields: Any) -> Call:
    return Call(id=12, customer_id=1, category_id=1, problem="Cold.", **fields)


def a_carry_in() -> CarryIn:
    return CarryIn(id=3, customer_id=1, category_id=1, item="Laptop", fault="Dead.")


def take(row: Record, verb: str, seq: int = 1, by: int = 1) -> Taken:
    """Take the step, and what the journal has of it."""
    before, at = row.model_dump(), AT + timedelta(minutes=seq)
    STEPS[verb](row, at)
    after = row.model_dump()
    changed = {
        name: [plain(before[name]), plain(after[name])] for name in after if before[name] != after[name]
    }
    return Taken(seq, verb, by, at, changed)


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30), st.booleans())
def test_any_walk_through_a_workflow_is_undone_step_by_step(walk: list[str], call: bool) -> None:
    row: Record = a_call(priority=Priority.HIGH) if call else a_carry_in()
    states, past = [row.model_dump()], []
    for verb in walk:
        if ENTITY[verb] != row.__entity__:
            continue
        try:
            step = take(row, verb, len(past) + 1)
        except Refused:
            continue
        if step.changed:
            past.insert(0, step)
            states.append(row.model_dump())
    for step in list(past):
        assert row.model_dump() == states.pop()
        assert last_standing(row, past) == step
        put_back(row, step.changed)
        back = {field: [new, old] for field, (old, new) in step.changed.items()}
        past.insert(0, Taken(len(past) + 1, step.undo_verb, 1, AT, back))
    assert row.model_dump() == states.pop()
    assert last_standing(row, past) is None


def test_the_journals_words_are_read_back_as_what_the_row_holds() -> None:
    call = a_call(status=CallStatus.IN_PROGRESS, assigned_to_id=5, started_at=AT)
    put_back(call, take(call, "complete call").changed)
    assert call.status is CallStatus.IN_PROGRESS and call.completed_at is None
    put_back(call, {"started_at": [AT.isoformat(), None], "priority": ["urgent", "low"]})
    assert call.started_at == AT and call.priority is Priority.URGENT
    carry_in = a_carry_in()
    put_back(carry_in, {"outcome": ["unrepaired", None], "status": ["completed", "in_repair"]})
    assert (carry_in.outcome, carry_in.status) == (Outcome.UNREPAIRED, CarryInStatus.COMPLETED)


@pytest.mark.parametrize(
    ("verb", "by", "actor", "right"),
    [
        ("complete call", RAVI, RAVI, Right.FOR_A_WHILE),
        ("complete call", LENA, RAVI, Right.NEVER),
        ("complete call", RAVI, SAM, Right.NEVER),
        ("complete call", RAVI, LENA, Right.ALWAYS),
        ("start call", LENA, RAVI, Right.ALWAYS),
        ("cancel call", RAVI, RAVI, Right.NEVER),
        ("deliver carry-in", RAVI, LENA, Right.NEVER),
        ("edit call", LENA, LENA, Right.NEVER),
    ],
)
def test_the_right_to_undo_is_that_of_the_step_back_or_ones_own_slip(
    verb: str, by: Actor, actor: Actor, right: Right
) -> None:
    step = Taken(1, verb, by.id, AT, {})
    assert right_to_undo(actor, step, a_call(assigned_to_id=RAVI.id)) == right


def test_an_open_call_does_not_go_back_to_somebody_who_is_no_engineer() -> None:
    call = a_call(status=CallStatus.ASSIGNED, assigned_to_id=5)
    gone = User(
        id=5, username="ravi", full_name="Ravi K.", role=Role.ENGINEER, password_hash="-", is_active=False
    )
    with pytest.raises(Refused, match=r"^Ravi K\. is not an active engineer any more, so C-12"):
        check_engineer(call, gone)
    call.status = CallStatus.COMPLETED
    check_engineer(call, gone)


@pytest.mark.parametrize("verb", ENTITY)
def test_every_undoing_has_a_name_outside_and_words_of_its_own(verb: str) -> None:
    assert verb in WIRE_NAMES
    for end in ("completed", "cancelled"):
        undoing = Taken(1, verb, 1, AT, {"status": [end, "assigned"]}).undo_verb
        assert undoing in WIRE_NAMES and len(undoing) <= 40
        assert tell(Deed(undoing, ENTITY[verb], {"assigned_to_id": [5, 6]}, 1), Names()) != "changed it"


def test_no_step_of_a_workflow_is_forgotten() -> None:
    """A step that is added to a workflow can be undone, or is left out here on purpose."""
    taken = {verb.split()[0] for verb, entity in ENTITY.items() if entity == "call"} - {"reassign"}
    assert taken == calls.STEPS.keys() - {"edit"}
    assert len([verb for verb, entity in ENTITY.items() if entity == "carry_in"]) == len(carry_ins.STEPS) - 1
