"""Categories: the kinds of calls, and the kinds of carry-ins."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from .columns import Word
from .record import Record


class CategoryKind(StrEnum):
    CALL = "call"
    CARRY_IN = "carry_in"


class Category(Record, table=True):
    """Archived ones stay on old records and leave the forms."""

    __entity__: ClassVar[str] = "category"
    __facts__: ClassVar[tuple[str, ...]] = ("kind",)

    kind: CategoryKind = Field(sa_type=Word(CategoryKind))
    name: str = Field(max_length=60)
    is_active: bool = Field(default=True)
    position: int = Field(default=0)

    __table_args__ = (Index("uq_category_kind_name_lower", "kind", text("lower(name)"), unique=True),)
