"""Commands of the screens that were carried out, so that a repetition is answered and not carried out again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime

KEPT = timedelta(days=7)
"""How long a repetition is recognised."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def is_key(given: object) -> TypeGuard[str]:
    """Whether this can be the key of a command, or of a form that is known again when it is sent twice."""
    return isinstance(given, str) and _KEY.fullmatch(given) is not None


class Command(SQLModel, table=True):
    """Written in the command's own transaction: either both are there, or neither.

    `payload_hash` is the SHA-256 of what was to be done with which words. `result` is what the action returned,
    `seq` the journal's number of the change, None when nothing differed afterwards.
    """

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    key: str = Field(max_length=64, primary_key=True)
    payload_hash: str = Field(max_length=64)
    result: Any = Field(default=None, sa_type=JSON, nullable=True)
    seq: int | None = Field(default=None)
    at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)
