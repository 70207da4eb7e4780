"""Where the journal stands, and what it holds since."""

from __future__ import annotations

from sqlmodel import col, select

from ..domain.journal import Touch, Touched
from ..store.database import current
from .answer import read_seq


def last_seq() -> int:
    """The number of the last committed change; 0 on an empty desk."""
    with current().looking() as session:
        return read_seq(session)


def touched_after(seq: int) -> tuple[int, tuple[Touched, ...]]:
    """The journal's last number and every touch since `seq`, in commit order."""
    with current().reading() as session:
        last = read_seq(session)
        rows = session.exec(select(Touch).where(col(Touch.seq) > seq).order_by(col(Touch.seq), col(Touch.id)))
        return last, tuple(Touched(row.entity, row.row_id, row.changed, row.facts) for row in rows)
