"""People who send commands over bare sockets, each with a key of its own, and write down here what was acknowledged."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

from websockets.exceptions import WebSocketException

from ..raw_socket import RawSocket
from ..typist import PAGES
from .checker import Acknowledged

_numbers = count(1)


@dataclass(frozen=True)
class Order:
    """One command: the form of a new call, or of the edit of one. It can be sent again as it is."""

    words: str
    category: int
    call: int = 0
    was: str = ""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    def send(self, socket: RawSocket) -> None:
        state, form = (
            ("call_edit_state____edit_call", self._edit())
            if self.call
            else (
                "calls_state____new_call",
                self._new(),
            )
        )
        socket.send(f"{PAGES}{state}.save", {"form": {**form, "key": self.key}})

    @property
    def form_id(self) -> str:
        return "edit-call-form" if self.call else "new-call-form"

    def acknowledged(self) -> Acknowledged:
        verb = "edit call" if self.call else "create call"
        return Acknowledged(verb, "call", self.call, "problem", self.words, self.key)

    def _new(self) -> dict[str, str]:
        who = {"phone": "+1 415 555 0123", "customer_name": "Rosa Marin"}
        return {**who, "category_id": str(self.category), "problem": self.words}

    def _edit(self) -> dict[str, str]:
        basis = {"record": self.call, "version": 1, "was": {"problem": self.was}}
        return {"basis": json.dumps(basis), "problem": self.words}


@dataclass
class Commander:
    """Sends one order after another and waits for each answer; `pending` is the one without an answer."""

    base: str
    token: str
    category: int
    saved: list[Acknowledged] = field(default_factory=list)
    pending: Order | None = None
    refused: list[str] = field(default_factory=list)

    def run(self, is_over: Callable[[], bool] = bool) -> None:
        """Until the connection ends, or it is over."""
        with (
            suppress(WebSocketException, OSError, TimeoutError, EOFError),
            RawSocket(self.base, self.token) as socket,
        ):
            if self.pending:
                self._finish(socket, self.pending)
            while not is_over():
                words = f"Order {next(_numbers)}"
                call = self._finish(socket, Order(words, self.category))
                if call:
                    self._finish(socket, Order(f"{words} corrected", self.category, call, words))

    def settle(self) -> None:
        """Send what was not answered once more, with its key, and wait for the answer."""
        if self.pending:
            with RawSocket(self.base, self.token) as socket:
                self._finish(socket, self.pending)

    def _finish(self, socket: RawSocket, order: Order) -> int:
        """Send an order and take its answer; the number of a new call."""
        self.pending = order
        before = len(socket.frames)
        order.send(socket)
        asked = f'answered("{order.form_id}", '
        answer = socket.wait_for(lambda frame: asked in frame.replace("\\", "")).replace("\\", "")
        self.pending = None
        if f"{asked}true" not in answer:
            self.refused.append("".join(socket.frames[before:])[-600:])
            return 0
        self.saved.append(order.acknowledged())
        told = re.search(r"Logged as C-(\d+)", answer)
        return int(told.group(1)) if told else 0


@contextmanager
def commanding(commanders: list[Commander]) -> Iterator[None]:
    """All of them at work until their connections end, which the block must see to."""
    working = [threading.Thread(target=each.run, daemon=True) for each in commanders]
    for thread in working:
        thread.start()
    yield
    for thread in working:
        thread.join(20)
        assert not thread.is_alive(), "somebody still waits for an answer"
