"""Streams that go through a long past in which nothing is for them: they give way, and say that they still stand."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, update

from service_desk.domain.access import Actor
from service_desk.domain.journal import Counter, JournalEntry, Touch
from service_desk.domain.times import now
from service_desk.domain.users import Role
from service_desk.live.wake import Wake
from service_desk.queries import events
from service_desk.queries.api_tokens import who_bears
from service_desk.store.database import current
from service_desk.web import streams
from service_desk.web.streams import Stream
from tests.api_caller import API, Program, token_of
from tests.factories import make_call, make_user
from tests.hub_room import a_hub, run
from tests.readings import last_seq

LENGTH = 4_000
READERS = 4
STEP = events.ENTRIES_AT_ONCE


@pytest.fixture
def past(ada: Actor) -> tuple[str, int]:
    """The token of an engineer, and the number after which nothing was for them for thousands of changes."""
    call, ravi = make_call(make_user(Role.DISPATCHER)), make_user(Role.ENGINEER)
    token, start = token_of(ravi), last_seq()
    numbers = range(start + 1, start + LENGTH + 1)
    entries = [{"seq": seq, "at": now(), "actor_id": ada.id, "verb": "edit call"} for seq in numbers]
    changed, facts = {"problem": ["It smokes.", "It burns."]}, {"assigned_to_id": None}
    touched = {"entity": "call", "row_id": call, "changed": changed, "facts": facts}
    with current().engine.begin() as connection:
        connection.execute(insert(JournalEntry), entries)
        connection.execute(insert(Touch), [{"seq": seq, **touched} for seq in numbers])
        connection.execute(update(Counter).values(value=numbers[-1]))
    return token, start


class Reads:
    """The reads of the journal: when each began and ended, and how many there were at once."""

    def __init__(self) -> None:
        self.spans: list[tuple[float, float]] = []
        self.now = self.most = 0
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        began = time.perf_counter()
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield
        finally:
            with self._lock:
                self.now -= 1
                self.spans.append((began, time.perf_counter()))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    counted = Reads()

    def read(actor: Actor, seq: int, *given: Any) -> events.Batch:
        with counted.one():
            return events.events_after(actor, seq, *given)

    monkeypatch.setattr(streams, "events_after", read)
    return counted


class Reader:
    """Takes all that a stream sends, until it has come to the end of the journal."""

    def __init__(self, token: str, start: int, wake: Wake) -> None:
        actor = who_bears(token)
        assert actor is not None
        self.stream = Stream(actor, start, wake)
        self.sent = ""
        self.end = start + LENGTH
        self.has_begun, self.is_done = asyncio.Event(), asyncio.Event()

    @property
    def ids(self) -> list[int]:
        return [int(number) for number in re.findall(r"^id: (\d+)", self.sent, re.M)]

    async def read(self) -> None:
        async def send(message: Any) -> None:
            self.sent += message.get("body", b"").decode()
            if self.ids:
                self.has_begun.set()
            if self.ids[-1:] >= [self.end]:
                self.is_done.set()

        async def receive() -> dict[str, str]:
            await self.is_done.wait()
            return {"type": "http.disconnect"}

        await self.stream({"type": "http", "method": "GET"}, receive, send)


def test_one_after_the_other_with_pauses_and_others_are_answered(past: tuple[str, int], reads: Reads) -> None:
    async def story() -> None:
        async with a_hub() as (hub, _):
            wake = Wake(hub)
            streams.streams.watch(wake)
            readers = [Reader(*past, wake) for _ in range(READERS)]
            walks = asyncio.gather(*(reader.read() for reader in readers))
            await asyncio.gather(*(reader.has_begun.wait() for reader in readers))
            reads.most, reads.spans[:] = reads.now, []
            answer = await Program(past[0]).client.get(f"{API}/me")
            assert answer.status_code == 200 and not any(reader.is_done.is_set() for reader in readers)
            await walks
        assert reads.most == 1
        assert len(reads.spans) > READERS
        for (began, ended), (next_began, _) in pairwise(reads.spans):
            pause = min(ended - began, streams.LONGEST_PAUSE_SECONDS)
            assert next_began - ended >= pause - time.get_clock_info("monotonic").resolution
        for reader in readers:
            assert reader.ids[-1] == past[1] + LENGTH and "data:" not in reader.sent

    run(story)


def test_the_heartbeat_comes_meanwhile_and_it_can_be_resumed_from_where_it_got(
    past: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)

    async def story() -> None:
        async with a_hub() as (hub, _):
            wake = Wake(hub)
            streams.streams.watch(wake)
            reader = Reader(*past, wake)
            await reader.read()
        steps = [line for line in reader.sent.splitlines() if re.match("id: |: still here", line)]
        first, last = steps.index(": still here"), len(steps) - steps[::-1].index(": still here")
        assert any(step.startswith("id: ") for step in steps[first:last])
        assert reader.ids == list(range(past[1] + STEP, past[1] + LENGTH + 1, STEP))

    run(story)
