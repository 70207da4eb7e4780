"""Signing in and out: plain forms over plain HTTP, since only an answer to HTTP can set a cookie."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..actions import sessions
from ..domain.errors import Busy, Invalid
from ..live.gate import off_loop, turn
from ..queries.sessions import has_anybody
from .cookies import give_token, take_token, token_in
from .forms import BadForm, local_path, read_form
from .html import message, page
from .second_step import ask_for_code
from .throttle import Failed, Throttle, TooOften, address_of

REASONS = {
    "deactivated": "Your account was deactivated. Ask an admin if you think that this is a mistake.",
    "signed-out": "You have signed out.",
    "ended": "This sign-in was ended, here or from another device. Sign in again.",
    "expired": "You were signed out after a long time. Sign in again.",
    "role": "Your role was changed. Sign in again.",
    "second-factor": "Your role now signs in with a code too. Sign in again to set it up.",
}

throttle = Throttle()


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
        # The turn last: who has guessed too often, or waits in a queue of their own, must not take it from others.
        async with throttle.trying(username.strip(), address_of(request)), turn():
            token = await _token(request, username, password)
    except TooOften as often:
        await off_loop(sessions.note_too_often, username, address_of(request))
        wait = {"Retry-After": str(often.seconds)}
        return await _form(target, 429, often.sentence, username, wait)
    except Failed as failed:
        return await _form(target, 401, str(failed), username)
    except sessions.CodeNeeded as needed:
        return ask_for_code(request, needed.ticket, target)
    if old := token_in(request):
        await off_loop(sessions.sign_out, old, address_of(request))
    return welcome(request, token, target)


async def _token(request: Request, username: str, password: str) -> str:
    browser, address = request.headers.get("user-agent", ""), address_of(request)
    try:
        return await off_loop(sessions.sign_in, username, password, browser, address)
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
            await off_loop(sessions.sign_out, token, address_of(request))
        except Busy as busy:
            response = message(busy, 503)
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
