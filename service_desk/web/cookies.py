"""The cookie that carries a sign-in's token."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..config import settings

COOKIE = "service_desk_session"
LONGEST_HEADER = 16_384


def token_of(cookie_header: str) -> str | None:
    """The token in a Cookie header; None without one, however strange the header is."""
    for part in cookie_header[:LONGEST_HEADER].split(";"):
        name, _, value = part.partition("=")
        if name.strip() == COOKIE and re.fullmatch(r"[A-Za-z0-9_-]{20,100}", value.strip()):
            return value.strip()
    return None


def token_in(request: Request) -> str | None:
    return token_of("; ".join(request.headers.getlist("cookie")))


def is_https(request: Request) -> bool:
    """Whether people come over TLS, to us or to the proxy in front."""
    return settings().secure_cookies or request.url.scheme == "https"


def give_token(response: Response, request: Request, token: str) -> None:
    """Let the browser keep the token where no script can read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_days * 86_400,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def take_token(response: Response, request: Request) -> None:
    """Let the browser forget the token."""
    response.delete_cookie(COOKIE, path="/", secure=is_https(request), httponly=True, samesite="lax")
