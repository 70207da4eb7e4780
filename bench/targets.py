"""What is measured: a server on a core of its own that makes a numbered change and says when it was committed."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from .cores import SERVER, on_core

STARTING_SECONDS = 60
IDLE_SECONDS = 2.0


class Target(Protocol):
    """`sessions(first, count)` tells what the listeners open; `pid` is the server's."""

    name: str
    port: int
    pid: int

    def sessions(self, first: int, count: int) -> Sequence[dict[str, Any]]: ...
    def change(self, number: int) -> None:
        """Make a change whose text holds `marked(number)`. Called from several threads."""
        ...

    def shows(self, session: int, number: int) -> bool: ...
    def committed(self) -> dict[int, int]:
        """Change → when its commit was acknowledged, in nanoseconds of the machine's monotonic clock."""
        ...


def marked(number: int) -> str:
    """About as much as people write, and the number by which the listeners know it."""
    return (
        f"Change ~#{number:06d}#~ of what the customer said: no internet on the second floor since the storm"
    )


class Caller:
    """HTTP with one connection for each thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._own = threading.local()

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON of the answer. Raises RuntimeError for any status but 2xx."""
        # A server closes what lies idle, and what is sent at that very moment is lost.
        if time.monotonic() - getattr(self._own, "used_at", float("-inf")) > IDLE_SECONDS:
            self._own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection = self._own.connection
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        self._own.used_at = time.monotonic()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        found: dict[str, Any] = json.loads(text)
        return found


def start(command: Sequence[str], port: int, cwd: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start a server on its core and wait until it listens."""
    with on_core(SERVER):
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"{command[0]} did not start")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(20)
