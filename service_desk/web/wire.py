"""One WebSocket on the wire: what comes in frame by frame is bounded here, and so is what a client never reads."""

from __future__ import annotations

import re
from asyncio import TimerHandle
from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from ..live.wires import EXTENSION

STALLED_SECONDS = 15
"""A client that does not read what fits into a packet or two for so long is gone, whatever its network says."""
MOST_WAITING = 1000
"""Messages that may wait for the application; Engine.IO's limits are much lower."""
MOST_PARTS = 100
MOST_PINGS = 100
"""A second, of the WebSocket protocol itself. Browsers send none."""
UNACCEPTABLE = 1003
PONG = b"3"
"""Engine.IO's answer to a ping."""
PART = 16_384
"""Bytes that are read in one go: a flood of tiny frames ends after the first of them."""

# Engine.IO: closing, an answer to a ping, going over from long-polling, and Socket.IO's packets without attachments
# or acknowledgements.
_BEGINS = re.compile(rb"[13]|4[0-2]|2probe$|5$")


class DeskWire(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which already pauses reading while the application is busy."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._stalled: TimerHandle | None = None
        """Runs while the client reads too slowly for anything more to be written."""
        self.on_pong: Callable[[], bool] | None = None
        self._second = 0.0
        self._pings = 0

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # The application starts with the next turn of the loop. A refused handshake has no scope.
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = self  # type: ignore[index]

    @staticmethod
    def encode(text: str) -> bytes:
        """One text frame. Without compression it is the same for every client."""
        return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)

    def take(self, frame: bytes) -> bool:
        """Write a ready frame, unless the client is slow to read or the connection is ending."""
        if self._stalled is not None or self.close_sent or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), PART):
            if not self.transport.is_closing():
                super().data_received(data[start : start + PART])

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._forget_stall()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_stall()
        super().connection_lost(exc)

    def handle_ping(self) -> None:
        """Answer, unless nobody reads the answers: they would pile up here."""
        if self.loop.time() - self._second >= 1:
            self._second, self._pings = self.loop.time(), 0
        self._pings += 1
        if self._pings > MOST_PINGS:
            self.transport.abort()
        elif self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MOST_PARTS:
            self._refuse()
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        message = b"".join(self.frames)
        if message == PONG and self.on_pong is not None and self.on_pong():
            self.frames = []
            return
        self.frames = [message]
        is_text = self.curr_msg_data_type == "text" and _BEGINS.match(message) and _is_utf_8(message)
        if is_text and self.queue.qsize() < MOST_WAITING:
            super().send_receive_event_to_app()
        else:
            self._refuse()

    def _refuse(self) -> None:
        self.frames = []
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_close(UNACCEPTABLE)
            self.handle_parser_exception()

    def _forget_stall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def _is_utf_8(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True
