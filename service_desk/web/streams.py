"""Open streams of events: who reads along, how far, and for how long they still may.

The journal is the buffer: a stream holds no more than what it is sending, and reads on when that is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus, SendTimeoutError
from starlette.types import Receive, Scope, Send

from .. import figures
from ..domain.access import Actor
from ..domain.errors import Busy
from ..domain.journal import Touched
from ..live.gate import off_loop
from ..live.views import changes_rights
from ..live.wake import Wake
from ..log import get_logger
from ..queries.api_tokens import bearers
from ..queries.events import ENTRIES_AT_ONCE, Batch, events_after

log = get_logger(__name__)
# The farewell ends them in order; what the library does at a signal would break them off.
AppStatus.disable_automatic_graceful_drain()

MOST_PER_TOKEN = 5
PING_SECONDS = 15
SLOW_SECONDS = 20.0
"""How often a stream looks by itself, in case that it was not woken."""
UNREAD_SECONDS = 30.0
"""How long a client may take nothing, before its stream ends. What was written is in the journal."""
END_SECONDS = 0.5
"""How long a stream that is over may take to say so."""
RETRY_MS = 3000
BUSY_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 1.0


class Streams:
    """All streams of this process. Belongs to the event loop's thread."""

    def __init__(self) -> None:
        self.wake: Wake | None = None
        self.closing = False
        self.turn = asyncio.Semaphore()
        """To be held by a stream that catches up."""
        self._open: dict[Stream, Actor] = {}

    def watch(self, wake: Wake) -> None:
        """Let the hub's news wake the streams, and tell them of new rights."""
        self.wake, self.closing, self.turn = wake, False, asyncio.Semaphore()
        wake.hub.on_touched.append(self._hear)

    def of_token(self, token_id: int | None) -> int:
        """How many streams a token has open."""
        return Counter(actor.token_id for actor in self._open.values())[token_id]

    def open_now(self) -> int:
        """How many there are."""
        return len(self._open)

    def enter(self, stream: Stream, actor: Actor) -> None:
        self._open[stream] = actor

    def leave(self, stream: Stream) -> None:
        self._open.pop(stream, None)

    async def _hear(self, touched: tuple[Touched, ...]) -> None:
        people = {each.row_id for each in touched if changes_rights(each)}
        for stream, actor in self._open.items():
            stream.doubted |= actor.id in people

    def ring(self) -> None:
        """Have everybody look whether they still may. From any thread."""
        if self.wake is not None:
            self.wake.ring_soon()

    async def check(self) -> None:
        """Ask the store once about the tokens of all streams: no news tells that one has expired, or was revoked by
        another process."""
        tokens = {actor.token_id for actor in self._open.values() if actor.token_id}
        if not tokens:
            return
        known = await off_loop(bearers, tokens)
        for stream, actor in list(self._open.items()):
            if known.get(actor.token_id or 0) is None:
                stream.end()

    def close(self) -> None:
        """End all of them: the server stops."""
        self.closing = True
        for stream in list(self._open):
            stream.end()


streams = Streams()


class Stream(EventSourceResponse):
    """The journal after `seq` as server-sent events, for as long as the token is good and somebody reads."""

    def __init__(self, actor: Actor, seq: int, wake: Wake) -> None:
        super().__init__(
            self._told(),
            ping=PING_SECONDS,
            ping_message_factory=lambda: ServerSentEvent(comment="still here"),
            send_timeout=UNREAD_SECONDS,
            headers={"Cache-Control": "no-store"},
        )
        self.actor = actor
        self.seq = self.told = seq
        self.wake = wake
        self.doubted = False
        """Whether the rights may have changed since what is being sent was read."""
        self._ended = asyncio.Event()
        self._limit = asyncio.timeout(None)
        streams.enter(self, actor)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._limit:
                await super().__call__(scope, receive, send)
        except (SendTimeoutError, TimeoutError):
            if not self._ended.is_set():
                figures.STREAMS_CUT.add()
            log.info("ended a stream that nobody read", seq=self.told)
        finally:
            streams.leave(self)

    def end(self) -> None:
        """Let it end in order, or a moment later without."""
        if not self._ended.is_set():
            self._ended.set()
            # One that has not begun, or is over already, has no limit to be set.
            with contextlib.suppress(RuntimeError):
                self._limit.reschedule(asyncio.get_running_loop().time() + END_SECONDS)
            self.wake.ring()

    async def _told(self) -> AsyncIterator[ServerSentEvent]:
        # Written at once, so that the client knows that it is connected.
        yield ServerSentEvent(comment="events of the desk", retry=RETRY_MS)
        is_behind = False
        while not self._ended.is_set():
            ticket, self.doubted = self.wake.ticket(), False
            try:
                batch = await (self._catch_up() if is_behind else off_loop(self._read))
            except Busy:
                await self.wake.wait(ticket, BUSY_SECONDS)
                continue
            if batch is None:
                return
            is_behind = batch.upto < batch.last
            for event in batch.events:
                if self._ended.is_set() or self.doubted:
                    break
                yield _message(event)
                figures.STREAM_EVENTS.add()
                self.seq = self.told = event["seq"]
            else:
                self.seq = batch.upto
                if self.seq - self.told >= ENTRIES_AT_ONCE:
                    # Nothing of it was for this reader, who needn't go through it again after a cut.
                    self.told = self.seq
                    yield ServerSentEvent(id=str(self.seq))
                if not is_behind and not self._ended.is_set():
                    await self.wake.wait(ticket, SLOW_SECONDS)

    async def _catch_up(self) -> Batch | None:
        """What comes next, one stream after the other and with pauses: a long past keeps nobody else waiting."""
        async with streams.turn:
            if self._ended.is_set():
                return None
            began = time.monotonic()
            batch = await off_loop(self._read)
            await asyncio.sleep(min(time.monotonic() - began, LONGEST_PAUSE_SECONDS))
        return batch

    def _read(self) -> Batch | None:
        """What comes next, by the rights that the token has once it is read; None when it has none any more."""
        while True:
            batch = events_after(self.actor, self.seq)
            actor = bearers({self.actor.token_id or 0}).get(self.actor.token_id or 0)
            if actor is None:
                return None
            if actor.role == self.actor.role:
                return batch
            self.actor = actor


def _message(event: dict[str, object]) -> ServerSentEvent:
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return ServerSentEvent(data=data, event=str(event["name"]), id=str(event["seq"]))
