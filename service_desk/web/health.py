"""Whether the desk can work, for whatever watches over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import __version__
from ..domain.errors import DeskError
from ..live.gate import off_loop
from ..queries.journal import last_seq

PATIENCE_SECONDS = 4

_is_stopping: Callable[[], bool] = bool
_redis_answers: Callable[[], bool] | None = None


def stopping_with(ask: Callable[[], bool]) -> None:
    """Be told whether the desk is about to stop, by a function."""
    global _is_stopping
    _is_stopping = ask


def sharing_with(ask: Callable[[], bool]) -> None:
    """Be told whether the Redis answers that the desk shares, by a function that asks nobody."""
    global _redis_answers
    _redis_answers = ask


async def show_health(_request: Request) -> Response:
    """GET /healthz: 200 while the database answers and the desk stays, else 503.

    `status` is then `unavailable` or `stopping`; without its Redis the desk works on, and says `degraded`.
    """
    if _is_stopping():
        return _told("stopping", "ok", 503)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await off_loop(last_seq)
    except (DeskError, TimeoutError):
        return _told("unavailable", "unreachable", 503)
    return _told("ok", "ok", 200)


def _told(status: str, database: str, code: int) -> Response:
    told = {"status": status, "version": __version__, "database": database}
    if _redis_answers is not None:
        answers = _redis_answers()
        told["redis"] = "ok" if answers else "unreachable"
        told["status"] = "degraded" if status == "ok" and not answers else status
    return JSONResponse(told, code, {"Cache-Control": "no-store"})
