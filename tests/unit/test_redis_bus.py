"""Only words of the desk's own are heeded on the channel, whoever else can write to it."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.live import redis_bus
from service_desk.live.redis_bus import LONGEST, RedisBus
from service_desk.live.redis_link import quick_redis

Heard = list[tuple[str, str, list[tuple[int, int]]]]


@pytest.fixture
def bus() -> RedisBus:
    """Of a Redis that nobody asks anything here."""
    return RedisBus(quick_redis("redis://127.0.0.1:1/3"))


@pytest.fixture
def heard(bus: RedisBus) -> Heard:
    words: Heard = []
    for kind in ("news", "ended", "here"):
        bus.on(kind, lambda who, pairs, kind=kind: words.append((kind, who, pairs)))
    return words


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\xff\xfe",
        b"news 42",
        b"other news",
        b"other news 4 2 x",
        b"other news -1",
        b"other news 1e9",
        b"other news 1234567890123456789012",
        b"other gossip 42",
        b"other news 42\n",
        b"o" * 41 + b" news 42",
        b"other here" + b" 1:2" * (LONGEST // 4),
        "other news 42",
        None,
    ],
)
def test_what_is_malformed_is_ignored(bus: RedisBus, heard: Heard, junk: object) -> None:
    bus._take(junk)
    assert [words for words in heard if words[2]] == []


def test_others_are_heard_and_oneself_is_not(bus: RedisBus, heard: Heard) -> None:
    bus._take(b"other news 42")
    bus._take(b"other ended 7 8")
    bus._take(b"other here 1:10 2:20")
    bus._take(b"other here")
    bus._take(f"{bus.name} news 43".encode())
    assert heard == [
        ("news", "other", [(42, 0)]),
        ("ended", "other", [(7, 0), (8, 0)]),
        ("here", "other", [(1, 10), (2, 20)]),
        ("here", "other", []),
    ]


def test_desks_with_different_databases_of_one_redis_do_not_hear_each_other(bus: RedisBus) -> None:
    assert bus.channel != RedisBus(quick_redis("redis://127.0.0.1:1/4")).channel


def test_a_redis_that_says_nothing_to_the_password_is_called_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_bus, "SILENCE_SECONDS", 0.1)
    monkeypatch.setattr(redis_bus, "AGAIN_SECONDS", 0.01)

    async def story() -> None:
        calls, twice = 0, asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal calls
            calls += 1
            if calls > 2:
                twice.set()
            await reader.read()
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            running = asyncio.ensure_future(RedisBus(quick_redis(f"redis://:word@127.0.0.1:{port}/0")).run())
            await twice.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(story(), 10))
