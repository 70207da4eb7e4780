"""Live views in a page: the slots into which the hub sends answers, and the Vars that read them.

A slot is a state without data of its own: its order, rows and extra reach the browser only from the hub, so a
reconnect, which sends every state anew, leaves what is on the screen until the next answer replaces it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import Var

from ..domain.errors import Forbidden
from ..live.hub import Hub
from ..live.views import Question
from . import guard

DESK_JS = rx.asset("desk.js", shared=True).importable_path
CONNECTION_JS = rx.asset("connection.js", shared=True).importable_path
LINK_JS = rx.asset("link.js", shared=True).importable_path
CLOCKS_JS = rx.asset("clocks.js", shared=True).importable_path
ROWS_JS = rx.asset("rows.js", shared=True).importable_path
DRAFTS_JS = rx.asset("drafts.js", shared=True).importable_path
WAITS_JS = rx.asset("waits.js", shared=True).importable_path
OFFER_JS = rx.asset("offer.js", shared=True).importable_path
KEYS_JS = rx.asset("keys.js", shared=True).importable_path
FORMS_JS = rx.asset("forms.js", shared=True).importable_path
OUTBOX_JS = rx.asset("outbox.js", shared=True).importable_path
WHO_JS = rx.asset("who.js", shared=True).importable_path

_hub: Hub | None = None


def wire(hub: Hub) -> None:
    """Tell the pages which hub answers them."""
    global _hub
    _hub = hub


def hub() -> Hub:
    if _hub is None:
        raise RuntimeError("the pages have no hub yet")
    return _hub


class Slot(rx.State, mixin=True):
    """What all slots have: a variable to anchor the Vars on."""

    asked: bool = False


def order_of(slot: type[rx.State]) -> Var[list[int]]:
    """The ids in the order of the answer."""
    context, data = _context(slot)
    return _var(f"({context}.order{FIELD_MARKER} ?? [])", list[int], data)


def held_order_of(slot: type[rx.State]) -> Var[list[int]]:
    """The ids to show, held still while the pointer is on the rows (an element with `data-rows`)."""
    context, data = _context(slot)
    name = f"order_{slot.__name__}"
    held = VarData(
        hooks={
            f"const {name} = useHeldOrder({context}.order{FIELD_MARKER}, {context}.asked_in{FIELD_MARKER})": None
        },
        imports={ROWS_JS: [ImportVar(tag="useHeldOrder", is_default=False)]},
    )
    return _var(name, list[int], VarData.merge(data, held))


def row_of(slot: type[rx.State], key: Var | str) -> Var[dict[str, Any]]:
    """The row with this key, null when it is not there. Only this row's component renders when it changes."""
    context, data = _context(slot)
    expression = f"({context}['row_' + {key!s} + '{FIELD_MARKER}'] ?? null)"
    key_data = key._get_all_var_data() if isinstance(key, Var) else None
    return _var(expression, dict[str, Any], VarData.merge(data, key_data))


def only_row(slot: type[rx.State]) -> Var[dict[str, Any]]:
    """The row of a view that has at most one; an empty dict until it is there."""
    context, data = _context(slot)
    expression = f"({context}['row_' + ({context}.order{FIELD_MARKER}?.[0]) + '{FIELD_MARKER}'] ?? {{}})"
    return _var(expression, dict[str, Any], data)


def held_row(row: Var) -> Var[dict[str, Any]]:
    """Inside a row's memo: the row, or what it last was (with `gone`) once it has left the list."""
    held = VarData(
        hooks={f"const held = useHeldRow({row!s})": None},
        imports={ROWS_JS: [ImportVar(tag="useHeldRow", is_default=False)]},
    )
    return _var("held", dict[str, Any], VarData.merge(row._get_all_var_data(), held))


def extra_of(slot: type[rx.State], name: str, kind: Any = str) -> Var[Any]:
    """One of the answer's totals or counts; undefined until the answer is there."""
    context, data = _context(slot)
    return _var(f"({context}.extra{FIELD_MARKER}?.{name})", kind, data)


def answered(slot: type[rx.State]) -> Var[bool]:
    """Whether an answer has come yet."""
    context, data = _context(slot)
    return _var(f"(!!{context}.extra{FIELD_MARKER})", bool, data)


def _var(expression: str, kind: Any, data: VarData | None) -> Any:
    """A Var with the operators of its type."""
    return Var(_js_expr=expression, _var_type=kind, _var_data=data).guess_type()


async def look_at(sid: str, asks: dict[type[rx.State], Question]) -> bool:
    """Make these the questions of this tab, each in its slot, and drop what it looked at before.

    A question that is refused leaves its slot empty, with the sentence as `extra.refused`. Returns whether there
    was one that the actor may not ask.
    """
    wanted = {slot.get_full_name() for slot in asks}
    for slot in hub().slots(sid) - wanted:
        await hub().drop(sid, slot)
    actor = guard.actor()
    questions = ((slot.get_full_name(), question) for slot, question in asks.items())
    asked = (hub().ask_or_refuse(sid, slot, actor, question) for slot, question in questions)
    return any(isinstance(refusal, Forbidden) for refusal in await asyncio.gather(*asked))


def _context(slot: type[rx.State]) -> tuple[str, VarData | None]:
    anchor: Var = slot.asked  # type: ignore[attr-defined]
    return anchor._js_expr.rsplit(".", 1)[0], anchor._get_all_var_data()
