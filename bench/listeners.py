"""Many light sockets in one process: each opens what it is told to, answers pings, and notes when which change came.

Told what to do by lines on the standard input, each answered by one line of JSON:
open FILE (a JSON list of sessions), reset, report FILE (records of session, change, nanoseconds), sample, and the end.
"""

from __future__ import annotations

import base64
import json
import os
import re
import select
import socket
import struct
import sys
import time
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

CHANGE = re.compile(rb"~#(\d{6})#~")
LONGEST = 10
"""Bytes of a change's number, which may come in two parts."""
AT_ONCE = 8
PART = 16_384
PING, PONG = b"\x81\x012", b"3"
OPENING_SECONDS = 60


class Listeners:
    """`came` holds three numbers for each change that reached a session: session, change, nanoseconds."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sockets: dict[int, tuple[int, socket.socket]] = {}
        self.epoll = select.epoll()
        self.came = array("q")
        self.tails: dict[int, bytes] = {}
        self.bytes = self.opened = self.closed = 0
        self.sample = b""

    def open(self, sessions: list[dict[str, Any]]) -> None:
        """Open these sessions, some at a time; who sits already goes on listening meanwhile."""
        first, self.opened = self.opened, self.opened + len(sessions)
        with ThreadPoolExecutor(AT_ONCE) as doors:
            opening = [
                doors.submit(self._open, first + number, session) for number, session in enumerate(sessions)
            ]
            while not all(each.done() for each in opening):
                self.listen(0.05)
            for each in opening:
                each.result()

    def listen(self, seconds: float) -> None:
        """Take what comes within so long, and answer pings."""
        now = time.monotonic_ns
        for handle, _ in self.epoll.poll(seconds, 2048):
            session, sock = self.sockets[handle]
            try:
                data = sock.recv(PART)
            except ConnectionError:
                data = b""
            at = now()
            if not data:
                self.closed += 1
                self.epoll.unregister(handle)
                continue
            # A heartbeat is nobody's news.
            self.bytes += len(data) if data != PING else 0
            self._take(session, sock, data, at)

    def _take(self, session: int, sock: socket.socket, data: bytes, at: int) -> None:
        if PING in data:
            sock.sendall(masked(PONG))
        if session in self.tails:
            data = self.tails.pop(session) + data
        found = CHANGE.findall(data)
        for change in found:
            self.came.extend((session, int(change), at))
        if found and not self.sample:
            self.sample = data
        end = data[-LONGEST + 1 :]
        begun = end.rfind(b"~")
        if begun >= 0 and not end.endswith(b"#~"):
            self.tails[session] = end[begun:]

    def _open(self, number: int, session: dict[str, Any]) -> None:
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=OPENING_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        cookie = f"Cookie: {session['cookie']}\r\n" if session.get("cookie") else ""
        sock.sendall(
            f"GET {session['path']} HTTP/1.1\r\nHost: localhost:{self.port}\r\nUpgrade: websocket\r\n"
            f"Origin: http://localhost:{self.port}\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n{cookie}\r\n".encode()
        )
        _read_until(sock, b"\r\n\r\n")
        for frame, answer in session["steps"]:
            sock.sendall(masked(frame.encode()))
            _read_until(sock, answer.encode())
        self.sockets[sock.fileno()] = (number, sock)
        self.epoll.register(sock.fileno(), select.EPOLLIN)


def _read_until(sock: socket.socket, wanted: bytes) -> None:
    heard = b""
    while wanted not in heard:
        part = sock.recv(2**17)
        if not part:
            raise ConnectionError(f"closed while {wanted!r} was waited for: {heard[-300:]!r}")
        if PING in part:
            sock.sendall(masked(PONG))
        heard += part


def masked(payload: bytes) -> bytes:
    """One text frame as clients must send them; the mask of zeros leaves the text as it is."""
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + struct.pack(">H", size)
    return head + bytes(4) + payload


def _answer(listeners: Listeners, order: str) -> dict[str, Any]:
    word, _, rest = order.partition(" ")
    if word == "open":
        listeners.open(json.loads(Path(rest).read_text()))
    elif word == "reset":
        listeners.came, listeners.bytes = array("q"), 0
    elif word == "report":
        Path(rest).write_bytes(listeners.came.tobytes())
    elif word == "sample":
        return {"frame": listeners.sample.decode(errors="replace")}
    return {"came": len(listeners.came) // 3, "bytes": listeners.bytes, "closed": listeners.closed}


def main(port: int) -> None:
    listeners = Listeners(port)
    os.set_blocking(0, False)
    orders = b""
    while True:
        listeners.listen(0.02)
        try:
            part = os.read(0, 4096)
        except BlockingIOError:
            continue
        if not part:
            return
        orders += part
        while b"\n" in orders:
            order, _, orders = orders.partition(b"\n")
            print(json.dumps(_answer(listeners, order.decode())), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
