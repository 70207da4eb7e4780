"""The session behind every read and every change, and the ways round the journal that it refuses."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import CursorResult, Delete, Insert, Select, TextClause, Update, event
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

T = TypeVar("T")


class UnjournaledWriteError(RuntimeError):
    """Code tried to change the store outside `store.change`. A mistake in the program, never in the input."""


class DeskSession(Session):
    """A session whose commit belongs to `store.change`, and whose rows can only change one by one."""

    def __init__(self, bind: Any, *, read_only: bool = False, **options: Any) -> None:
        super().__init__(bind, autoflush=not read_only, **options)
        self.read_only = read_only
        self.may_commit = False
        self.result: Any = None

    def answer(self, result: T) -> T:
        """What the change answers, as JSON can hold it. It is stored, so that a repetition answers the same."""
        self.result = result
        return result

    def read(self, kept: Select[Any], **values: Any) -> CursorResult[Any]:
        """The rows of a SELECT of columns that was built once and is kept, with the values it leaves open.

        SQLAlchemy takes longer to put a long SELECT together than the database to answer it.
        """
        return self.connection().execute(kept, values)

    def commit(self) -> None:
        if not self.may_commit:
            raise UnjournaledWriteError("only store.change commits")
        super().commit()


@event.listens_for(DeskSession, "do_orm_execute")
def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Update | Delete | Insert | TextClause):
        raise UnjournaledWriteError(
            "bulk writes and raw SQL would escape the journal; change rows one by one"
        )


@event.listens_for(DeskSession, "before_flush")
def _refuse_writes_while_reading(session: DeskSession, _context: Any, _instances: Any) -> None:
    if session.read_only and (session.new or session.deleted or session.dirty):
        raise UnjournaledWriteError("a reading session can't change rows")
