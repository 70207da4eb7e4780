"""What holds for every answer: who may post from where, and what a browser may do with what it gets."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..config import origin_of, settings
from .cookies import is_https, token_in
from .gate import turn_away

log = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FOREIGN = (
    "This came from another address than the desk's own, so nothing was done. "
    "If people are meant to use that address, name it in SERVICE_DESK_PUBLIC_URL."
)
A_YEAR = 31_536_000


class Security:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = self.app
        if foreign := refuse_foreign(request):
            answer = foreign
        elif elsewhere := await turn_away(request):
            answer = elsewhere
        await answer(scope, receive, _with_headers(send, is_https(request)))


def refuse_foreign(request: Request) -> Response | None:
    """403 for what another site makes a browser send; programs without a cookie need no Origin."""
    if request.method in SAFE_METHODS:
        return None
    named = request.headers.getlist("origin") or request.headers.getlist("referer")
    if not named and token_in(request) is None:
        return None
    if len(named) == 1 and _is_ours(named[0]):
        return None
    log.warning("refused %.10s %.80r from %.80r", request.method, request.url.path, ", ".join(named))
    return PlainTextResponse(FOREIGN, 403, {"Cache-Control": "no-store"})


def _is_ours(address: str) -> bool:
    try:
        return origin_of(address) in settings().origins
    except ValueError:
        return False


def _with_headers(send: Send, https: bool) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _headers(https).items():
                headers.setdefault(name, value)
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return send_with_headers


def _headers(https: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": _policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return headers | ({"Strict-Transport-Security": f"max-age={A_YEAR}"} if https else {})


def _policy() -> str:
    # Some browsers don't count the page's own socket as 'self'.
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings().origins)
    # Reflex runs what its backend sends through eval, and its pages hold inline scripts and styles.
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
