"""The gate: the only way from the event loop to what blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")

_EACH = 8
_READING = ThreadPoolExecutor(max_workers=_EACH, thread_name_prefix="gate")
# What saves may wait five seconds for a lock, and whoever only looks must not wait behind it.
_SAVING = ThreadPoolExecutor(max_workers=_EACH, thread_name_prefix="gate-saving")
_SAVES = "service_desk.actions."
THREADS = 2 * _EACH
_working: set[object] = set()
# Each hash takes 19 MiB and a core for a moment: without turns, a rush would keep everybody's reads waiting.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
AT_ONCE = 2


def turn() -> asyncio.Semaphore:
    """To be held while a password is hashed."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def off_loop(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks (the database, password hashing, files) in a thread, so that no session waits for another's.

    The thread knows on whose behalf it works: what it logs carries the same reference.
    """
    loop = asyncio.get_running_loop()
    context = copy_context()
    threads = _SAVING if getattr(function, "__module__", "").startswith(_SAVES) else _READING
    return await loop.run_in_executor(threads, lambda: _counted(context.run, function, *args, **kwargs))


def waiting() -> int:
    """How much waits for a thread."""
    return _READING._work_queue.qsize() + _SAVING._work_queue.qsize()


def busy() -> int:
    """How many of the THREADS work."""
    return len(_working)


def _counted(function: Callable[..., T], *args: object, **kwargs: object) -> T:
    mark = object()
    _working.add(mark)
    try:
        return function(*args, **kwargs)
    finally:
        _working.discard(mark)
