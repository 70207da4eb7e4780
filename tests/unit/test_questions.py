"""Which questions a touch concerns, where reading once too often would cost every change something."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.domain.access import Scope
from service_desk.domain.journal import Touched
from service_desk.domain.users import Role
from service_desk.live.questions import (
    CallCounts,
    CarryInCounts,
    MyCallCount,
    MyCarryInCount,
    register_views,
)
from service_desk.live.views import Question, view_of

register_views()
DISPATCHER = Scope(Role.DISPATCHER, None)
FACTS = {"status": "assigned", "assigned_to_id": 5, "created_by_id": 2}


@pytest.mark.parametrize(
    ("entity", "questions"),
    [("call", (CallCounts(), MyCallCount(5))), ("carry_in", (CarryInCounts(), MyCarryInCount(5)))],
)
@pytest.mark.parametrize(
    ("changed", "is_counted_again"),
    [
        ({"problem": ["Cold.", "Hot."], "fault": ["Cold.", "Hot."]}, False),
        ({"status": ["assigned", "completed"]}, True),
        ({"status": [None, "pending"], "problem": [None, "Cold."]}, True),
        ({"assigned_to_id": [5, 6]}, True),
        ({"assigned_to_id": [None, 5]}, True),
    ],
)
def test_only_what_moves_between_tabs_is_counted_again(
    entity: str, questions: tuple[Question, ...], changed: dict[str, Any], is_counted_again: bool
) -> None:
    touched = Touched(entity, 1, changed, FACTS)
    for question in questions:
        assert view_of(question).concerns(touched, DISPATCHER, question) is is_counted_again


def test_a_new_date_may_make_a_call_overdue() -> None:
    touched = Touched("call", 1, {"due_at": [None, "2026-01-01T00:00:00+00:00"]}, FACTS)
    assert view_of(CallCounts()).concerns(touched, DISPATCHER, CallCounts())
