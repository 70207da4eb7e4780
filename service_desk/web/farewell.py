"""The end of a server that was asked to stop: what it has begun ends well, and everybody comes back by themselves."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable

from ..live.socket import ReflexPost

HEAR_SECONDS = 0.3
"""What browsers sent before they heard the goodbye is sent back to them; it needs this long to arrive."""
BEGUN_SECONDS = 5.0
"""What has begun may last this long: longer than the store lets anybody wait for a lock."""
SENT_SECONDS = 1.0
WRITTEN_SECONDS = 0.1
LOOK_SECONDS = 0.02


class Farewell:
    """Ends the sockets' work in order. `begun` is true from the first moment of it; then `end_streams` is called."""

    def __init__(self, post: ReflexPost, end_streams: Callable[[], None]) -> None:
        self.post = post
        self.end_streams = end_streams
        self.begun = False

    async def say(self, hurry: Callable[[], bool]) -> None:
        """Tell every socket, let what has begun end and its answers go out, hang up.

        At most about seven seconds, fewer when everything has ended or `hurry` says so.
        """
        self.begun = True
        self.end_streams()
        await self.post.part()
        await asyncio.sleep(HEAR_SECONDS)
        await _until(lambda: hurry() or not self.post.is_working(), BEGUN_SECONDS)
        await self.post.hang_up()
        await _until(lambda: hurry() or not self.post.is_sending(), SENT_SECONDS)
        # What was taken from a queue a moment ago is not on the wire yet.
        await asyncio.sleep(WRITTEN_SECONDS)


async def _until(done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    for _ in itertools.count():
        if done() or time.monotonic() > until:
            return
        await asyncio.sleep(LOOK_SECONDS)
