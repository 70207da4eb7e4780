"""Signing in and out: plain forms over plain HTTP, since only an answer to HTTP can set a cookie."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..actions import sessions
from ..domain.errors import Busy, Invalid
from ..live.gate import off_loop
from ..queries.sessions import has_anybody
from .cookies import give_token, take_token, token_in
from .forms import BadForm, local_path, read_form
from .html import message, page
from .throttle import Failed, Throttle, TooOften, address_of

REASONS = {
    "deactivated": "Your account was deactivated. Ask an admin if you think that this is a mistake.",
    "signed-out": "You have signed out.",
    "ended": "This sign-in was ended, here or from another device. Sign in again.",
    "expired": "You were signed out after a long time. Sign in again.",
    "role": "Your role was changed. Sign in again.",
}

throttle = Throttle()
# Each takes 19 MiB and a core for a moment: without turns, a rush would keep everybody's reads waiting.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
AT_ONCE = 2


def turn() -> asyncio.Semaphore:
    """To be held while a password is hashed."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def show_sign_in(request: Request) -> Response:
    """GET /sign-in?reason=…&next=…"""
    reason = REASONS.get(request.query_params.get("reason", ""), "")
    return await _form(request.query_params.get("next"), reason=reason)


async def sign_in(request: Request) -> Response:
    """POST /auth/sign-in with `username`, `password` and perhaps `next`."""
    try:
        form = await read_form(request)
    except BadForm as bad:
        return await _form(None, bad.status, bad.sentence)
    username, password, target = form.get("username", ""), form.get("password", ""), form.get("next")
    if not username.strip() or not password:
        return await _form(target, 400, "Type your username and your password.", username)
    try:
        # The turn first: of fifty good sign-ins at once, those that wait don't look like fifty guesses.
        async with turn():
            with throttle.trying(username.strip(), address_of(request)):
                token = await _token(username, password, request.headers.get("user-agent", ""))
    except TooOften as often:
        wait = {"Retry-After": str(often.seconds)}
        return await _form(target, 429, _patience(often.seconds), username, wait)
    except Failed as failed:
        return await _form(target, 401, str(failed), username)
    if old := token_in(request):
        await off_loop(sessions.sign_out, old)
    return welcome(request, token, target)


async def _token(username: str, password: str, user_agent: str) -> str:
    try:
        return await off_loop(sessions.sign_in, username, password, user_agent)
    except Invalid as refused:
        raise Failed(refused.sentence) from refused


def welcome(request: Request, token: str, target: str | None = None) -> Response:
    """Into the desk with a new token."""
    response = RedirectResponse(local_path(target), 303, {"Cache-Control": "no-store"})
    give_token(response, request, token)
    return response


async def sign_out(request: Request) -> Response:
    """POST /auth/sign-out. The cookie goes even when the store can't be reached, which is then said."""
    response: Response = RedirectResponse("/sign-in?reason=signed-out", 303, {"Cache-Control": "no-store"})
    if token := token_in(request):
        try:
            await off_loop(sessions.sign_out, token)
        except Busy as busy:
            response = message(busy.sentence, 503)
    take_token(response, request)
    return response


async def _form(
    target: str | None,
    status: int = 200,
    error: str = "",
    username: str = "",
    headers: dict[str, str] | None = None,
    *,
    reason: str = "",
) -> Response:
    return page(
        "sign_in",
        status,
        headers,
        next=local_path(target),
        error=error,
        reason=reason,
        username=username[:100],
        is_new=not await off_loop(has_anybody),
    )


def _patience(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"Too many tries. Wait {minutes} minute{'s' * (minutes != 1)}, then try again."
