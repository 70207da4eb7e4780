"""Yardstick (b) under measurement."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from service_desk.config import ROOT
from tests.running_desk import free_port

from .targets import Caller, start, stop

EVENT = "42/_event,"


class RelayTarget:
    """`frame` is one that the desk has sent, as it came over the wire; its number is replaced for each change."""

    name = "relay"

    def __init__(self, frame: str) -> None:
        update = json.loads(frame[frame.index(EVENT) + len(EVENT) :])[1]
        self._file = Path(tempfile.mkdtemp(prefix="relay-")) / "frame.json"
        self._file.write_text(json.dumps(update))
        self.port = free_port()
        self._caller = Caller(self.port)
        self._committed: dict[int, int] = {}

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.relay", str(self.port), str(self._file)]
        self._process = start(command, self.port, ROOT)
        self.pid = self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._process)

    def sessions(self, first: int, count: int) -> Sequence[dict[str, Any]]:
        path = "/_event/?EIO=4&transport=websocket"
        return [{"path": path, "steps": [["40/_event,", "40/_event,{"]]}] * count

    def change(self, number: int) -> None:
        self._committed[number] = int(self._caller.ask("POST", f"/change/{number}")["committed"])

    def shows(self, session: int, number: int) -> bool:
        return True

    def committed(self) -> dict[int, int]:
        return self._committed
