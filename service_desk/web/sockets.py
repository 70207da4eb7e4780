"""The socket's server: WebSocket, long-polling where that is blocked, one heartbeat and one size for both."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from types import SimpleNamespace
from urllib.parse import parse_qs

from engineio.payload import Payload
from reflex.app import _sio_dumps, _sio_loads
from socketio import AsyncServer
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .cookies import token_of
from .server import MAX_FRAME_BYTES, PING_SECONDS
from .worker import place

PATH = "/_event"
# A browser sends all that waited for its last request in one body; more than this many are never a person's doing.
MOST_PACKETS = 100
NOT_YOURS = "This connection belongs to another sign-in."
NO_SCRIPT = "The socket isn't answered with a script."
TOO_LARGE = "This is too much at once."


def socket_server(origins: Sequence[str]) -> AsyncServer:
    """Reflex's own server (`App._setup_state`), with long-polling beside WebSocket."""
    Payload.max_decode_packets = MOST_PACKETS
    server = AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=list(origins),
        cors_credentials=True,
        max_http_buffer_size=MAX_FRAME_BYTES,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_SECONDS,
        json=SimpleNamespace(dumps=staticmethod(_sio_dumps), loads=staticmethod(_sio_loads)),
        transports=["websocket", "polling"],
        # Who began with long-polling goes over to WebSocket by itself as soon as one gets through.
        allow_upgrades=True,
        async_handlers=False,
        # `live.lines` looks after all of them once a second; Engine.IO's own way sets a timer for each.
        monitor_clients=False,
        # Compressing would keep everybody waiting, once for each browser.
        http_compression=False,
    )
    if at := place():
        # Whichever process gets a request of long-polling knows from its connection's name whose it is.
        server.eio.generate_id = lambda: f"{at.number}-{secrets.token_urlsafe(15)}"
    return server


class SocketDoor:
    """ASGI middleware: every request of a long-polling connection must carry the cookie that it was opened with."""

    def __init__(self, app: ASGIApp, server: AsyncServer) -> None:
        self.app = app
        self.server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, refused = self._refused(HTTPConnection(scope)) if _is_socket(scope) else (200, "")
        if not refused:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
        else:
            await PlainTextResponse(refused, status, {"Cache-Control": "no-store"})(scope, receive, send)

    def _refused(self, request: HTTPConnection) -> tuple[int, str]:
        """Why this request is not answered; an empty reason when it is. The query is read as Engine.IO reads it."""
        # Engine.IO would keep such a request waiting until its connection is read to the end.
        if int(request.headers.get("content-length", "0")) > MAX_FRAME_BYTES:
            return 413, TOO_LARGE
        asked = parse_qs(request.url.query)
        if "j" in asked:
            return 403, NO_SCRIPT
        opened = self.server.environ.get(asked.get("sid", [""])[0])
        if opened is None:
            return 200, ""
        cookie = "; ".join(request.headers.getlist("cookie"))
        same = token_of(cookie) == token_of(opened.get("HTTP_COOKIE", ""))
        return (200, "") if same else (403, NOT_YOURS)


def _is_socket(scope: Scope) -> bool:
    return scope["type"] in ("http", "websocket") and scope["path"].startswith(PATH)
