"""A wire that keeps what is written to it."""

from __future__ import annotations

from collections.abc import Callable


class Tap:
    """`is_open` is whether it takes more."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.is_open = True
        self.on_pong: Callable[[], bool] | None = None

    def encode(self, text: str) -> bytes:
        return text.encode()

    def take(self, frame: bytes) -> bool:
        if self.is_open:
            self.written.append(frame.decode())
        return self.is_open
