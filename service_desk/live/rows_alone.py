"""Rows that are read alone: what a change says anew in lists whose order it leaves as it is."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .. import figures
from ..domain.access import Scope
from ..domain.errors import DeskError
from ..domain.journal import Touched
from ..queries.answer import Answer
from . import lag
from .gate import off_loop
from .room import Room
from .views import RowsAlone, View

Group = tuple[View, Scope]


class Rooms(Protocol):
    """What is needed of the hub."""

    reads: int

    def refresh(self, room: Room) -> None: ...
    def spawn(self, work: Awaitable[None]) -> asyncio.Task[None]: ...
    async def pass_on(self, room: Room, answer: Answer, heard: float) -> None: ...


@dataclass(slots=True)
class _Wanted:
    heard: float
    ids: set[int] = field(default_factory=set)


class RowReads:
    """Reads each touched row once for all rooms with equal rights, however many questions they ask.

    What isn't plain is left to a whole read: a room that is being read, or got another answer meanwhile.
    """

    def __init__(self, hub: Rooms) -> None:
        self.hub = hub
        self._waiting: dict[Group, dict[Room, _Wanted]] = defaultdict(dict)
        self._reading: set[Group] = set()

    def take(self, room: Room, touched: Sequence[Touched]) -> bool:
        """See to these touches of a room. False when its whole answer must be read again."""
        alone, answer = room.view.alone, room.answer
        if alone is None or answer is None or room.is_moving:
            return False
        if not all(alone.stays(each, room.reader.scope, room.question) for each in touched):
            return False
        shown = {each.row_id for each in touched} & answer.rows.keys()
        if shown:
            group = (room.view, room.view.scope_of(room.reader))
            self._waiting[group].setdefault(room, _Wanted(lag.heard_at())).ids.update(map(int, shown))
            if group not in self._reading:
                self._reading.add(group)
                self.hub.spawn(self._read_on(group, alone))
        return True

    async def _read_on(self, group: Group, alone: RowsAlone) -> None:
        wanted: dict[Room, _Wanted] = {}
        try:
            while wanted := self._waiting.pop(group, {}):
                await self._read(f"{group[0].kind}, row by row", alone, wanted)
        except Exception:
            # Nobody would come back to these, nor to those who came during the attempt.
            for room in {*wanted, *self._waiting.pop(group, {})}:
                self.hub.refresh(room)
            raise
        finally:
            self._reading.discard(group)

    async def _read(self, kind: str, alone: RowsAlone, wanted: dict[Room, _Wanted]) -> None:
        before = {room: room.answer for room in wanted}
        ids = frozenset(row for each in wanted.values() for row in each.ids)
        began = time.perf_counter()
        self.hub.reads += 1
        try:
            found = await off_loop(alone.read, next(iter(wanted)).reader, ids)
            figures.READ_SECONDS.add(time.perf_counter() - began, kind)
        except DeskError:
            found = Answer(0)
        for room, each in wanted.items():
            if room.answer is before[room] and not room.is_moving and each.ids <= found.rows.keys():
                await self._replace(room, each, found)
            else:
                self.hub.refresh(room)

    async def _replace(self, room: Room, wanted: _Wanted, found: Answer) -> None:
        old = room.answer
        if old is None:
            return
        rows = dict(old.rows)
        rows.update((row, found.rows[row]) for row in wanted.ids)
        async with room.lock:
            await self.hub.pass_on(room, Answer(found.seq, old.order, rows, old.extra), wanted.heard)
