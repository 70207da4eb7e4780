"""The second step of signing in, over plain HTTP: the code, or setting it up where the role asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..actions import sessions
from ..actions.doors import note
from ..actions.second_factor import is_of_app
from ..actions.second_step import TOO_LATE, begin_while_signing_in, finish_set_up, finish_sign_in
from ..domain.commands import is_key
from ..domain.errors import Invalid, Refused
from ..domain.security import Door
from ..domain.users import hash_token
from ..live.gate import off_loop
from ..queries.second_factor import Waiting, who_waits
from ..queries.sessions import who_is
from .cookies import give_ticket, give_token, take_ticket, ticket_in, token_in
from .forms import BadForm, local_path, read_form
from .html import message, page
from .qr import qr_of
from .sent_twice import Answers, form_name, new_key
from .throttle import Failed, Throttle, TooOften, address_of


@dataclass(frozen=True, slots=True)
class LetIn:
    """What came of a code: a sign-in, and recovery codes where it was set up on the way."""

    ticket: str
    token: str
    codes: list[str]


throttle = Throttle()
signed_in = Answers[LetIn]()
CODE_PAGE = "/sign-in/code"
ALREADY_IN = (
    "You are signed in, and this code was not needed any more. If you were shown no recovery codes, make new ones "
    "under Two-step sign-in on your profile page."
)


def ask_for_code(request: Request, ticket: str, target: str | None) -> Response:
    """After the right password: on to the code."""
    address = f"{CODE_PAGE}?next={quote(local_path(target), safe='/')}"
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    give_ticket(response, request, ticket)
    return response


async def show_code(request: Request) -> Response:
    """GET /sign-in/code?next=…"""
    ticket = ticket_in(request) or ""
    waiting = await off_loop(who_waits, ticket)
    if waiting is None:
        return _too_late(request)
    return await _form(request, waiting, ticket, request.query_params.get("next"))


async def take_code(request: Request) -> Response:
    """POST /auth/code with `key`, `code` and perhaps `next`."""
    ticket = ticket_in(request) or ""
    try:
        form = await read_form(request)
    except BadForm as bad:
        waiting = await off_loop(who_waits, ticket)
        return (
            await _form(request, waiting, ticket, None, bad.status, bad.sentence)
            if waiting
            else _too_late(request)
        )
    sent = form_name(form.get("key", ""), form.get("code", ""))
    async with signed_in.turn(sent):
        known = signed_in.find(sent)
        if known and await _is_theirs(request, known):
            return _welcome(request, known, form.get("next"))
        waiting = await off_loop(who_waits, ticket)
        if waiting is not None:
            return await _try(request, waiting, ticket, form)
    token = token_in(request)
    return _too_late(request, ALREADY_IN if token and await off_loop(who_is, token) else TOO_LATE)


async def _is_theirs(request: Request, known: LetIn) -> bool:
    """Whether a form that was answered already comes from the same browser, and its sign-in is still good."""
    same = ticket_in(request) == known.ticket or token_in(request) == known.token
    return same and await off_loop(who_is, known.token) is not None


async def _try(request: Request, waiting: Waiting, ticket: str, form: dict[str, str]) -> Response:
    target, code = form.get("next"), form.get("code", "")
    counted = tries_of(waiting.user_id, code, address_of(request))
    if not waiting.is_set_up:
        # Whoever has this ticket was shown the secret. Its tries must not be those of another browser.
        counted = f"first code {hash_token(ticket)}", None
    try:
        async with throttle.trying(*counted):
            known = await _let_in(request, waiting, ticket, code)
    except TooOften as often:
        note(Door.TOO_MANY_TRIES, waiting.user_id, address_of(request), "of the code")
        wait = {"Retry-After": str(often.seconds)}
        sentence = too_often(often, code) if waiting.is_set_up else often.sentence
        return await _form(request, waiting, ticket, target, 429, sentence, wait)
    except Failed as failed:
        return await _form(request, waiting, ticket, target, 401, str(failed))
    except Refused:
        return _too_late(request)
    if is_key(key := form.get("key", "")):
        signed_in.keep(form_name(key, code), known)
    if old := token_in(request):
        await off_loop(sessions.sign_out, old, address_of(request))
    return _welcome(request, known, target)


def tries_of(user_id: int, code: str, address: str) -> tuple[str, str | None]:
    """As what a code is counted by the throttle: one of the app for the account, a recovery code for its address."""
    return (f"code {user_id}", None) if is_of_app(code) else (f"recovery code {user_id}", address)


def too_often(often: TooOften, code: str) -> str:
    """What is said to whoever may try no code of this kind just now."""
    other = " Or type one of your recovery codes: their tries are counted apart."
    return often.sentence + (other if is_of_app(code) else "")


async def _let_in(request: Request, waiting: Waiting, ticket: str, code: str) -> LetIn:
    agent, address, codes = request.headers.get("user-agent", ""), address_of(request), []
    try:
        if waiting.is_set_up:
            token, _ = await off_loop(finish_sign_in, ticket, code, agent, address)
        else:
            token, codes = await off_loop(finish_set_up, ticket, code, agent, address)
    except Invalid as wrong:
        note(Door.CODE_WRONG, waiting.user_id, address)
        raise Failed(wrong.sentence) from wrong
    return LetIn(ticket, token, codes)


def _welcome(request: Request, known: LetIn, target: str | None) -> Response:
    response: Response = RedirectResponse(local_path(target), 303, {"Cache-Control": "no-store"})
    if known.codes:
        response = page("recovery_codes", codes=known.codes, next=local_path(target))
    give_token(response, request, known.token)
    take_ticket(response, request)
    return response


async def _form(
    request: Request,
    waiting: Waiting,
    ticket: str,
    target: str | None,
    status: int = 200,
    error: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    if waiting.is_set_up:
        return page("code", status, headers, key=new_key(), next=local_path(target), error=error)
    try:
        secret = await off_loop(begin_while_signing_in, ticket)
    except Refused:
        return _too_late(request)
    return page(
        "set_up_code",
        status,
        headers,
        action="/auth/code",
        key=new_key(),
        next=local_path(target),
        error=error,
        secret="",
        **qr_of(secret, waiting.username),
    )


def _too_late(request: Request, sentence: str = TOO_LATE) -> Response:
    response = message(sentence, 410)
    take_ticket(response, request)
    return response
