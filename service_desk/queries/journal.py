"""Where the journal stands, and what it holds since."""

from __future__ import annotations

from sqlmodel import col, select

from ..domain.journal import Counter, Touch, Touched
from ..store.database import current


def last_seq() -> int:
    """The number of the last committed change; 0 on an empty desk."""
    with current().reading() as session:
        return session.exec(select(Counter.value).where(Counter.name == "journal")).one()


def touched_after(seq: int) -> tuple[int, tuple[Touched, ...]]:
    """The journal's last number and every touch since `seq`, in commit order."""
    with current().reading() as session:
        last = session.exec(select(Counter.value).where(Counter.name == "journal")).one()
        rows = session.exec(select(Touch).where(col(Touch.seq) > seq).order_by(col(Touch.seq), col(Touch.id)))
        return last, tuple(Touched(row.entity, row.row_id, row.changed, row.facts) for row in rows)
