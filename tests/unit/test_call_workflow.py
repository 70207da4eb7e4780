"""The rules of a call, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service_desk.domain.calls import STEPS, Call, CallStatus, Priority
from service_desk.domain.errors import Refused

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def a_call(status: CallStatus) -> Call:
    assigned = None if status == CallStatus.PENDING else 5
    return Call(id=12, customer_id=1, category_id=1, problem="Cold.", status=status, assigned_to_id=assigned)


TAKE = {
    "edit": lambda call: call.check("edit"),
    "assign": lambda call: call.assign(6, 1, AT, None),
    "unassign": lambda call: call.unassign(),
    "start": lambda call: call.start(AT),
    "complete": lambda call: call.complete(5, AT, "Done."),
    "cancel": lambda call: call.cancel(1, AT, "Sold."),
    "reopen": lambda call: call.reopen(True, "Leaks."),
}
ALLOWED = {
    "pending": {"edit": "pending", "assign": "assigned", "cancel": "cancelled"},
    "assigned": {
        "edit": "assigned",
        "assign": "assigned",
        "unassign": "pending",
        "start": "in_progress",
        "cancel": "cancelled",
    },
    "in_progress": {
        "edit": "in_progress",
        "assign": "assigned",
        "unassign": "pending",
        "complete": "completed",
        "cancel": "cancelled",
    },
    "completed": {"reopen": "assigned"},
    "cancelled": {"reopen": "assigned"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", CallStatus)
def test_each_step_leads_where_the_workflow_says_or_is_refused(status: CallStatus, step: str) -> None:
    call = a_call(status)
    if step in ALLOWED[status]:
        TAKE[step](call)
        assert call.status == ALLOWED[status][step]
    else:
        with pytest.raises(Refused, match=r"^C-12 (is|has) .*\.$"):
            TAKE[step](call)
        assert call.status == status


@pytest.mark.parametrize(
    ("status", "step", "sentence"),
    [
        ("completed", "complete", "C-12 is already completed."),
        ("cancelled", "assign", "C-12 is already cancelled."),
        ("in_progress", "start", "C-12 is already started."),
        ("assigned", "complete", "C-12 has not been started. Start it before completing it."),
        ("pending", "start", "C-12 is not assigned to anybody yet."),
        ("pending", "unassign", "C-12 is not assigned to anybody yet."),
        ("in_progress", "reopen", "C-12 is still open."),
    ],
)
def test_a_refusal_says_why(status: str, step: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        TAKE[step](a_call(CallStatus(status)))
    assert refusal.value.sentence == sentence


def test_reopening_without_an_active_engineer_leaves_the_call_to_everybody() -> None:
    call = a_call(CallStatus.COMPLETED)
    call.reopen(False, "Leaks.")
    assert (call.status, call.assigned_to_id, call.reopen_reason) == ("pending", None, "Leaks.")


def test_priorities_sort_by_urgency_and_read_as_words() -> None:
    assert [p.word for p in sorted(Priority)] == ["low", "normal", "high", "urgent"]
