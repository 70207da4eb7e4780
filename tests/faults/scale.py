"""How large a rehearsal is: short beside the other tests, full when the promises are measured."""

from __future__ import annotations

from typing import TypeVar

from ..figures import FULL

N = TypeVar("N", int, float)


def scaled(short: N, full: N) -> N:
    """`full` with SERVICE_DESK_FAULTS=full (`make faults`), else `short`."""
    return full if FULL else short
