"""A visit to a page: what every page asks, what this one asks besides, and what its address says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from ..actions.doors import note
from ..domain.access import Actor
from ..domain.categories import CategoryKind
from ..domain.errors import Busy
from ..domain.security import Door
from ..live.gate import off_loop
from ..live.online import Colleagues
from ..live.questions import (
    CallCounts,
    CarryInCounts,
    Categories,
    CustomerWork,
    History,
    MyCallCount,
    Profile,
)
from ..live.views import Question
from ..queries.answer import Answer, Row
from . import guard, slots
from .live_state import look_at


async def visit(state: rx.State, asks: dict[type[rx.State], Question]) -> None:
    """Ask what the frame shows everywhere and what this page shows, and drop the page before."""
    me = guard.actor()
    everywhere: dict[type[rx.State], Question] = {
        slots.Me: Profile(me.id),
        slots.People: Colleagues(),
        slots.CallCount: CallCounts(),
        slots.MyCalls: MyCallCount(me.id),
        slots.CarryInCount: CarryInCounts(),
        slots.CallCategories: Categories(CategoryKind.CALL),
        slots.CarryInCategories: Categories(CategoryKind.CARRY_IN),
    }
    if await look_at(sid_of(state), {**everywhere, **asks}):
        note_denied_page(state)


def note_denied_page(state: rx.State) -> None:
    """Note in the door book that somebody asked for a page that is not theirs to see, or not there."""
    note(Door.PAGE_DENIED, guard.actor().id, state.router.session.client_ip, str(state.router.url.path))


async def visit_record(
    state: rx.State,
    slot: type[rx.State],
    question: Callable[[int], Question],
    entity: str,
    query: Callable[[Actor, int], Answer],
) -> None:
    """Ask for the record in the page's address, for its past, and for what else its customer has."""
    record_id = id_in_path(state)
    asks: dict[type[rx.State], Question] = {
        slot: question(record_id),
        slots.Past: History(entity, record_id),
    }
    for row in await rows_in_path(state, query):
        asks[slots.Work] = CustomerWork(row["customer_id"], row["number"])
    await visit(state, asks)


async def rows_in_path(state: rx.State, query: Callable[[Actor, int], Answer]) -> list[Row]:
    """The record in the page's address; no row when it is not there, which is noted, or can't be read now."""
    try:
        found = await off_loop(query, guard.actor(), id_in_path(state))
    except Busy:
        # What a page asked is asked again once the store answers; one that went no further would stay empty.
        return []
    if not found.order:
        # Whether it is somebody else's or nobody's: who walks through the numbers leaves a trace.
        note_denied_page(state)
    return list(found.rows.values())


def sid_of(state: rx.State) -> str:
    """The socket of the tab whose event is being handled."""
    return str(state.router.session.session_id)


def params_of(state: rx.State) -> Mapping[str, str]:
    """What stands behind the question mark of the page's address."""
    parameters: Mapping[str, str] = state.router.url.query_parameters
    return parameters


def id_in_path(state: rx.State) -> int:
    """The record's number at the end of the page's address; 0, which no record has, when there is none."""
    last = str(state.router.url.path).rstrip("/").rpartition("/")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0


def as_words(form: Any) -> dict[str, str]:
    """A form's fields as texts, whatever a client sent."""
    if not isinstance(form, dict):
        return {}
    return {str(name)[:60]: value for name, value in form.items() if isinstance(value, str)}
