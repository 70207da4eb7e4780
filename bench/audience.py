"""The sessions of one server under measurement, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from .cores import CLIENT, on_core

SETTLED_SECONDS = 0.5
"""Nothing came for so long: whoever has opened has everything."""


class Audience:
    """Opens sessions at one port and knows which change reached which of them when."""

    def __init__(self, port: int) -> None:
        self._file = Path(tempfile.mkdtemp(prefix="audience-")) / "records"
        command = [sys.executable, "-m", "bench.listeners", str(port)]
        with on_core(CLIENT):
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        assert self._process.stdout
        self._process.stdout.close()

    def open(self, sessions: Sequence[dict[str, Any]]) -> None:
        """So many more: each {path, cookie, steps: [[frame to send, what the answer holds], …]}."""
        self._file.write_text(json.dumps(list(sessions)))
        self._ask(f"open {self._file}")
        self.count += len(sessions)
        self._settle()

    def reset(self) -> None:
        self._ask("reset")

    def wait_for(self, deliveries: int, seconds: float = 3.0) -> dict[str, int]:
        """{came, bytes, closed} once so many changes have come, or after `seconds`."""
        until = time.monotonic() + seconds
        while (found := self._ask(""))["came"] < deliveries and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def came(self) -> list[tuple[int, int, int]]:
        """(session, change, nanoseconds) of everything since the last reset."""
        self._ask(f"report {self._file}")
        numbers = array("q")
        numbers.frombytes(self._file.read_bytes())
        return list(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True))

    def sample(self) -> str:
        """The text of the first frame that brought a change."""
        frame: str = self._ask("sample")["frame"]
        return frame

    def _settle(self) -> None:
        before, quiet = -1, time.monotonic()
        while time.monotonic() - quiet < SETTLED_SECONDS:
            if (now := self._ask("")["bytes"]) != before:
                before, quiet = now, time.monotonic()
            time.sleep(0.1)

    def _ask(self, order: str) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the listeners have ended")
        found: dict[str, Any] = json.loads(answer)
        return found
