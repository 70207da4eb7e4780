"""The yardstick under measurement: the same bytes to the same number of sockets, with nothing of the desk between."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Browser, Page
from websockets.sync.client import connect

from tests.running_desk import free_port

from .desk_run import WATCH, crowd
from .timings import PAUSE_SECONDS, Timings


class YardstickRun:
    """`frame` is one that the desk has sent; its number is replaced for each change."""

    def __init__(self, frame: str) -> None:
        self.update = json.loads(frame.removeprefix("42/_event,"))[1]
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.number = 0
        self._open = ExitStack()

    def __enter__(self) -> YardstickRun:
        self.process = subprocess.Popen([sys.executable, "-m", "bench.yardstick", str(self.port)])
        self._wait_until_ready()
        address = f"{self.url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"
        self.socket = self._open.enter_context(connect(address))
        self.socket.send("40/_event,")
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self.process.terminate()
        self.process.wait(20)

    def look_on(self, chromium: Browser) -> Page:
        context = chromium.new_context()
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(self.url)
        page.wait_for_function("window.joined")
        return page

    def change_rows(self, page: Page, changes: int) -> Timings:
        """Send one change after another and see when each stood in the page."""
        sent: dict[int, int] = {}
        began: list[int] = []
        for _ in range(changes):
            self.number += 1
            row = next(iter(next(iter(self.update["delta"].values())).values()))
            row["problem"] = f"Change {self.number} of what the customer said"
            sent[self.number] = time.time_ns()
            began.append(self._act())
            time.sleep(PAUSE_SECONDS)
        page.wait_for_function(f"{self.number} in bench.seen")
        seen = {int(key): at for key, at in page.evaluate("bench.seen").items()}
        return Timings.of(sent, began, seen, [])

    def crowd(self, count: int) -> Any:
        return crowd(self.url, "", count)

    def _act(self) -> int:
        self.socket.send("42/_event,1" + json.dumps(["act", self.update], separators=(",", ":")))
        while not (frame := str(self.socket.recv(timeout=10))).startswith("43/_event,1["):
            if frame == "2":
                self.socket.send("3")
        return int(json.loads(frame.removeprefix("43/_event,1"))[0])

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("localhost", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the yardstick did not start")
