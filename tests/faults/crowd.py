"""Hundreds of browsers reduced to their sockets: each opens a page, keeps its screen, and comes back when it is cut.

with Crowd(desk.url) as crowd:
    crowd.seat([(actor, token), …], "/calls")
    …
    crowd.settle()
    checker.expect_screens(desk.database_url, crowd.screens())
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

from service_desk.domain.access import Actor

from ..raw_socket import HYDRATE, worker_of
from ..running_desk import COOKIE
from .checker import Screen

T = TypeVar("T")

MARK = "_rx_state_"
HYDRATED = f'"is_hydrated{MARK}":true'
FIRST_WAIT, LONGEST_WAIT = 0.5, 3.0
"""Seconds; each return waits a random part of its limit, which doubles from the first to the longest."""


@dataclass(eq=False)
class Client:
    """One browser tab. `slots` maps a slot's short name to what the browser has merged so far."""

    base: str
    actor: Actor
    token: str
    path: str
    tab: str = field(default_factory=lambda: str(uuid.uuid4()))
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)
    live: bool = False
    socket: ClientConnection | None = None
    heard_at: float = 0.0
    back_at: float = 0.0
    """When the page last had everything again, as time.monotonic()."""
    returns: int = 0
    place: int = 0
    """Which of several processes has this socket; 0 where there is one."""
    frames: list[str] | None = None
    """Everything that it is told, for whoever gives it a list."""
    errors: list[str] = field(default_factory=list)
    """Why attempts to connect failed, in short."""
    shown_out: str = ""
    """Where the server sent the tab instead, if it did."""

    async def sit(self, gate: asyncio.Semaphore) -> None:
        """Be connected, and again after every cut, until cancelled."""
        wait = 0.0
        while not self.shown_out:
            try:
                async with gate:
                    await self._open()
                wait = 0.0
                await self._listen()
            except (OSError, TimeoutError, WebSocketException, EOFError) as fault:
                if not isinstance(fault, ConnectionClosed):
                    self.errors.append(_in_short(fault))
            self.live, self.socket = False, None
            wait = min(LONGEST_WAIT, wait * 2 or FIRST_WAIT)
            await asyncio.sleep(random.random() * wait)

    async def _open(self) -> None:
        address = self.base.replace("http", "ws", 1) + f"/_event/?EIO=4&transport=websocket&token={self.tab}"
        cookie = {"Cookie": f"{COOKIE}={self.token}"}
        opening = connect(
            address,
            additional_headers=cookie,
            origin=self.base,
            max_size=2**23,
            compression=None,
            open_timeout=8,
        )
        self.socket = await opening
        await self.socket.send("40/_event,")
        await self._hear_until("40/_event")
        await self.send(HYDRATE, {})
        await self._hear_until(HYDRATED)
        self.live, self.back_at = True, time.monotonic()
        self.returns += 1

    async def send(self, handler: str, payload: dict[str, Any]) -> None:
        """An event as the page would send it."""
        assert self.socket is not None
        where = urlsplit(self.path)
        address = {"pathname": where.path, "asPath": self.path, "query": {}}
        event = {"name": handler, "payload": payload, "router_data": address}
        await self.socket.send("42/_event," + json.dumps(["event", event]))

    async def _hear_until(self, wanted: str) -> None:
        async with asyncio.timeout(20):
            while wanted not in await self._hear():
                if self.shown_out:
                    return

    async def _listen(self) -> None:
        while True:
            await self._hear()

    async def _hear(self) -> str:
        assert self.socket is not None
        frame = str(await self.socket.recv())
        if frame == "2":
            await self.socket.send("3")
        elif frame.startswith("0{"):
            self.place = worker_of(json.loads(frame[1:])["sid"])
        elif frame.startswith("42/_event,"):
            self._take(frame)
        return frame

    def _take(self, frame: str) -> None:
        """Merge what a frame says into the screen, as the browser does: key by key."""
        if self.frames is not None:
            self.frames.append(frame)
        name, *rest = json.loads(frame.removeprefix("42/_event,"))
        update = rest[0] if name == "event" and rest else {}
        for state, changes in (update.get("delta") or {}).items():
            kept = {key.removesuffix(MARK): value for key, value in changes.items()}
            self.slots.setdefault(state.rpartition("____")[2], {}).update(kept)
            self.heard_at = time.monotonic()
        if "/sign-in?reason=" in frame:
            self.shown_out = frame

    def screen(self) -> Screen:
        """What the tab shows now."""
        asked = {name: dict(kept) for name, kept in self.slots.items() if "order" in kept or "extra" in kept}
        return Screen(self.actor, self.path, asked)


class Crowd:
    """Many clients on one thread of their own. Every method may be called from the test's thread."""

    def __init__(self, base: str, *, at_once: int = 50) -> None:
        self.base = base
        self.clients: list[Client] = []
        self._at_once = at_once
        self._tasks: list[asyncio.Task[None]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._gate = asyncio.Semaphore(self._at_once)
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def seat(
        self, people: Iterable[tuple[Actor, str]], path: str = "/calls", *, seconds: float = 60
    ) -> list[Client]:
        """A tab on `path` for each (actor, token), and wait until every one has its page."""
        come = [Client(self.base, actor, token, path) for actor, token in people]
        self._do(self._sit(come))
        self.clients += come
        self.wait_until_live(seconds=seconds, clients=come)
        return come

    def cut(self) -> None:
        """Break every line at once, as a network does: nobody says goodbye."""

        async def cut() -> None:
            for client in self.clients:
                if client.socket is not None:
                    client.socket.transport.abort()

        self._do(cut())

    def wait_until_live(
        self, *, seconds: float, clients: list[Client] | None = None, since: float = 0.0
    ) -> None:
        """Until every client has its page; with `since` (time.monotonic()), has it anew since then."""
        wanted = clients or self.clients
        wait_until(
            lambda: all(each.live and each.back_at >= since for each in wanted),
            seconds,
            lambda: (
                f"{sum(not (each.live and each.back_at >= since) for each in wanted)} of {len(wanted)} are away: "
                + str({error for each in wanted for error in each.errors[-1:]})
            ),
        )

    def settle(self, quiet: float = 0.3, *, seconds: float = 30) -> None:
        """Until nobody has heard anything for `quiet` seconds."""
        wait_until(
            lambda: time.monotonic() - max(each.heard_at for each in self.clients) > quiet,
            seconds,
            lambda: "no rest",
        )

    def screens(self) -> list[Screen]:
        """What everybody sees at one moment."""

        async def look() -> list[Screen]:
            return [each.screen() for each in self.clients]

        return self._do(look())

    def send(self, client: Client, handler: str, payload: dict[str, Any]) -> None:
        self._do(client.send(handler, payload))

    async def _sit(self, come: list[Client]) -> None:
        self._tasks += [asyncio.ensure_future(each.sit(self._gate)) for each in come]

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in (each.socket for each in self.clients if each.socket):
            await socket.close()

    def _do(self, work: Awaitable[T]) -> T:
        return asyncio.run_coroutine_threadsafe(_awaited(work), self._loop).result(60)


async def _awaited(work: Awaitable[T]) -> T:
    return await work


def wait_until(done: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    """Raises TimeoutError, with the sentence of `why`, when it isn't done in time."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(why())
        time.sleep(0.02)


def _in_short(fault: BaseException) -> str:
    status = (
        getattr(getattr(fault, "response", None), "status_code", "")
        if isinstance(fault, InvalidHandshake)
        else ""
    )
    return f"{type(fault).__name__} {status or fault}".strip()[:120]
