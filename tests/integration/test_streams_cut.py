"""Streams whose reader takes nothing are cut, and counted; others that end are not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service_desk import figures
from service_desk.domain.access import Actor
from service_desk.live.wake import Wake
from service_desk.queries.api_tokens import who_bears
from service_desk.web import streams
from service_desk.web.streams import Stream
from tests.api_caller import token_of
from tests.hub_room import a_hub, run


class Deaf:
    """Lets a stream begin, and takes nothing of it."""

    def __init__(self) -> None:
        self.is_deaf = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message.get("body"):
            self.is_deaf.set()
            await asyncio.Event().wait()

    async def receive(self) -> dict[str, str]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}


def cuts_of(actor: Actor, *, ended: bool = False) -> int:
    """How many cuts are counted for a stream that nobody reads."""
    before = figures.STREAMS_CUT.counts.get((), 0)
    bearer = who_bears(token_of(actor))
    assert bearer is not None

    async def story() -> None:
        async with a_hub() as (hub, _):
            wake = Wake(hub)
            streams.streams.watch(wake)
            stream, deaf = Stream(bearer, 0, wake), Deaf()
            reading = asyncio.create_task(stream({"type": "http", "method": "GET"}, deaf.receive, deaf.send))
            await deaf.is_deaf.wait()
            if ended:
                stream.end()
            await reading
            assert streams.streams.open_now() == 0

    run(story)
    return figures.STREAMS_CUT.counts.get((), 0) - before


def test_a_stream_that_is_cut_since_nobody_reads_it_is_counted(
    ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "UNREAD_SECONDS", 0.05)
    assert cuts_of(ada) == 1


def test_one_that_is_over_anyway_is_not(ada: Actor) -> None:
    assert cuts_of(ada, ended=True) == 0
