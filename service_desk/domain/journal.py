"""The journal: everything that was ever changed, by whom, in commit order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime

WIRE_NAMES: dict[str, str] = {
    "create call": "call_created",
    "edit call": "call_updated",
    "assign call": "call_assigned",
    "reassign call": "call_assigned",
    "unassign call": "call_assigned",
    "start call": "call_started",
    "complete call": "call_completed",
    "cancel call": "call_cancelled",
    "reopen call": "call_reopened",
    "receive carry-in": "service_created",
    "edit carry-in": "service_updated",
    "take carry-in to the bench": "service_updated",
    "complete carry-in": "service_updated",
    "deliver carry-in": "service_updated",
    "return carry-in to the bench": "service_updated",
    "create customer": "customer_created",
    "edit customer": "customer_updated",
    "create user": "user_created",
    "edit user": "user_updated",
    "set password": "user_updated",
    "turn on second factor": "user_updated",
    "turn off second factor": "user_updated",
    "reset second factor": "user_updated",
    "renew recovery codes": "user_updated",
    "create access token": "user_updated",
    "reactivate user": "user_updated",
    "deactivate user": "user_deleted",
    "create call category": "category_created",
    "edit call category": "category_updated",
    "reorder call categories": "category_updated",
    "restore call category": "category_updated",
    "archive call category": "category_deleted",
    "create carry-in category": "service_category_created",
    "edit carry-in category": "service_category_updated",
    "reorder carry-in categories": "service_category_updated",
    "restore carry-in category": "service_category_updated",
    "archive carry-in category": "service_category_deleted",
    "create webhook": "webhook_created",
    "edit webhook": "webhook_updated",
    "pause webhook": "webhook_updated",
    "resume webhook": "webhook_updated",
    "switch off webhook": "webhook_updated",
    "renew secret of webhook": "webhook_updated",
    "remove webhook": "webhook_deleted",
    # A step taken back is known outside by where the record is again.
    "undo assign call": "call_assigned",
    "undo reassign call": "call_assigned",
    "undo unassign call": "call_assigned",
    "undo start call": "call_updated",
    "undo complete call": "call_reopened",
    "undo cancel call": "call_reopened",
    "undo reopen completed call": "call_completed",
    "undo reopen cancelled call": "call_cancelled",
    "undo take carry-in to the bench": "service_updated",
    "undo complete carry-in": "service_updated",
    "undo deliver carry-in": "service_updated",
    "undo return carry-in to the bench": "service_updated",
    "undo archive call category": "category_updated",
    "undo restore call category": "category_deleted",
    "undo archive carry-in category": "service_category_updated",
    "undo restore carry-in category": "service_category_deleted",
    "undo deactivate user": "user_updated",
    "undo reactivate user": "user_deleted",
}
"""Verb, as people say it → the name by which the change is known outside. A verb not listed cannot be journaled."""


class Counter(SQLModel, table=True):
    """A number that only rises. `journal` holds the last `seq` given out."""

    name: str = Field(primary_key=True, max_length=20)
    value: int = Field(default=0)


class JournalEntry(SQLModel, table=True):
    """One committed change. `seq` rises strictly in commit order and has no gaps."""

    __tablename__ = "journal_entry"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)
    actor_id: int | None = Field(default=None, foreign_key="user.id")
    verb: str = Field(max_length=40, index=True)

    __table_args__ = (Index("ix_journal_entry_actor_id_seq", "actor_id", "seq"),)


class Touch(SQLModel, table=True):
    """One row that a change touched.

    `changed` maps a field to [old, new]. `facts` maps each fact of the record to its value after the change.
    """

    id: int | None = Field(default=None, primary_key=True)
    seq: int = Field(foreign_key="journal_entry.seq", index=True)
    entity: str = Field(max_length=20)
    row_id: int
    changed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    __table_args__ = (
        Index("ix_touch_entity_row_id", "entity", "row_id"),
        Index("ix_touch_entity_seq", "entity", "seq"),
    )


@dataclass(frozen=True, slots=True)
class Touched:
    """A touch as the news carries it inside the process."""

    entity: str
    row_id: int
    changed: dict[str, Any]
    facts: dict[str, Any]

    def ever(self, field: str) -> tuple[Any, ...]:
        """The values that `field` had before and has after the change."""
        if field in self.changed:
            return tuple(self.changed[field])
        return (self.facts.get(field),)


@dataclass(frozen=True, slots=True)
class News:
    """The journal stands at `seq`, and these rows were touched by its last entry."""

    seq: int
    touched: tuple[Touched, ...]
