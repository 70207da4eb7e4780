"""What holds for every answer: who may post from where, and what a browser may do with what it gets."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import reference
from ..actions.doors import note
from ..config import origin_of, settings
from ..domain.security import Door
from ..log import get_logger
from .cookies import is_https, token_in
from .gate import turn_away
from .policy import policy
from .proxies import note_untrusted
from .throttle import address_of

log = get_logger(__name__)

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
            if scope["type"] == "websocket":
                _note_foreign_socket(HTTPConnection(scope))
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        note_untrusted(request)
        answer = self.app
        if foreign := refuse_foreign(request):
            answer = foreign
        elif elsewhere := await turn_away(request):
            answer = elsewhere
        await answer(scope, receive, _with_headers(send, is_https(request)))


def refuse_foreign(request: Request) -> Response | None:
    """403 for what another site makes a browser send; programs without a cookie need no Origin."""
    # No cookie counts there, so no other site can make a browser do anything.
    if request.method in SAFE_METHODS or request.url.path.startswith("/api/"):
        return None
    named = request.headers.getlist("origin") or request.headers.getlist("referer")
    if not named and token_in(request) is None:
        return None
    if len(named) == 1 and _is_ours(named[0]):
        return None
    _note_foreign(request, f"{request.method[:10]} {request.url.path[:60]}", named)
    log.warning("refused another site", method=request.method, path=request.url.path, origin=", ".join(named))
    return PlainTextResponse(reference.attach(FOREIGN), 403, {"Cache-Control": "no-store"})


def _note_foreign_socket(request: HTTPConnection) -> None:
    """The socket refuses a foreign Origin itself, and tells nobody."""
    named = request.headers.getlist("origin")
    if named and not (len(named) == 1 and _is_ours(named[0])):
        _note_foreign(request, "the socket", named)


def _note_foreign(request: HTTPConnection, what: str, named: list[str]) -> None:
    note(Door.FOREIGN_ORIGIN, None, address_of(request), f"{what} from {', '.join(named)[:80] or 'nowhere'}")


def _is_ours(address: str) -> bool:
    try:
        return origin_of(address) in settings().origins
    except ValueError:
        return False


def _with_headers(send: Send, https: bool) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            is_page = headers.get("content-type", "").startswith("text/html")
            # "Not modified" renews the headers of the page that a browser has kept.
            _leave_origin_out(headers)
            for name, value in _headers(https, is_page or message["status"] == 304).items():
                headers.setdefault(name, value)
            if is_page:
                headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return send_with_headers


def _leave_origin_out(headers: MutableHeaders) -> None:
    """Every answer varies by Origin. Reflex says so round each of its parts, and once more round everything, this
    included."""
    if lines := headers.getlist("vary"):
        names = [name.strip() for line in lines for name in line.split(",")]
        del headers["vary"]
        if others := [name for name in names if name.lower() != "origin"]:
            headers["Vary"] = ", ".join(others)


def _headers(https: bool, is_page: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": policy(is_page=is_page),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return headers | ({"Strict-Transport-Security": f"max-age={A_YEAR}"} if https else {})
