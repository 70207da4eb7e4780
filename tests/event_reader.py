"""A program that follows the stream of events in a thread, and keeps what comes."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from .receiver import until


@dataclass
class Reader:
    """`events` are the data of what came, `ids` their ids, `named` the names of the stream's own field."""

    desk: str
    token: str
    after: int | None = None
    last_event_id: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    is_open: bool = False
    has_ended: bool = False
    fault: str = ""

    def __enter__(self) -> Self:
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: self.is_open or self.has_ended, "the stream was not opened")
        assert self.is_open, self.fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Go away. Closing alone would wait for the thread that reads."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    @property
    def seqs(self) -> list[int]:
        return [event["seq"] for event in self.events]

    def wait_for(self, count: int, what: str) -> None:
        """Until so many events have come; a stream that ends before that is told at once, with its fault."""
        until(lambda: len(self.events) >= count or self.has_ended, what)
        assert len(self.events) >= count, f"{what}: ended after {len(self.events)} events {self.fault}"

    def _read(self) -> None:
        headers = {"authorization": f"Bearer {self.token}", "accept": "text/event-stream"}
        if self.last_event_id is not None:
            headers["last-event-id"] = str(self.last_event_id)
        query = {} if self.after is None else {"after": self.after}
        url, times = f"{self.desk}/api/v1/events", httpx.Timeout(10, read=60)
        try:
            with httpx.stream("GET", url, params=query, headers=headers, timeout=times) as answer:
                assert answer.status_code == 200, answer.read().decode()
                self.headers = answer.headers
                self.socket = answer.extensions["network_stream"].get_extra_info("socket")
                for line in answer.iter_lines():
                    self._take(line)
        except (httpx.HTTPError, AssertionError, RuntimeError) as fault:
            self.fault = repr(fault)
        self.has_ended = True

    def _take(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self.events.append(json.loads(value))
        elif name == "id":
            self.ids.append(int(value))
        elif name == "event":
            self.named.append(value)
        elif line.startswith(":"):
            self.comments.append(value)
            self.is_open = True
