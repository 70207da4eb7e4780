"""The bus between processes: a number over Redis wakes the others up, who then read the journal themselves.

What is lost costs a second, since each process compares its number with the journal's anyway.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import Callable
from typing import Any

from ..domain.journal import News
from ..log import get_logger
from ..store import change
from .redis_link import AWAY, QuickRedis, desk_name

log = get_logger(__name__)

AGAIN_SECONDS = 0.5
SILENCE_SECONDS = 2.0
"""After so long without a word it is asked whether the line still stands."""
LONGEST = 100_000

# From whom, what kind, and numbers: news of a commit, sign-ins that ended, who is here, lines in the door book, access
# tokens made or ended, lines in the webhooks' logs.
_WORD = re.compile(
    rb"([\w-]{1,40}) (news|ended|here|hello|gone|doors|tokens|sent)((?: \d{1,18}(?::\d{1,18})?){0,5000})"
)

Hear = Callable[[str, list[tuple[int, int]]], None]


class RedisBus:
    """One process's place on the channel. Belongs to the event loop's thread, but for what is said to be otherwise."""

    def __init__(self, redis: QuickRedis) -> None:
        self.redis = redis
        self.name = secrets.token_hex(8)
        self.channel = desk_name(redis)
        self.is_heard = self._is_told = False
        self._hears: dict[str, Hear] = {}
        self._saying: asyncio.Task[None] | None = None
        self._to_say: dict[str, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_line: list[Callable[[], None]] = []

    def subscribe(self, hear: Callable[[News], None]) -> Callable[[], None]:
        """The process's own commits reach `hear` directly, and the others by their number."""

        def tell(news: News) -> None:
            hear(news)
            self.say_soon("news", str(news.seq))

        return change.on_news(tell)

    def on(self, kind: str, hear: Hear) -> None:
        """Call `hear` with the other process's name and the pairs of numbers that came with a word of this kind."""
        self._hears[kind] = hear

    def say_soon(self, kind: str, words: str = "") -> None:
        """Tell the others. From any thread; never waits, never fails."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.say, kind, words)

    def say(self, kind: str, words: str = "") -> None:
        """Tell the others. It replaces what still waits of the same kind, but for ended sign-ins."""
        if kind == "ended" and kind in self._to_say:
            words = f"{self._to_say[kind]} {words}"
        self._to_say[kind] = words
        if self._saying is None:
            self._saying = asyncio.ensure_future(self._say())

    async def settle(self) -> None:
        """Wait until all is said."""
        if self._saying is not None:
            await asyncio.wait((self._saying,))

    async def run(self) -> None:
        """Listen until cancelled, over a new line whenever one is lost."""
        self._loop = asyncio.get_running_loop()
        while True:
            try:
                await self._listen()
            except AWAY as fault:
                # Once each time it goes, and if it was not there to begin with.
                if not self._is_told:
                    log.warning(
                        "Redis is away: changes of other processes come up to a second later", why=str(fault)
                    )
                self._is_told = True
            finally:
                self.is_heard = False
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        async with self.redis.pubsub() as line:
            async with asyncio.timeout(SILENCE_SECONDS):
                await line.subscribe(self.channel)
            is_asked = False
            while True:
                message = await line.get_message(timeout=SILENCE_SECONDS)
                if message is None and is_asked:
                    raise TimeoutError("no answer")
                is_asked = message is None
                if message is None:
                    await line.ping()
                elif message["type"] == "subscribe":
                    self._begin()
                elif message["type"] == "message":
                    self._take(message["data"])

    def _begin(self) -> None:
        log.info("connected to Redis")
        self.is_heard, self._is_told = True, False
        for told in self.on_line:
            told()

    def _take(self, data: Any) -> None:
        """Heed a word of ours; whatever else is on the channel is ignored."""
        word = _WORD.fullmatch(data) if isinstance(data, bytes) and len(data) <= LONGEST else None
        if word is None or (who := word[1].decode()) == self.name:
            return
        if hear := self._hears.get(word[2].decode()):
            pairs = (each.partition(b":") for each in word[3].split())
            hear(who, [(int(first), int(second or 0)) for first, _, second in pairs])

    async def _say(self) -> None:
        try:
            while self._to_say:
                kind = next(iter(self._to_say))
                words = self._to_say.pop(kind)
                with contextlib.suppress(*AWAY):
                    await self.redis.publish(self.channel, f"{self.name} {kind} {words}".strip())
        finally:
            self._saying = None
