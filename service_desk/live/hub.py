"""The hub: reads each touched question once after a change and sends the difference once to its room."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from .. import figures, reference
from ..domain.access import Actor
from ..domain.errors import Busy, DeskError
from ..domain.journal import News, Touched
from ..log import get_logger
from ..queries.answer import Answer
from ..queries.journal import last_seq, touched_after
from . import lag
from .gate import off_loop
from .room import Changes, Room
from .rows_alone import RowReads
from .views import Question, changes_rights, view_of

log = get_logger(__name__)

Key = tuple[str, object, Question]
RIGHTS_SECONDS = 1.0
"""How long news waits at most until everybody's rights are known again."""


@dataclass(eq=False, frozen=True, slots=True)
class Asked:
    """One time that a session asked. Of several for the same slot only the last one is answered."""

    question: Question


class Post(Protocol):
    """How the hub reaches browsers; `live.socket` is the real one."""

    def is_here(self, sid: str) -> bool: ...
    async def enter(self, sid: str, room: str) -> bool: ...
    async def leave(self, sid: str, room: str) -> None: ...
    async def send(self, to: str, slot: str, changes: Changes) -> None: ...


class Hub:
    """All rooms of one process. Every method but `hear` belongs to the event loop's thread."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.seq = 0
        self.reads = 0
        self.rooms: dict[Key, Room] = {}
        self._places: dict[str, dict[str, Room]] = defaultdict(dict)
        self._asked: dict[str, dict[str, Asked]] = defaultdict(dict)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._rows = RowReads(self)
        self.on_touched: list[Callable[[tuple[Touched, ...]], Awaitable[None]]] = []

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.seq = await off_loop(last_seq)

    def hear(self, news: News) -> None:
        """Called by the bus, from any thread."""
        lag.hear()
        self.soon(self._take, news)

    def soon(self, work: Callable[..., None], *given: object) -> None:
        """Let the event loop's thread do it; may be called from any. Before the start nothing is done."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work, *given)

    async def ask(self, sid: str, slot: str, actor: Actor, question: Question) -> None:
        """Join the room of a question and get its whole answer, in one step, instead of the slot's earlier one.

        Raises:
            DeskError: the actor may not ask this, or the store can't answer now; nothing is joined then.
        """
        if not self.post.is_here(sid):
            return
        asked = self._asked[sid][slot] = Asked(question)
        room = self._room(slot, actor, question)
        if self._places.get(sid, {}).get(slot) is room and not room.stale:
            return
        # Counted before the wait, so that nobody forgets the room while somebody is at its door.
        room.newcomers += 1
        try:
            async with room.lock:
                if room.answer is None or room.stale:
                    await self._read(room)
                # Whoever left or asked anew during the wait, with lower rights perhaps, must not be brought back.
                if self._asked.get(sid, {}).get(slot) is asked:
                    await self._enter(sid, slot, room)
        except DeskError:
            if self._asked.get(sid, {}).get(slot) is asked:
                raise
        finally:
            room.newcomers -= 1
            self._forget_if_empty(room)

    async def ask_or_refuse(self, sid: str, slot: str, actor: Actor, question: Question) -> DeskError | None:
        """Ask; what may not be asked, or can't be answered now, leaves the slot empty with the sentence.

        Returns the refusal, if it was one.
        """
        try:
            await self.ask(sid, slot, actor, question)
        except DeskError as refusal:
            await self.refuse(sid, slot, reference.told(refusal, noted=True))
            return refusal
        return None

    async def drop(self, sid: str, slot: str | None = None) -> None:
        """Leave one slot's room, or every room."""
        for taken in [slot] if slot else self.slots(sid):
            self._asked.get(sid, {}).pop(taken, None)
            await self._leave(sid, taken)
        for kept in (self._places, self._asked):
            if not kept.get(sid):
                kept.pop(sid, None)

    def slots(self, sid: str) -> set[str]:
        """The slots in which the session has a question, open or refused."""
        return set(self._asked.get(sid, ()))

    def unanswered(self) -> list[str]:
        """The sessions of which a question was refused."""
        return [sid for sid, asked in self._asked.items() if asked.keys() - self._places.get(sid, {}).keys()]

    async def refuse(self, sid: str, slot: str, sentence: str) -> None:
        """Empty the slot, with the sentence that says why. With other rights it is asked again."""
        room = self._places.get(sid, {}).get(slot)
        known = room.rows_known() if room else ()
        await self._leave(sid, slot)
        if slot in self.slots(sid):
            emptied: Changes = {**dict.fromkeys(known), "order": [], "extra": {"refused": sentence}}
            await self.post.send(sid, slot, emptied)

    async def ask_again(self, sid: str, actor: Actor) -> None:
        """Ask everything the session is looking at, or is about to, with the rights that it has now."""
        for slot in self.slots(sid):
            # Looked up one by one: another page may be opened while the slots before are being asked.
            asked = self._asked.get(sid, {}).get(slot)
            if asked is not None:
                await self.ask_or_refuse(sid, slot, actor, asked.question)

    def touch(self, touched: Iterable[Touched]) -> None:
        """Read again every room that these touches may concern."""
        touched = tuple(touched)
        for room in list(self.rooms.values()):
            scope, question, concerns = room.reader.scope, room.question, room.view.concerns
            told = [each for each in touched if concerns(each, scope, question)]
            if told and not self._rows.take(room, told):
                self.refresh(room)

    def refresh(self, room: Room) -> None:
        """Mark a room to be read again. While it is being read, further news only marks it once more."""
        room.stale = True
        room.news_at = room.news_at or lag.heard_at()
        if room.refreshing is None:
            room.refreshing = self.spawn(self._refresh(room))

    def refresh_all(self, about: type[Question]) -> None:
        """Read again every room with a question of this type, after what no journal tells."""
        for room in list(self.rooms.values()):
            if isinstance(room.question, about):
                self.refresh(room)

    async def catch_up(self) -> None:
        """Compare with the journal and take what the bus has lost. Cheap: one number when nothing was."""
        # News may come during the reading; what it leaves open is looked for once more.
        while await off_loop(last_seq) > self.seq:
            after = self.seq
            seq, touched = await off_loop(touched_after, after)
            if self.seq == after:
                self._announce(seq, touched)

    async def slow_check(self) -> None:
        """Heal what the news could not: lost messages, reads that failed, answers that depend on the clock."""
        await self.catch_up()
        for room in list(self.rooms.values()):
            if room.stale or room.view.timed:
                self.refresh(room)

    async def settle(self) -> None:
        """Wait until everything that was heard has been read and sent."""
        await asyncio.sleep(0)
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def let_pass(self, seconds: float) -> None:
        """Wait until what has been heard so far has been read and sent, for so long at most."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    def _take(self, news: News) -> None:
        if news.seq == self.seq + 1:
            self._announce(news.seq, news.touched)
        elif news.seq > self.seq:
            self.spawn(self.catch_up())

    def _announce(self, seq: int, touched: tuple[Touched, ...]) -> None:
        self.seq = seq
        told = [self.spawn(listener(touched)) for listener in self.on_touched]
        if self._asking is not None or any(changes_rights(each) for each in touched):
            self._asking = self.spawn(self._after_rights(self._asking, told, touched))
        else:
            self.touch(touched)

    async def _after_rights(
        self, earlier: asyncio.Task[None] | None, told: list[asyncio.Task[None]], touched: tuple[Touched, ...]
    ) -> None:
        """Let those who lost rights leave their rooms before these are read again, and later news wait for that."""
        if earlier is not None:
            await asyncio.wait((earlier,))
        if told:
            await asyncio.wait(told, timeout=RIGHTS_SECONDS)
        self.touch(touched)
        if self._asking is asyncio.current_task():
            self._asking = None

    async def _refresh(self, room: Room) -> None:
        try:
            # Who is at the door counts too: what they are about to be shown was read before this news.
            while room.stale and (room.members or room.newcomers):
                async with room.lock:
                    await self._read(room)
        except DeskError as refusal:
            log.warning("a room could not be read", view=room.view.kind, told=refusal.sentence)
        finally:
            room.refreshing = None

    async def _read(self, room: Room) -> None:
        room.stale = False
        self.reads += 1
        began, news_at, room.news_at = time.perf_counter(), room.news_at, 0.0
        try:
            answer: Answer = await off_loop(room.view.read, room.reader, room.question)
        except BaseException as fault:
            room.stale, room.unread, room.news_at = True, isinstance(fault, Busy), news_at
            raise
        room.unread = False
        figures.READ_SECONDS.add(time.perf_counter() - began, room.view.kind)
        await self.pass_on(room, answer, news_at)

    async def pass_on(self, room: Room, answer: Answer, heard: float) -> None:
        """Send a room what differs in a newer answer. Its lock must be held."""
        changes = room.replace(answer)
        if changes and room.members:
            await self.post.send(room.name, room.slot, changes)
            lag.note_sent(room.view.kind, heard)

    def _room(self, slot: str, actor: Actor, question: Question) -> Room:
        view = view_of(question)
        key = (slot, view.scope_of(actor), question)
        if key not in self.rooms:
            self.rooms[key] = Room(f"view:{next(self._numbers)}", view, actor, question, slot)
        return self.rooms[key]

    async def _enter(self, sid: str, slot: str, room: Room) -> None:
        before = self._places[sid].get(slot)
        gone = before.rows_known() - room.rows_known() if before else set()
        if before is not room:
            await self._leave(sid, slot)
        if not await self.post.enter(sid, room.name):
            await self.drop(sid, slot)
            return
        room.members.add(sid)
        self._places[sid][slot] = room
        whole = room.whole()
        await self.post.send(sid, slot, {**dict.fromkeys(gone), **whole} if gone else whole)

    async def _leave(self, sid: str, slot: str) -> None:
        room = self._places.get(sid, {}).pop(slot, None)
        if room is None:
            return
        room.members.discard(sid)
        await self.post.leave(sid, room.name)
        self._forget_if_empty(room)

    def _forget_if_empty(self, room: Room) -> None:
        key = (room.slot, room.view.scope_of(room.reader), room.question)
        if not room.members and not room.newcomers and self.rooms.get(key) is room:
            del self.rooms[key]

    def spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Let something run beside the caller; `settle` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
