"""One's own two-step sign-in: turned on, its recovery codes renewed, turned off; over plain HTTP like signing in.

The secret never goes over the socket, and no state of a page ever holds it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..actions import second_factor as actions
from ..actions.commands import carry_out
from ..actions.doors import note
from ..domain.access import Actor
from ..domain.errors import DeskError, Invalid, SavedOtherwise
from ..domain.security import Door
from ..live.gate import off_loop, turn
from ..queries.second_factor import is_being_set_up, own_factor
from ..queries.sessions import who_is
from . import second_step
from .cookies import token_in
from .forms import BadForm, read_form
from .html import message, page
from .qr import qr_of
from .sent_twice import Answers, form_name, new_key
from .throttle import Failed, TooOften, address_of

HERE = "/second-factor"
DONE = (
    "This was done already, and its recovery codes can’t be shown again. If you did not keep them, make new ones below "
    "with a code from your app."
)
shown = Answers[list[str]]()
Step = Callable[[Actor, dict[str, str]], Awaitable[Response]]


async def show_factor(request: Request) -> Response:
    """GET /second-factor"""
    actor = await _actor(request)
    return await _page(actor) if actor else _strangers()


async def take_step(request: Request) -> Response:
    """POST /second-factor with `step` (begin, confirm, renew, off), and `password` or `code`.

    What confirms also sends the `secret`, and every step with a code the `key` of its form.
    """
    actor = await _actor(request)
    if actor is None:
        return _strangers()
    try:
        form = await read_form(request)
    except BadForm as bad:
        return await _page(actor, bad.status, bad.sentence)
    step = STEPS.get(form.get("step", ""))
    if step is None:
        return await _page(actor, 400, "This form could not be read. Send it again.")
    try:
        async with second_step.throttle.trying(*_counted(step, actor, form, address_of(request))):
            return await _tried(request, step, actor, form)
    except TooOften as often:
        note(Door.TOO_MANY_TRIES, actor.id, address_of(request), AIMS[step])
        apart = step in (_renew, _turn_off)
        return await _page(
            actor, 429, second_step.too_often(often, form.get("code", "")) if apart else often.sentence
        )
    except Failed as failed:
        # A wrong first code keeps the picture on the screen, of whoever has seen it: that took their password.
        secret = form.get("secret", "")
        seen = step is _confirm and await off_loop(is_being_set_up, actor, secret)
        return await _page(actor, 422, str(failed), secret if seen else None)
    except _SentBefore as before:
        return before.answer
    except DeskError as refusal:
        return await _page(actor, 409, refusal.sentence)


class _SentBefore(Exception):
    """No code was looked at, since this form was carried out before: that must forgive no wrong guesses."""

    def __init__(self, answer: Response) -> None:
        super().__init__("this form was carried out before")
        self.answer = answer


def _counted(step: Step, actor: Actor, form: dict[str, str], address: str) -> tuple[str, str | None]:
    """As what the throttle counts it: passwords, first codes and codes each by themselves."""
    if step is _begin:
        return f"own password {actor.id}", None
    if step is _confirm:
        return f"first code {actor.session_id}", None
    return second_step.tries_of(actor.id, form.get("code", ""), address)


async def _tried(request: Request, step: Step, actor: Actor, form: dict[str, str]) -> Response:
    try:
        return await step(actor, form)
    except Invalid as wrong:
        if not wrong.fields:
            # A page that is out of date is no guess.
            raise
        kind = Door.WRONG_PASSWORD if step is _begin else Door.CODE_WRONG
        note(kind, actor.id, address_of(request), AIMS[step])
        raise Failed(next(iter(wrong.fields.values()), wrong.sentence)) from wrong


async def _begin(actor: Actor, form: dict[str, str]) -> Response:
    async with turn():
        await off_loop(actions.check_own_password, actor, form.get("password", ""))
    secret = await off_loop(actions.begin_second_factor, actor)
    return await _page(actor, secret=secret)


async def _confirm(actor: Actor, form: dict[str, str]) -> Response:
    return await _with_codes(actor, form, actions.confirm_second_factor)


async def _renew(actor: Actor, form: dict[str, str]) -> Response:
    return await _with_codes(actor, form, actions.renew_recovery_codes)


async def _with_codes(
    actor: Actor, form: dict[str, str], action: Callable[[Actor, str], list[str]]
) -> Response:
    """Carry out once what makes recovery codes: a form sent twice is shown the same ones, for a minute."""
    sent = form_name(actor.id, form.get("key", ""))

    @wraps(action)
    def made(actor: Actor, code: str) -> None:
        codes.extend(action(actor, code))

    codes: list[str] = []
    async with shown.turn(sent):
        try:
            repeated = await _repeats(actor, form, made)
        except SavedOtherwise:
            raise _SentBefore(await _page(actor, 409, DONE)) from None
        if codes:
            shown.keep(sent, codes)
        known = codes or shown.find(sent)
    answer = page("recovery_codes", codes=known, next=HERE) if known else await _page(actor, 409, DONE)
    if repeated:
        raise _SentBefore(answer)
    return answer


async def _turn_off(actor: Actor, form: dict[str, str]) -> Response:
    answer = RedirectResponse(HERE, 303, {"Cache-Control": "no-store"})
    if await _repeats(actor, form, actions.turn_off_second_factor):
        raise _SentBefore(answer)
    return answer


async def _repeats(actor: Actor, form: dict[str, str], action: Callable[[Actor, str], None]) -> bool:
    """Carry out `action` with the form's code, unless this form was sent before; whether it was."""
    code = form.get("code", "")
    async with turn():
        done = await off_loop(carry_out, actor, form.get("key"), action, code, said={"code": code})
    return done.repeated


STEPS: dict[str, Step] = {"begin": _begin, "confirm": _confirm, "renew": _renew, "off": _turn_off}
AIMS: dict[Step, str] = {
    _begin: "to set up two-step sign-in",
    _confirm: "to set up two-step sign-in",
    _renew: "for new recovery codes",
    _turn_off: "to turn off two-step sign-in",
}
"""What a secret was typed for, in the door book."""


async def _actor(request: Request) -> Actor | None:
    token = token_in(request)
    return await off_loop(who_is, token) if token else None


def _strangers() -> Response:
    return message("Sign in first.", 401)


async def _page(actor: Actor, status: int = 200, error: str = "", secret: str | None = None) -> Response:
    factor = await off_loop(own_factor, actor)
    if secret is not None and factor.since is None:
        drawn: dict[str, Any] = qr_of(secret, factor.username)
        return page(
            "set_up_code", status, key=new_key(), action=HERE, next=HERE, error=error, secret=secret, **drawn
        )
    since = factor.since.strftime("%-d %B %Y") if factor.since else ""
    return page("second_factor", status, key=new_key(), error=error, since=since, factor=factor)
