"""The rules of a carry-in, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service_desk.domain.carry_ins import STEPS, CarryIn, CarryInStatus, Outcome
from service_desk.domain.errors import Refused

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def a_carry_in(status: CarryInStatus) -> CarryIn:
    return CarryIn(id=3, customer_id=1, category_id=1, item="Laptop", fault="Dead.", status=status)


TAKE = {
    "edit": lambda carry_in: carry_in.check("edit"),
    "bench": lambda carry_in: carry_in.take_to_bench(5),
    "complete": lambda carry_in: carry_in.complete(5, AT, "Beyond repair.", Outcome.UNREPAIRED),
    "deliver": lambda carry_in: carry_in.deliver(1, AT, "Rosa", None),
    "return": lambda carry_in: carry_in.return_to_bench("Still noisy."),
}
ALLOWED = {
    "received": {"edit": "received", "bench": "in_repair", "complete": "completed"},
    "in_repair": {"edit": "in_repair", "complete": "completed"},
    "completed": {"edit": "completed", "deliver": "delivered", "return": "in_repair"},
    "delivered": {},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", CarryInStatus)
def test_each_step_leads_where_the_workflow_says_or_is_refused(status: CarryInStatus, step: str) -> None:
    carry_in = a_carry_in(status)
    if step in ALLOWED[status]:
        TAKE[step](carry_in)
        assert carry_in.status == ALLOWED[status][step]
    else:
        with pytest.raises(Refused, match=r"^S-3 is .*\.$"):
            TAKE[step](carry_in)
        assert carry_in.status == status


def test_what_never_was_on_the_bench_cannot_be_repaired() -> None:
    with pytest.raises(Refused, match="has not been on the bench"):
        a_carry_in(CarryInStatus.RECEIVED).complete(5, AT, "Fine now.", Outcome.REPAIRED)


def test_the_bench_can_repair() -> None:
    carry_in = a_carry_in(CarryInStatus.IN_REPAIR)
    carry_in.complete(5, AT, "New fan.", Outcome.REPAIRED)
    assert (carry_in.status, carry_in.outcome, carry_in.completed_by_id) == ("completed", "repaired", 5)


def test_delivering_what_is_not_completed_is_refused() -> None:
    with pytest.raises(Refused, match=r"^S-3 is not completed yet\.$"):
        a_carry_in(CarryInStatus.IN_REPAIR).deliver(1, AT, "Rosa", None)


def test_back_to_the_bench_forgets_the_completion_and_keeps_the_reason() -> None:
    carry_in = a_carry_in(CarryInStatus.IN_REPAIR)
    carry_in.complete(5, AT, "New fan.", Outcome.REPAIRED)
    carry_in.return_to_bench("Still noisy.")
    assert (carry_in.completed_by_id, carry_in.outcome, carry_in.return_reason) == (
        None,
        None,
        "Still noisy.",
    )
    carry_in.complete(5, AT, "New bearing.", Outcome.REPAIRED)
    assert carry_in.return_reason is None
