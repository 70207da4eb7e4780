"""The cookies that carry a sign-in's token, and before that what stands for the right password."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..config import settings

TICKET_SECONDS = 600
LONGEST_HEADER = 16_384


def token_of(cookie_header: str, cookie: str = "") -> str | None:
    """The token in a Cookie header; None without one, however strange the header is."""
    wanted = cookie or settings().cookie
    for part in cookie_header[:LONGEST_HEADER].split(";"):
        name, _, value = part.partition("=")
        if name.strip() == wanted and re.fullmatch(r"[A-Za-z0-9_-]{20,100}", value.strip()):
            return value.strip()
    return None


def token_in(request: Request) -> str | None:
    return token_of("; ".join(request.headers.getlist("cookie")))


def ticket_cookie() -> str:
    """The name of the cookie between password and code: the desk's own, by the same rule as that of a sign-in."""
    own, _, port = settings().cookie.partition("service_desk_session")
    return f"{own}_code" if own else f"service_desk_code{port}"


def ticket_in(request: Request) -> str | None:
    """What stands for a right password until the code is typed."""
    return token_of("; ".join(request.headers.getlist("cookie")), ticket_cookie())


def is_https(request: Request) -> bool:
    """Whether people come over TLS, to us or to the proxy in front."""
    return settings().secure_cookies or request.url.scheme == "https"


def give_token(response: Response, request: Request, token: str) -> None:
    """Let the browser keep the token where no script can read it."""
    _give(response, request, settings().cookie, token, settings().session_days * 86_400)


def take_token(response: Response, request: Request) -> None:
    """Let the browser forget the token."""
    _take(response, request, settings().cookie)


def give_ticket(response: Response, request: Request, ticket: str) -> None:
    """The same for what lasts from the password to the code."""
    _give(response, request, ticket_cookie(), ticket, TICKET_SECONDS)


def take_ticket(response: Response, request: Request) -> None:
    _take(response, request, ticket_cookie())


def _give(response: Response, request: Request, cookie: str, value: str, seconds: int) -> None:
    secure = is_https(request)
    response.set_cookie(
        cookie, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _take(response: Response, request: Request, cookie: str) -> None:
    response.delete_cookie(cookie, path="/", secure=is_https(request), httponly=True, samesite="lax")
