"""Answers that can't be made again, for forms that were sent twice: a double click, or a page loaded again.

The browser shows the last answer alone, and what it must show is stored as a hash: recovery codes, the token of a new
sign-in. So these are kept in memory, a few and not for long. A restart loses them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from ..domain.times import now

T = TypeVar("T")


def new_key() -> str:
    """What tells a form from every other, for a page that is made just now: 128 random bits."""
    return secrets.token_urlsafe(16)


def form_name(*parts: object) -> str:
    """What a form is known by: whose it is, its key, what was typed."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


class Answers(Generic[T]):
    """The last `most` answers, each for `seconds`, by `form_name`. To be used from the event loop alone."""

    def __init__(self, seconds: int = 60, most: int = 300) -> None:
        self.seconds = seconds
        self.most = most
        self._kept: dict[str, tuple[datetime, T]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._kept)

    @asynccontextmanager
    async def turn(self, form: str) -> AsyncIterator[None]:
        """One after the other for the same form: the second one finds what the first was answered."""
        lock = self._turns.setdefault(form, asyncio.Lock())
        async with lock:
            yield
        asyncio.get_running_loop().call_later(self.seconds + 1, self._forget_old)

    def keep(self, form: str, answer: T) -> None:
        """Keep what this form was answered."""
        self._forget_old()
        self._kept[form] = now(), answer
        while len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]

    def find(self, form: str) -> T | None:
        """What this form was answered, a short time ago."""
        self._forget_old()
        kept = self._kept.get(form)
        return kept[1] if kept else None

    def _forget_old(self) -> None:
        since = now() - timedelta(seconds=self.seconds)
        for form in [form for form, (at, _) in self._kept.items() if at <= since]:
            del self._kept[form]
