"""Carry-ins: devices that are brought to the counter, repaired on the bench and handed back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from .access import Actor, Permission
from .columns import UtcDateTime, Word
from .errors import Refused
from .record import Record


class CarryInStatus(StrEnum):
    RECEIVED = "received"
    IN_REPAIR = "in_repair"
    COMPLETED = "completed"
    DELIVERED = "delivered"


class Outcome(StrEnum):
    REPAIRED = "repaired"
    UNREPAIRED = "unrepaired"


IN_SHOP = (CarryInStatus.RECEIVED, CarryInStatus.IN_REPAIR, CarryInStatus.COMPLETED)

_S = CarryInStatus
STEPS: dict[str, frozenset[CarryInStatus]] = {
    "edit": frozenset(IN_SHOP),
    "bench": frozenset({_S.RECEIVED}),
    "complete": frozenset({_S.RECEIVED, _S.IN_REPAIR}),
    "deliver": frozenset({_S.COMPLETED}),
    "return": frozenset({_S.COMPLETED}),
}
"""Step → the statuses from which it can be taken. "return" goes back to the bench."""

PERMISSIONS: dict[str, Permission] = {
    "see": Permission.SEE_CARRY_INS,
    "edit": Permission.EDIT_CARRY_IN,
    "bench": Permission.REPAIR_CARRY_IN,
    "complete": Permission.REPAIR_CARRY_IN,
    "return": Permission.REPAIR_CARRY_IN,
    "deliver": Permission.DELIVER_CARRY_IN,
}


_IN_SHOP = text("status IN ('received', 'in_repair', 'completed')")
_ONLY_IN_SHOP: dict[str, Any] = {"sqlite_where": _IN_SHOP, "postgresql_where": _IN_SHOP}


class CarryIn(Record, table=True):
    __tablename__ = "carry_in"
    __entity__: ClassVar[str] = "carry_in"
    __facts__: ClassVar[tuple[str, ...]] = ("customer_id", "category_id", "status", "assigned_to_id")

    customer_id: int = Field(foreign_key="customer.id")
    item: str = Field(max_length=120)
    serial_number: str | None = Field(default=None, max_length=80, index=True)
    accessories: str | None = Field(default=None, max_length=300)
    fault: str = Field(max_length=2000)
    category_id: int = Field(foreign_key="category.id")
    status: CarryInStatus = Field(default=CarryInStatus.RECEIVED, sa_type=Word(CarryInStatus))
    assigned_to_id: int | None = Field(default=None, foreign_key="user.id")
    completed_by_id: int | None = Field(default=None, foreign_key="user.id")
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completion_remark: str | None = Field(default=None, max_length=2000)
    outcome: Outcome | None = Field(default=None, sa_type=Word(Outcome))
    delivered_by_id: int | None = Field(default=None, foreign_key="user.id")
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_to: str | None = Field(default=None, max_length=120)
    delivery_remark: str | None = Field(default=None, max_length=500)
    return_reason: str | None = Field(default=None, max_length=500)

    __table_args__ = (
        Index("ix_carry_in_customer_id_id", "customer_id", "id"),
        Index("ix_carry_in_assigned_to_id_id", "assigned_to_id", "id", "status", "category_id"),
        Index("ix_carry_in_category_id_id", "category_id", "id", "status", "assigned_to_id"),
        Index("ix_carry_in_status_id", "status", "id", "category_id", "assigned_to_id"),
        Index("ix_carry_in_updated_at_id", "updated_at", "id"),
        Index("ix_carry_in_in_shop", "status", "assigned_to_id", **_ONLY_IN_SHOP),
        Index("ix_carry_in_in_shop_customer_id", "customer_id", **_ONLY_IN_SHOP),
    )

    @property
    def number(self) -> str:
        """The number people quote."""
        return f"S-{self.id}"

    def take_to_bench(self, technician_id: int) -> None:
        self.check("bench")
        self.assigned_to_id = technician_id
        self.status = CarryInStatus.IN_REPAIR

    def complete(self, by: int, at: datetime, remark: str, outcome: Outcome) -> None:
        """Done on the bench. What never was on the bench can only be completed as unrepaired."""
        self.check("complete")
        if self.status == CarryInStatus.RECEIVED and outcome == Outcome.REPAIRED:
            raise Refused(
                f"{self.number} has not been on the bench. Take it there, or complete it as unrepaired."
            )
        self.completed_by_id, self.completed_at = by, at
        self.completion_remark, self.outcome = remark, outcome
        self.return_reason = None
        self.status = CarryInStatus.COMPLETED

    def deliver(self, by: int, at: datetime, to: str, remark: str | None) -> None:
        self.check("deliver")
        self.delivered_by_id, self.delivered_at = by, at
        self.delivered_to, self.delivery_remark = to, remark
        self.status = CarryInStatus.DELIVERED

    def return_to_bench(self, reason: str) -> None:
        """Not mended after all. Who had completed it stays in the journal.

        The reason is kept until it is completed again.
        """
        self.check("return")
        self.completed_by_id = self.completed_at = self.completion_remark = self.outcome = None
        self.return_reason = reason
        self.status = CarryInStatus.IN_REPAIR

    def check(self, step: str) -> None:
        """Raises Refused, with the reason, unless the step can be taken from the present status."""
        if self.status in STEPS[step]:
            return
        if step in ("deliver", "return") and self.status != CarryInStatus.DELIVERED:
            raise Refused(f"{self.number} is not completed yet.")
        word = "on the bench" if self.status == CarryInStatus.IN_REPAIR else self.status.value
        raise Refused(f"{self.number} is already {word}.")


def may_carry_in(actor: Actor, step: str, status: CarryInStatus) -> bool:
    """Whether the actor may take a step on a carry-in in this state. `step` is a key of STEPS, or "see"."""
    return actor.may(PERMISSIONS[step]) and (step == "see" or status in STEPS[step])
