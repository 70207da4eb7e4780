"""The first admin's page, reached through the one-time link that the server prints."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ..actions.users_first import DEAD_LINK, create_setup_link, use_setup_link
from ..domain.errors import Invalid, Refused
from ..live.gate import off_loop, turn
from ..queries.sessions import has_anybody, setup_link_works
from .forms import BadForm, read_form
from .html import message, page
from .sign_in import welcome
from .throttle import address_of

FIELDS = ("full_name", "username", "password", "repeated")


def first_run_link(base_url: str) -> str | None:
    """The address at which the first admin is made, good for a day and one use; None once there is a user.

    Every call makes earlier links void.
    """
    if has_anybody():
        return None
    try:
        return f"{base_url.rstrip('/')}/setup?token={create_setup_link()}"
    except Refused:
        return None


async def show_setup(request: Request) -> Response:
    """GET /setup?token=…"""
    token = request.query_params.get("token", "")
    if not await off_loop(setup_link_works, token):
        return message(DEAD_LINK, 410)
    return _form(token)


async def set_up(request: Request) -> Response:
    """POST /setup with `token` and the fields of the first admin."""
    try:
        form = await read_form(request)
    except BadForm as bad:
        return message(bad.sentence, bad.status)
    token = form.get("token") or request.query_params.get("token", "")
    # Before anything is hashed: a stranger without the link must not keep the processor busy.
    if not await off_loop(setup_link_works, token):
        return message(DEAD_LINK, 410)
    typed = {field: form.get(field, "") for field in FIELDS}
    try:
        async with turn():
            browser, address = request.headers.get("user-agent", ""), address_of(request)
            signed_in = await off_loop(use_setup_link, token, typed, browser, address)
    except Invalid as invalid:
        return _form(token, typed, invalid)
    except Refused as refused:
        return message(refused.sentence, 410)
    return welcome(request, signed_in)


def _form(token: str, typed: dict[str, str] | None = None, invalid: Invalid | None = None) -> Response:
    kept = {field: (typed or {}).get(field, "")[:200] for field in ("full_name", "username")}
    return page(
        "setup",
        422 if invalid else 200,
        token=token,
        typed=kept,
        error=invalid.sentence if invalid else "",
        errors=invalid.fields if invalid else {},
    )
