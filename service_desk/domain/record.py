"""What every row that people edit has in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime
from .times import now

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Record(SQLModel):
    """A journaled row with optimistic locking.

    `__entity__` is the noun under which the journal and the news know it. `__secret__` fields are journaled
    as changed without their values. `__facts__` are the fields that decide who may see the row: every touch
    carries them, so that the news can be routed without reading the row.
    """

    __entity__: ClassVar[str]
    __secret__: ClassVar[frozenset[str]] = frozenset()
    __facts__: ClassVar[tuple[str, ...]] = ()

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1, nullable=False)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)
    created_by_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]

    @property
    def key(self) -> int:
        """The id of a stored row.

        Raises:
            ValueError: the row has not been stored yet.
        """
        if self.id is None:
            raise ValueError("this row has no id yet")
        return self.id
