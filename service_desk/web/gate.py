"""Pages are for those who have signed in; everybody else is shown where to do so."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..domain.errors import Busy
from ..live.gate import off_loop
from ..queries.sessions import who_is, why_ended
from .cookies import take_token, token_in
from .forms import HOME, local_path
from .html import message

# Paths of the framework begin with an underscore, files end with an extension; neither holds anybody's data.
_OPEN = re.compile(r"/(sign-in|setup|auth|api|healthz?|metrics)(/.*)?|/_.*|.*\.[A-Za-z0-9]+")


async def turn_away(request: Request) -> Response | None:
    """Where a visitor must go instead of the page they asked for; None to let them through."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.url.path == "/":
        return _go(HOME)
    if "text/html" not in request.headers.get("accept", ""):
        return None
    try:
        if request.url.path == "/sign-in":
            return await _skip_sign_in(request)
        return None if _OPEN.fullmatch(request.url.path) else await _ask_to_sign_in(request)
    except Busy as busy:
        return message(busy, 503, {"Retry-After": "5"})


async def _skip_sign_in(request: Request) -> Response | None:
    token = token_in(request)
    if token is None or await off_loop(who_is, token) is None:
        return None
    return _go(local_path(request.query_params.get("next")))


async def _ask_to_sign_in(request: Request) -> Response | None:
    token = token_in(request)
    path = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    wanted = f"/sign-in?next={quote(path[:500], safe='/')}"
    if token is None:
        return _go(wanted)
    if await off_loop(who_is, token) is not None:
        return None
    response = _go(f"{wanted}&reason={await off_loop(why_ended, token)}")
    take_token(response, request)
    return response


def _go(path: str) -> Response:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
