"""A wire between browser and server that a test can cut, stall, slow down, or make refuse WebSockets."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import Self

RESET_AT_CLOSE = struct.pack("ii", 1, 0)
MOST_BYTES = 65536
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class TcpProxy:
    """Listens on `port` and passes every byte to `target`, which may be set anew.

    One fault at a time: `cut`, `stall`, `refuse_upgrades`, `refuse_sockets`, `slow`; `mend` ends it. Connections that
    are open stay open unless `cut`: to lose those before another fault, cut first.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self.upgrades = 0
        """How many requests for a WebSocket have come, refused ones too."""
        self.refuses = ""
        self._refusals = float("inf")
        self.latency = 0.0
        self.bytes_per_second = float("inf")
        self._passing = threading.Event()
        self._passing.set()
        self._ends: set[socket.socket] = set()
        self._lost: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = int(self._door.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._welcome, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """End every connection with a reset, and hang up on whoever connects."""
        with self._lock:
            self.is_cut = True
            ends, self._ends, self._lost = self._ends | self._lost, set(), set()
        self._passing.set()
        for end in ends:
            _hang_up(end)

    def stall(self) -> None:
        """Pass nothing, in either direction, without a word to anybody; who connects is accepted."""
        self.mend()
        self._passing.clear()

    def lose(self) -> None:
        """Swallow whatever comes over the connections that are open, its end too; new ones pass.

        So each side of those must find out for itself that the other has gone.
        """
        with self._lock:
            self._lost, self._ends = self._lost | self._ends, set()

    def refuse_upgrades(self, *, silently: bool = False, times: float = float("inf")) -> None:
        """Answer 403 to requests for a WebSocket, or never answer them; pass everything else.

        After so many `times` it is as if mended.
        """
        self.mend()
        self.refuses = "upgrades silently" if silently else "upgrades"
        self._refusals = times

    def refuse_sockets(self) -> None:
        """Answer 403 to whatever a socket asks, in either of its ways; pass other requests."""
        self.mend()
        self.refuses = "sockets"

    def slow(self, *, latency: float = 0.0, bytes_per_second: float = float("inf")) -> None:
        """Keep each piece back for `latency` seconds, and let no more through in each direction of a connection."""
        self.mend()
        self.latency, self.bytes_per_second = latency, bytes_per_second

    def mend(self) -> None:
        """Pass everything at once again; what was held goes on."""
        self.is_cut, self.refuses, self._refusals = False, "", float("inf")
        self.latency, self.bytes_per_second = 0.0, float("inf")
        self._passing.set()

    def _welcome(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            _hang_up(near)
            return
        far.settimeout(None)
        with self._lock:
            refused = self.is_cut
            if not refused:
                self._ends |= {near, far}
        if refused:
            _hang_up(near)
            _hang_up(far)
            return
        for giver, taker, asks in ((near, far, True), (far, near, False)):
            threading.Thread(target=self._pass_on, args=(giver, taker, asks), daemon=True).start()

    def _pass_on(self, giver: socket.socket, taker: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := giver.recv(MOST_BYTES):
                if giver in self._lost or (asks and self._keeps(giver, data)):
                    continue
                self._hold_back(len(data))
                taker.sendall(data)
            self._passing.wait()
            with self._lock:
                if taker in self._ends:
                    taker.shutdown(socket.SHUT_WR)
            return
        with self._lock:
            if taker in self._lost:
                return
            self._ends -= {giver, taker}
        _hang_up(giver)
        _hang_up(taker)

    def _keeps(self, giver: socket.socket, data: bytes) -> bool:
        """Whether this is a request that must not pass. The head of a browser's fits into one piece."""
        if not data.startswith((b"GET ", b"POST ")):
            return False
        upgrade = b"\r\nupgrade: websocket" in data.lower()
        self.upgrades += upgrade
        wanted = upgrade if self.refuses.startswith("upgrades") else data.split()[1].startswith(b"/_event")
        if not self.refuses or not wanted or self._refusals <= 0:
            return False
        self._refusals -= 1
        if self.refuses != "upgrades silently":
            giver.sendall(REFUSAL)
            giver.shutdown(socket.SHUT_WR)
        return True

    def _hold_back(self, size: int) -> None:
        self._passing.wait()
        if wait := self.latency + size / self.bytes_per_second:
            time.sleep(wait)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        # A thread that waits in recv keeps the connection open until this wakes it; the other side sees a reset.
        end.shutdown(socket.SHUT_RD)
    with contextlib.suppress(OSError):
        end.close()
