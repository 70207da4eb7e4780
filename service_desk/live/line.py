"""One Engine.IO connection, as the desk keeps it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .wires import Wire


@dataclass(eq=False, slots=True)
class Line:
    """`key` is what its events are counted by: its sign-in, or itself for a stranger.

    `wire` is where its frames go; None while only its queue leads to it.
    """

    socket: Any
    key: str
    person: int | None
    wire: Wire | None = None
    placed_at: float = field(default_factory=time.monotonic)
    dropped: int = 0
    told_at: float = float("-inf")
