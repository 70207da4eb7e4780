"""Calls: what is broken at a customer's place, and the visit that mends it."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from .access import Actor, Permission
from .columns import Rank, UtcDateTime, Word
from .errors import Refused
from .record import Record


class CallStatus(StrEnum):
    PENDING = "pending"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN_CALL = (CallStatus.PENDING, CallStatus.ASSIGNED, CallStatus.IN_PROGRESS)


class Priority(IntEnum):
    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4

    @property
    def word(self) -> str:
        return self.name.lower()


_S = CallStatus
STEPS: dict[str, frozenset[CallStatus]] = {
    "edit": frozenset(OPEN_CALL),
    "assign": frozenset(OPEN_CALL),
    "unassign": frozenset({_S.ASSIGNED, _S.IN_PROGRESS}),
    "start": frozenset({_S.ASSIGNED}),
    "complete": frozenset({_S.IN_PROGRESS}),
    "cancel": frozenset(OPEN_CALL),
    "reopen": frozenset({_S.COMPLETED, _S.CANCELLED}),
}
"""Step → the statuses from which it can be taken."""


_OPEN = text("status IN ('pending', 'assigned', 'in_progress')")
_ONLY_OPEN: dict[str, Any] = {"sqlite_where": _OPEN, "postgresql_where": _OPEN}


class Call(Record, table=True):
    __entity__: ClassVar[str] = "call"
    __facts__: ClassVar[tuple[str, ...]] = (
        "assigned_to_id",
        "created_by_id",
        "customer_id",
        "category_id",
        "status",
        "priority",
    )

    customer_id: int = Field(foreign_key="customer.id")
    site_address: str | None = Field(default=None, max_length=300)
    problem: str = Field(max_length=2000)
    category_id: int = Field(foreign_key="category.id")
    priority: Priority = Field(default=Priority.NORMAL, sa_type=Rank(Priority))
    status: CallStatus = Field(default=CallStatus.PENDING, sa_type=Word(CallStatus))
    assigned_to_id: int | None = Field(default=None, foreign_key="user.id")
    assigned_by_id: int | None = Field(default=None, foreign_key="user.id")
    assigned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    instructions: str | None = Field(default=None, max_length=1000)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completed_by_id: int | None = Field(default=None, foreign_key="user.id")
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completion_remark: str | None = Field(default=None, max_length=2000)
    cancelled_by_id: int | None = Field(default=None, foreign_key="user.id")
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_reason: str | None = Field(default=None, max_length=500)
    reopen_reason: str | None = Field(default=None, max_length=500)

    # Each filter's index holds the others too, so that what passes several is found without its row. The few calls
    # that are open have indexes of their own, which stay small however many are done.
    __table_args__ = (
        Index("ix_call_customer_id_id", "customer_id", "id"),
        Index(
            "ix_call_assigned_to_id_id",
            "assigned_to_id",
            "id",
            "status",
            "category_id",
            "priority",
            "customer_id",
        ),
        Index("ix_call_category_id_id", "category_id", "id", "status", "priority", "assigned_to_id"),
        Index("ix_call_status_id", "status", "id", "category_id", "priority", "assigned_to_id"),
        Index("ix_call_priority_id", text("priority DESC"), "id", "status", "category_id", "assigned_to_id"),
        Index("ix_call_updated_at_id", "updated_at", "id"),
        Index("ix_call_due_at_id", "due_at", "id"),
        Index("ix_call_open", "assigned_to_id", "due_at", "created_by_id", **_ONLY_OPEN),
        Index("ix_call_open_customer_id", "customer_id", "assigned_to_id", "created_by_id", **_ONLY_OPEN),
    )

    @property
    def number(self) -> str:
        """The number people quote."""
        return f"C-{self.id}"

    def assign(self, engineer_id: int, by: int, at: datetime, instructions: str | None) -> None:
        """Give the call to an engineer. The caller has made sure that they are one and active.

        Whoever has it already keeps it as it stands; only the instructions change.
        """
        self.check("assign")
        self.instructions = instructions
        if engineer_id == self.assigned_to_id:
            return
        self.assigned_to_id, self.assigned_by_id, self.assigned_at = engineer_id, by, at
        self.started_at = None
        self.status = CallStatus.ASSIGNED

    def unassign(self) -> None:
        self.check("unassign")
        self.assigned_to_id = self.assigned_by_id = self.assigned_at = None
        self.started_at = None
        self.status = CallStatus.PENDING

    def start(self, at: datetime) -> None:
        self.check("start")
        self.started_at = at
        self.status = CallStatus.IN_PROGRESS

    def complete(self, by: int, at: datetime, remark: str) -> None:
        self.check("complete")
        self.completed_by_id, self.completed_at, self.completion_remark = by, at, remark
        self.reopen_reason = None
        self.status = CallStatus.COMPLETED

    def cancel(self, by: int, at: datetime, reason: str) -> None:
        self.check("cancel")
        self.cancelled_by_id, self.cancelled_at, self.cancel_reason = by, at, reason
        self.reopen_reason = None
        self.status = CallStatus.CANCELLED

    def reopen(self, engineer_is_active: bool, reason: str) -> None:
        """Back to the engineer who had it when they are still active, else back to everybody.

        Who completed or cancelled it stays in the journal. The reason is kept until the call is closed again.
        """
        self.check("reopen")
        self.completed_by_id = self.completed_at = self.completion_remark = None
        self.cancelled_by_id = self.cancelled_at = self.cancel_reason = None
        self.reopen_reason = reason
        self.started_at = None
        if self.assigned_to_id is not None and engineer_is_active:
            self.status = CallStatus.ASSIGNED
        else:
            self.assigned_to_id = self.assigned_by_id = self.assigned_at = None
            self.status = CallStatus.PENDING

    def check(self, step: str) -> None:
        """Raises Refused, with the reason, unless the step can be taken from the present status."""
        if self.status in STEPS[step]:
            return
        if step == "complete" and self.status == CallStatus.ASSIGNED:
            raise Refused(f"{self.number} has not been started. Start it before completing it.")
        if step in ("unassign", "start", "complete") and self.status == CallStatus.PENDING:
            raise Refused(f"{self.number} is not assigned to anybody yet.")
        word = "started" if self.status == CallStatus.IN_PROGRESS else self.status.value
        raise Refused(
            f"{self.number} is already {word}." if step != "reopen" else f"{self.number} is still open."
        )


def may_call(
    actor: Actor, step: str, status: CallStatus, assigned_to_id: int | None, created_by_id: int | None
) -> bool:
    """Whether the actor may take a step on a call in this state. `step` is a key of STEPS, or "see".

    The one function behind the actions' refusals, the buttons on the screen and what the lists show.
    """
    if actor.scope.own_id is not None and actor.id not in (assigned_to_id, created_by_id):
        return False
    if step == "see":
        return actor.may(Permission.SEE_CALLS)
    return may_step(actor, step, assigned_to_id) and status in STEPS[step]


def may_step(actor: Actor, step: str, assigned_to_id: int | None) -> bool:
    """Whether the actor may ever take this step on a call of this engineer, whatever its status."""
    if step in ("start", "complete"):
        mine = assigned_to_id == actor.id and actor.may(Permission.WORK_OWN_CALL)
        return mine or actor.may(Permission.WORK_ANY_CALL)
    return actor.may(Permission.DISPATCH_CALLS)
