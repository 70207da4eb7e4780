"""How the built pages reach browsers: one address each, without a detour, and kept as long as they may be."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ASK_FIRST = "no-cache"


class Delivery:
    """ASGI middleware around the built files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if _is_page(path):
            # A page is a folder with an index; without the slash the file server would send a redirect first.
            scope = {**scope, "path": path + "/"}

        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                MutableHeaders(scope=message).setdefault("Cache-Control", keep_for(path))
            await send(message)

        await self.app(scope, receive, send_with_age)


def keep_for(path: str) -> str:
    """The Cache-Control of an address: built files carry their checksum in their name, pages do not."""
    if path.startswith("/assets/"):
        return FOREVER
    return A_DAY if path.startswith("/fonts/") else ASK_FIRST


def _is_page(path: str) -> bool:
    last = path.rpartition("/")[2]
    return (
        bool(last) and "." not in last and not path.startswith(("/_event", "/auth/", "/api/", "/ping", "/_"))
    )
