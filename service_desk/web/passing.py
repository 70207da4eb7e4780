"""Several processes on one port: a request of long-polling is handed over to the process that has its connection.

Whichever process accepts a connection reads the request's first line. Where that names a connection of another process,
the open file goes there over a local socket, with what was read of it, and that process goes on as if asked.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_LINE = 8192
MOST_AT_ONCE = 64
AGAIN_SECONDS = (0.01, 0.05)
PATIENCE_SECONDS = 2.0
"""How long a connection waits for a process that is too busy to take it."""
_DICE = SystemRandom()
_BEGINS = (b"GET /_event", b"POST /_event", b"GET /metrics", b"POST /auth/code", b"POST /second-factor")
_OWNER = re.compile(rb"(?:GET|POST) /_event[^\s?]*\?(?:[^\s&]*&)*sid=(\d{1,9})-")
_SLOT = re.compile(rb"GET /metrics\?worker=(\d{1,3}) ")
# What these were answered is remembered for a minute by the process that answered (`sent_twice`).
_REMEMBERED = re.compile(rb"POST (?:/auth/code|/second-factor)[ ?]")

Make = Callable[[bytes], Any]
"""Makes a protocol that begins with what was read before."""


def owner_of(begun: bytes) -> str | None:
    """The name of the process that a request's first line asks for, if it does: by its number, as the owner of a
    connection, or by its slot, for its figures; the first one has what may be sent twice."""
    if named := _OWNER.match(begun):
        return str(int(named[1]))
    if _REMEMBERED.match(begun):
        return "slot-1"
    return f"slot-{int(asked[1])}" if (asked := _SLOT.match(begun)) else None


class Passing:
    """One process's place among those of a host; `folder` is theirs alone."""

    def __init__(self, folder: Path, number: int, slot: int) -> None:
        self.folder, self.number, self.names = folder, number, (str(number), f"slot-{slot}")
        self._taking: set[asyncio.Task[None]] = set()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def open(self, make: Make) -> None:
        """Take what the others hand over, and let protocols of `make` go on with it."""
        own, slot = (self._place_of(name) for name in self.names)
        self._socket.bind(str(own))
        # In one step: the process that had the slot before may still be at work.
        link = own.with_suffix(".link")
        link.symlink_to(own)
        link.replace(slot)
        asyncio.get_running_loop().add_reader(self._socket, self._take, make)

    def close(self) -> None:
        """Take nothing more."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._place_of(self.names[0]).unlink(missing_ok=True)
        self._socket.close()

    def hand_over(self, owner: str, transport: asyncio.Transport, begun: bytes) -> None:
        """Give the connection away, with what was read of it.

        Raises BlockingIOError while that process has too much to do, another OSError when it is gone.
        """
        with tempfile.TemporaryFile() as kept:
            kept.write(begun)
            kept.flush()
            files = array("i", (transport.get_extra_info("socket").fileno(), kept.fileno()))
            # `socket.send_fds` leaves out the address.
            with_files = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)]
            self._socket.sendmsg([b"1"], with_files, 0, str(self._place_of(owner)))

    def _place_of(self, name: str) -> Path:
        return self.folder / f"{name}.socket"

    def _take(self, make: Make) -> None:
        for _ in range(MOST_AT_ONCE):
            try:
                _, files, _, _ = socket.recv_fds(self._socket, 1, 2)
            except BlockingIOError:
                return
            if len(files) == 2:
                task = asyncio.ensure_future(self._go_on(make, *files))
                self._taking.add(task)
                task.add_done_callback(self._taking.discard)

    async def _go_on(self, make: Make, connection: int, kept: int) -> None:
        try:
            begun = os.pread(kept, os.fstat(kept).st_size, 0)
        finally:
            os.close(kept)
        given = socket.socket(fileno=connection)
        given.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: make(begun), given)
        except OSError:
            given.close()


class DeskHttp(H11Protocol):
    """uvicorn's protocol, which first looks whether a request is for another process."""

    passing: ClassVar[Passing | None] = None
    given = b""
    """What another process has read of this connection."""
    _begun = b""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # Here, since the rest may be there already.
        if self.given:
            self.data_received(self.given)

    def data_received(self, data: bytes) -> None:
        if self.passing is not None and self._is_between_requests():
            data, self._begun = self._begun + data, b""
            if data.startswith(_BEGINS) and b"\n" not in data and len(data) < LONGEST_LINE:
                self._begun = data
                return
            owner = owner_of(data)
            if owner is not None and owner not in self.passing.names:
                self._pass_on(self.passing, owner, data, self.loop.time() + PATIENCE_SECONDS)
                return
        super().data_received(data)

    def _pass_on(self, passing: Passing, owner: str, begun: bytes, until: float) -> None:
        """Give the connection away as soon as there is room for it; what nobody takes is answered here."""
        if self.transport.is_closing():
            return
        try:
            passing.hand_over(owner, self.transport, begun)
        except OSError as refused:
            if isinstance(refused, BlockingIOError) and self.loop.time() < until:
                self._unset_keepalive_if_required()
                self.flow.pause_reading()
                # Not all at once: the kernel keeps only a few for whoever has no turn.
                self.loop.call_later(
                    _DICE.uniform(*AGAIN_SECONDS), self._pass_on, passing, owner, begun, until
                )
                return
            self.flow.resume_reading()
            super().data_received(begun)
            return
        # The other process has the same connection open: here it is let go of, not ended.
        self.transport.abort()

    def _is_between_requests(self) -> bool:
        is_idle = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        return is_idle and (self.cycle is None or self.cycle.response_complete)
