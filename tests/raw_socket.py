"""A browser reduced to its socket: sends any event to any handler and keeps every frame it gets."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from .running_desk import COOKIE, OWNERS

ROOT_STATE = "reflex___state____state"
HYDRATE = f"{ROOT_STATE}.hydrate_and_load"


def worker_of(connection: str) -> int:
    """The number of the process that has the Engine.IO connection of this name; 0 where there is only one."""
    number, dash, _ = connection.partition("-")
    return int(number) if dash and number.isdigit() else 0


def fresh_key() -> str:
    """What a page sends with a command, so that it is known again when it is sent again.

    A socket says whose it is, as pages do, unless the key says so already.
    """
    return uuid.uuid4().hex


class RawSocket:
    """One Engine.IO 4 connection. `token` is the session cookie's value, if any."""

    def __init__(self, base: str, token: str | None = None, *, tab: str = "", origin: str = "") -> None:
        self.base, self.token, self.origin = base, token, origin or base
        self.tab = tab or str(uuid.uuid4())
        self.frames: list[str] = []
        self.place = 0
        """Which of several processes has it; 0 where there is one."""
        self.closed = False
        self._open = ExitStack()

    def __enter__(self) -> Self:
        headers = {"Cookie": f"{COOKIE}={self.token}"} if self.token else {}
        address = self.base.replace("http", "ws", 1) + f"/_event/?EIO=4&transport=websocket&token={self.tab}"
        opening = connect(address, additional_headers=headers, origin=self.origin, max_size=2**24)
        self.socket = self._open.enter_context(opening)
        self.socket.send("40/_event,")
        self.wait_for(lambda frame: frame.startswith("40/_event"))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _owned(self, words: Any) -> Any:
        """The words with every key in them made this sign-in's own."""
        if not isinstance(words, dict):
            return words
        owner = OWNERS.get(self.token or "", 0)
        is_bare = isinstance(words.get("key"), str) and "." not in words["key"]
        own = {"key": f"{owner}.{words['key']}"} if is_bare else {}
        return {name: self._owned(value) for name, value in words.items()} | own

    def send(self, handler: str, payload: Any = None, path: str = "/calls") -> None:
        event = {
            "name": handler,
            "payload": {} if payload is None else self._owned(payload),
            "router_data": {"pathname": path, "asPath": path, "query": {}},
        }
        self.socket.send("42/_event," + json.dumps(["event", event]))

    def open_page(self, path: str = "/calls") -> None:
        """What a browser does first: hydrate, and so run the page's on_load."""
        self.send(HYDRATE, {}, path)

    def wait_for(self, wanted: Callable[[str], bool], seconds: float = 10) -> str:
        """The first frame from now on that is wanted.

        Raises:
            TimeoutError: none came in time; ConnectionClosed when the server closed.
        """
        until = time.monotonic() + seconds
        while True:
            frame = self._receive(until - time.monotonic())
            if wanted(frame):
                return frame

    def listen(self, seconds: float) -> list[str]:
        """Every frame of the next seconds."""
        before = len(self.frames)
        until = time.monotonic() + seconds
        try:
            while True:
                self._receive(until - time.monotonic())
        except TimeoutError:
            pass
        except ConnectionClosed:
            self.closed = True
        return self.frames[before:]

    def _receive(self, seconds: float) -> str:
        if seconds <= 0:
            raise TimeoutError("no such frame came")
        frame = str(self.socket.recv(timeout=seconds))
        if frame == "2":
            self.socket.send("3")
        elif not frame.startswith("0"):
            self.frames.append(frame)
        else:
            self.place = worker_of(json.loads(frame[1:])["sid"])
        return frame
