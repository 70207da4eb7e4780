"""One of several processes: what it was given by the one that started it, and how the two hear of each other."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "SERVICE_DESK_WORKER_"
READY = b"ready"


@dataclass(frozen=True, slots=True)
class Place:
    """`number` is no other process's of this host, ever; `slot` is one of 1, 2, 3 … and passes on to whoever takes the
    place of this process. `listener`, `ready` and `life` are open files."""

    number: int
    slot: int
    folder: Path
    listener: int
    ready: int
    life: int

    def as_environment(self) -> dict[str, str]:
        """How a process is told of its place."""
        return {f"{PREFIX}{name.upper()}": str(getattr(self, name)) for name in self.__slots__}

    def take_listener(self) -> socket.socket:
        """The port, which all of them share."""
        return socket.socket(fileno=self.listener)

    def tell_ready(self) -> None:
        """Connections are answered from now on."""
        os.write(self.ready, READY)
        os.close(self.ready)

    def end_with_parent(self) -> None:
        """Stop as if asked to, once the parent is gone: nobody would start or stop this process any more."""
        asyncio.get_running_loop().add_reader(self.life, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self.life)
        os.kill(os.getpid(), signal.SIGTERM)


def place(environment: Mapping[str, str] = os.environ) -> Place | None:
    """This process's place; None when it is alone."""
    if f"{PREFIX}NUMBER" not in environment:
        return None
    given = {name: environment[f"{PREFIX}{name.upper()}"] for name in Place.__slots__}
    return Place(
        int(given["number"]),
        int(given["slot"]),
        Path(given["folder"]),
        int(given["listener"]),
        int(given["ready"]),
        int(given["life"]),
    )
