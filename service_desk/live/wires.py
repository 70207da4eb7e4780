"""The way past Engine.IO's queue: what a server that can write ready frames puts into a WebSocket's ASGI scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

EXTENSION = "service_desk.wire"
"""Where the server puts a WebSocket's wire into its ASGI scope, among the extensions."""


class Wire(Protocol):
    """One WebSocket; `web.wire` is the real one."""

    on_pong: Callable[[], bool] | None
    """Called with each of Engine.IO's answers to a ping; one for which it returns True goes no further."""

    def encode(self, text: str) -> bytes:
        """The whole frame, good for every wire."""
        ...

    def take(self, frame: bytes) -> bool:
        """Write the frame now. False when it can't be, and then nothing was written."""
        ...


def wire_of(environ: Mapping[str, Any]) -> Wire | None:
    """The wire of whoever connects by WebSocket; None for long-polling, and later too for who began with it."""
    scope = environ.get("asgi.scope") or {}
    found: Wire | None = (scope.get("extensions") or {}).get(EXTENSION)
    return found
