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


def stopping_with(ask: Callable[[], bool]) -> None:
    """Be told whether the desk is about to stop, by a function."""
    global _is_stopping
    _is_stopping = ask


async def show_health(_request: Request) -> Response:
    """GET /healthz: 200 while the database answers and the desk stays, else 503."""
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
    return JSONResponse(told, code, {"Cache-Control": "no-store"})
