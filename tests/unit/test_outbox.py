"""What waits for one socket is bounded, and a socket that was cut holds nothing back."""

from __future__ import annotations

import asyncio

from engineio.packet import MESSAGE, Packet

from service_desk.live.outbox import MOST_WAITING, Outbox


def test_an_outbox_that_overflows_says_so_once_and_takes_nothing_more() -> None:
    async def story() -> None:
        overflowed: list[Outbox] = []
        outbox = Outbox(overflowed.append)
        for _ in range(100):
            await outbox.put(Packet(MESSAGE, "x" * (MOST_WAITING // 20)))
        assert overflowed == [outbox]
        assert outbox.waiting < MOST_WAITING * 1.1

    asyncio.run(story())


def test_many_small_packets_overflow_too() -> None:
    async def story() -> None:
        overflowed: list[Outbox] = []
        outbox = Outbox(overflowed.append)
        for _ in range(10_000):
            outbox.put_nowait(Packet(MESSAGE, "x"))
        assert overflowed == [outbox]

    asyncio.run(story())


def test_what_is_read_makes_room() -> None:
    async def story() -> None:
        overflowed: list[Outbox] = []
        outbox = Outbox(overflowed.append)
        for _ in range(100):
            await outbox.put(Packet(MESSAGE, "x" * (MOST_WAITING // 2)))
            await outbox.get()
        assert not overflowed
        assert outbox.waiting == 0

    asyncio.run(story())


def test_a_shut_outbox_ends_whoever_writes_from_it() -> None:
    async def story() -> None:
        outbox = Outbox(lambda _: None)
        writing = asyncio.ensure_future(outbox.get())
        await asyncio.sleep(0)
        outbox.shut()
        assert await writing is None
        full = Outbox(lambda _: None)
        await full.put(Packet(MESSAGE, "x"))
        full.shut()
        assert full.get_nowait() is None
        assert full.waiting == 0

    asyncio.run(story())
