"""A WebSocket made by hand over TCP: it reads only when told to, and sends whatever it is given."""

from __future__ import annotations

import os
import socket
import time
import uuid
from typing import Self
from urllib.parse import urlsplit

from ..running_desk import COOKIE

TEXT, BINARY, PING = 1, 2, 9
GOODBYE = b"\x88\x02\x03"
"""How a frame begins that closes with one of the protocol's own reasons."""


class BareWire:
    """`room` is how many bytes the network keeps for it; small, and the server soon has to keep the rest."""

    def __init__(self, base: str, token: str | None = None, *, room: int = 0, seconds: float = 10) -> None:
        where = urlsplit(base)
        self.socket = socket.socket()
        self.socket.settimeout(seconds)
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.connect(("127.0.0.1", where.port or 80))
        cookie = f"Cookie: {COOKIE}={token}\r\n" if token else ""
        self.socket.sendall(
            f"GET /_event/?EIO=4&transport=websocket&token={uuid.uuid4()} HTTP/1.1\r\n"
            f"Host: {where.netloc}\r\nOrigin: {base}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n{cookie}\r\n".encode()
        )
        self.answer = self._read_head()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def is_refused(self) -> bool:
        return " 101 " not in self.answer.partition("\r\n")[0]

    def send(self, text: str) -> None:
        """Raises OSError once the server has closed."""
        self.socket.sendall(frame(text.encode("utf-8", "surrogatepass")))

    def send_bytes(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def is_ended(self, seconds: float) -> bool:
        """Read, and forget, until the server says goodbye or closes; whether it did in time."""
        until = time.monotonic() + seconds
        try:
            while True:
                # One look in any case: on a busy machine the time may be over before our first turn.
                self.socket.settimeout(max(0.01, until - time.monotonic()))
                part = self.socket.recv(2**20)
                if not part or GOODBYE in part:
                    return True
        except TimeoutError:
            return False
        except OSError:
            return True

    def _read_head(self) -> str:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            if not byte:
                break
            head += byte
        return head.decode()


def frame(payload: bytes, kind: int = TEXT, *, last: bool = True) -> bytes:
    """One masked frame, as browsers must send them."""
    first, size = kind | (0x80 if last else 0), len(payload)
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 2**16:
        head = bytes([first, 0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, 0x80 | 127]) + size.to_bytes(8, "big")
    mask = os.urandom(4)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return head + mask + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")
