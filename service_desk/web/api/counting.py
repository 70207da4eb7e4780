"""How often each operation is asked for, what comes of it, and how long that takes."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ... import figures

NONE = "none"
"""What is no operation: the description, its page, and addresses at which there is nothing."""


class Counted:
    """ASGI middleware around the API. A stream is timed up to its first word."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, is_counted = time.perf_counter(), False

        def count(status: int) -> None:
            nonlocal is_counted
            if not is_counted:
                is_counted = True
                operation = getattr(scope.get("route"), "operation_id", None) or NONE
                figures.API_REQUESTS.add(operation, f"{status // 100}xx")
                figures.API_SECONDS.add(time.perf_counter() - began, operation)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception:
            # It is answered further out.
            count(500)
            raise
