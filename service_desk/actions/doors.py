"""The door book: who came in and who was turned away. Kept in memory for half a second, then written all at once.

However many knock, a flood costs two transactions a second, and a bounded number of rows an hour. What the last half
second held is lost when the process is killed.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .. import figures
from ..domain.errors import Busy, DeskError
from ..domain.security import GROUPS, Door, SecurityEvent, place_of
from ..domain.times import now
from ..log import get_logger
from ..store.change import housekeeping
from ..store.session import DeskSession

log = get_logger(__name__)

TOGETHER = timedelta(minutes=10)
"""For how long what repeats itself is counted in one row."""
ROWS_PER_ADDRESS = 200
ROWS = 5_000
"""New rows in an hour, from one address and in all. Beyond them details, then addresses are left out; never whom it
concerns. What was denied is counted apart, and by user where one is known: who makes up addresses of pages takes no
room from the sign-ins, nor from colleagues behind the same address."""
AT_ONCE = 500
"""Rows in one transaction."""
MORE = "many more"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What makes two happenings the same."""

    kind: Door
    user_id: int | None
    address: str
    detail: str


@dataclass(slots=True)
class Tally:
    at: datetime
    last_at: datetime
    times: int


class DoorBook:
    """What happened in this process. May be told from any thread."""

    def __init__(self) -> None:
        self._telling = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: dict[Line, Tally] = {}
        self._rows: dict[Line, tuple[int, datetime]] = {}
        self._new = Counter[tuple[bool, str]]()
        self._in_all = Counter[bool]()
        self._hour: datetime | None = None

    def note(self, line: Line) -> None:
        """Remember it until the next `write`."""
        at = now()
        figures.DOORS.add(line.kind.value)
        with self._telling:
            line = self._bounded(line, at)
            tally = self._waiting.setdefault(line, Tally(at, at, 0))
            tally.times += 1
            tally.last_at = at

    def is_waiting(self) -> bool:
        return bool(self._waiting)

    def write(self) -> bool:
        """Write what waits; whether there was anything. What the store can't take now waits on."""
        with self._writing:
            with self._telling:
                batch = dict(itertools.islice(self._waiting.items(), AT_ONCE))
                for line in batch:
                    del self._waiting[line]
            if not batch:
                return False
            try:
                with housekeeping() as session:
                    rows = {line: self._row(session, line, tally) for line, tally in batch.items()}
                    session.flush()
            except Busy:
                self._put_back(batch)
                return False
            except DeskError as fault:
                log.error("the door book lost %d lines: %s", len(batch), fault.sentence)
                return False
            self._keep(rows)
            return True

    def _bounded(self, line: Line, at: datetime) -> Line:
        """The line itself while there is room for it, else one that says less and so is shared by more."""
        if self._hour is None or at - self._hour >= HOUR:
            self._hour = at
            self._in_all.clear()
            self._new.clear()
        if line in self._waiting or self._known(line, at) is not None:
            return line
        denied = line.kind in GROUPS["denied"]
        if self._in_all[denied] >= ROWS:
            return replace(line, address="", detail=MORE)
        # A whole office may have one address: what is denied to somebody known takes no room from their colleagues.
        source = f"user {line.user_id}" if denied and line.user_id else line.address
        if self._new[denied, source] >= ROWS_PER_ADDRESS:
            return replace(line, detail=MORE)
        self._new[denied, source] += 1
        self._in_all[denied] += 1
        return line

    def _known(self, line: Line, at: datetime) -> int | None:
        """The row in which this is counted at this moment."""
        row_id, begun = self._rows.get(line, (None, at))
        return row_id if at - begun < TOGETHER else None

    def _row(self, session: DeskSession, line: Line, tally: Tally) -> SecurityEvent:
        known = self._known(line, tally.at)
        row = session.get(SecurityEvent, known) if known is not None else None
        if row is not None:
            row.times += tally.times
            row.last_at = tally.last_at
            return row
        row = SecurityEvent(at=tally.at, last_at=tally.last_at, times=tally.times, kind=line.kind.value)
        row.user_id, row.address, row.detail = line.user_id, line.address, line.detail
        session.add(row)
        return row

    def _keep(self, rows: dict[Line, SecurityEvent]) -> None:
        at = now()
        with self._telling:
            self._rows |= {line: (row.id, row.at) for line, row in rows.items() if row.id is not None}
            self._rows = {line: row for line, row in self._rows.items() if at - row[1] < TOGETHER}

    def _put_back(self, batch: dict[Line, Tally]) -> None:
        with self._telling:
            for line, tally in batch.items():
                newer = self._waiting.get(line)
                if newer is not None:
                    tally.times += newer.times
                    tally.last_at = newer.last_at
                self._waiting[line] = tally


_book = DoorBook()


def note(kind: Door, user_id: int | None = None, address: str = "", detail: str = "") -> None:
    """Note what happened at a door; from any thread, and at once. `detail` must be nothing that was typed."""
    shown = "".join(letter for letter in detail[:400] if letter.isprintable())
    _book.note(Line(kind, user_id, place_of(address), shown[:200]))


def is_waiting() -> bool:
    """Whether anything is to be written."""
    return _book.is_waiting()


def write() -> bool:
    """Write what was noted; whether there was anything."""
    return _book.write()


def write_all() -> None:
    """Write everything that was noted, for as long as the store takes it: there is no later."""
    while write():
        pass
