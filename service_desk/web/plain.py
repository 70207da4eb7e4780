"""Lists and records as plain pages, for where no socket gets through or no script runs. They change nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..actions.doors import note
from ..actions.sessions import touch_session
from ..domain.access import Actor, Permission
from ..domain.errors import Busy, Forbidden
from ..domain.ids import as_id
from ..domain.security import Door
from ..live.gate import off_loop
from ..queries.answer import Answer
from ..queries.call import show_call
from ..queries.calls import CallsQuestion, list_calls
from ..queries.carry_in import show_carry_in
from ..queries.carry_ins import CarryInsQuestion, list_carry_ins
from ..queries.customer import show_customer
from ..queries.customers import CustomersQuestion, list_customers
from ..queries.sessions import who_is
from .cookies import token_in
from .html import message, page
from .plain_words import CALLS, CARRY_INS, CUSTOMERS, Words
from .throttle import address_of

NOT_THERE = "There is no such record, or it is not yours to see."
KEPT = ("tab", "q", "status", "sort", "category", "engineer", "technician", "priority")
"""What of an address goes on to the next page of a list."""


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of record: where it is, what is asked, and in which words it is shown."""

    path: str
    words: Words
    ask: Callable[[Actor, Any], Any]
    many: Callable[[Actor, Any], Answer]
    one: Callable[[Actor, int], Answer]


PLACES = (
    Place("calls", CALLS, CallsQuestion.from_params, list_calls, show_call),
    Place("carry-ins", CARRY_INS, CarryInsQuestion.from_params, list_carry_ins, show_carry_in),
    Place("customers", CUSTOMERS, CustomersQuestion.from_params, list_customers, show_customer),
)


def plain_routes() -> list[Route]:
    """GET /plain, /plain/<place> and /plain/<place>/<id> of every place."""
    routes = [Route("/plain", _go_to_calls)]
    for place in PLACES:
        routes += [
            Route(f"/plain/{place.path}", _list_of(place)),
            Route(f"/plain/{place.path}/{{id}}", _record_of(place)),
        ]
    return routes


async def _go_to_calls(_request: Request) -> Response:
    return RedirectResponse("/plain/calls", 303)


def _list_of(place: Place) -> Callable[[Request], Any]:
    async def show_list(request: Request) -> Response:
        actor = await _who(request)
        if actor is None:
            return _to_sign_in(request)
        asked = place.ask(actor, request.query_params)
        try:
            found = await off_loop(place.many, actor, asked)
        except Forbidden as refused:
            return message(refused.sentence, 403)
        kept = {name: value[:200] for name in KEPT if (value := request.query_params.get(name))}
        address = _address_of(f"/plain/{place.path}", kept)
        words = place.words
        return page(
            "plain_list",
            title=words.title,
            here=place.path,
            rows=[words.line(found.rows[key]) for key in found.order],
            pages=found.extra,
            asked=asked,
            kept=kept,
            tabs=[(key, word, address(tab=key)) for key, word in words.tabs if _may_see_tab(actor, key)],
            statuses=words.statuses,
            sorts=words.sorts,
            address=address,
            **_frame(actor, f"/{place.path}" + (f"?{urlencode(kept)}" if kept else "")),
        )

    return show_list


def _record_of(place: Place) -> Callable[[Request], Any]:
    async def show_record(request: Request) -> Response:
        actor = await _who(request)
        if actor is None:
            return _to_sign_in(request)
        record_id = as_id(request.path_params["id"])
        found = await off_loop(place.one, actor, record_id) if record_id else Answer(0)
        if not found.order:
            note(Door.PAGE_DENIED, actor.id, address_of(request), request.url.path)
            return message(NOT_THERE, 404)
        row = found.rows[found.order[0]]
        return page(
            "plain_record",
            title=place.words.line(row)["number"],
            here=place.path,
            list_title=place.words.title,
            row=place.words.line(row),
            heading=place.words.heading(row),
            text=place.words.text(row),
            facts=[(name, text) for name, text in place.words.facts(row) if text],
            **_frame(actor, f"/{place.path}/{record_id}"),
        )

    return show_record


async def _who(request: Request) -> Actor | None:
    token = token_in(request)
    actor = await off_loop(who_is, token) if token else None
    if actor is not None:
        with contextlib.suppress(Busy):
            await off_loop(touch_session, actor)
    return actor


def _to_sign_in(request: Request) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(
        f"/sign-in?next={quote(asked[:500], safe='/')}", 303, {"Cache-Control": "no-store"}
    )


def _may_see_tab(actor: Actor, tab: str) -> bool:
    return tab != "unassigned" or actor.may(Permission.DISPATCH_CALLS)


def _frame(actor: Actor, live: str) -> dict[str, Any]:
    at = datetime.now(UTC)
    return {"who": actor.name, "at": at.strftime("%H:%M:%S"), "at_iso": at.isoformat(), "live": live}


def _address_of(path: str, kept: dict[str, str]) -> Callable[..., str]:
    def address(**changes: object) -> str:
        return f"{path}?{urlencode(kept | changes)}"

    return address
