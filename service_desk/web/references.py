"""Every request has a reference of its own, which its answer names."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import figures, reference
from ..log import get_logger
from .html import message as page_with

log = get_logger(__name__)

HEADER = "X-Request-ID"
BROKEN = "That did not work; nothing was saved. Try again in a moment."


class References:
    """ASGI middleware around everything. What a client calls its request itself is not believed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        made, begun = reference.begin(), False

        async def send_with_reference(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)[HEADER] = made
            await send(message)

        try:
            await self.app(scope, receive, send_with_reference)
        except Exception as fault:
            if scope["type"] != "http":
                # The server logs what a socket sent and nobody understood.
                raise
            figures.FAULTS.add("request")
            log.error("a request failed", path=scope["path"], exc_info=fault)
            if not begun:
                await page_with(BROKEN, 500)(scope, receive, send_with_reference)


async def answer_fault(_request: Request, _fault: Exception) -> Response:
    """What is shown when a route is broken; it is logged further out."""
    return page_with(BROKEN, 500)
