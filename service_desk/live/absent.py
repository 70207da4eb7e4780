"""Tabs that have gone: what they held is kept for their return, but not for thousands that never come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

MOST_ABSENT = 20
"""For one person. A tab beyond them that returns after all begins anew, as after a restart."""


class AbsentTabs:
    """`forget` is given a tab; it keeps those that are back."""

    def __init__(self, forget: Callable[[str], None]) -> None:
        self._forget = forget
        self._left: dict[int, dict[str, None]] = defaultdict(dict)

    def leave(self, person: int, tab: str) -> None:
        left = self._left[person]
        left.pop(tab, None)
        left[tab] = None
        if len(left) > MOST_ABSENT:
            oldest = next(iter(left))
            del left[oldest]
            self._forget(oldest)
