"""Ids as they come from outside."""

from __future__ import annotations

MAX_ID = 2**31 - 1


def as_id(value: object) -> int | None:
    """The id that a number or a string of digits stands for; None for everything else, however strange."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID:
        return value
    return None
