"""A wire between browser and server that a test can cut."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Self

RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class TcpProxy:
    """Listens on `port` and passes every byte to `target`. While cut, whoever connects is hung up on at once."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
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
        """End every connection with a reset, and refuse new ones."""
        with self._lock:
            self.is_cut = True
            ends, self._ends = self._ends, set()
        for end in ends:
            _hang_up(end)

    def mend(self) -> None:
        self.is_cut = False

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
        for giver, taker in ((near, far), (far, near)):
            threading.Thread(target=self._pass_on, args=(giver, taker), daemon=True).start()

    def _pass_on(self, giver: socket.socket, taker: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := giver.recv(65536):
                taker.sendall(data)
            taker.shutdown(socket.SHUT_WR)
            return
        with self._lock:
            self._ends -= {giver, taker}
        _hang_up(giver)
        _hang_up(taker)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        # A thread that waits in recv keeps the connection open until this wakes it.
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
