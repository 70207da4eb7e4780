"""Keys of commands, as the pages send them. `keys.js` makes them."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY
from reflex_base.vars import VarData
from reflex_base.vars.base import LiteralVar, Var

KEY = "key"
"""Name of the field by which a form that is sent again is recognised."""


def key_field() -> rx.Component:
    """The hidden field of every form. It has no value of its own: one that is set again would be another command."""
    return rx.el.input(type="hidden", name=KEY)


def key_in(payload: dict[str, Any]) -> str:
    """The key of the command that an event brings, of a button or in a form's fields; empty when there is none."""
    form = payload.get("form")
    fields = form if isinstance(form, dict) else {}
    # A page sends a form's fields as pairs, since a name may come twice.
    pairs = fields.get(FORM_DATA_ENTRIES_KEY)
    told = (
        [value for name, value in filter(_is_pair, pairs) if name == KEY] if isinstance(pairs, list) else []
    )
    return next((each for each in (payload.get(KEY), fields.get(KEY), *told) if isinstance(each, str)), "")


def _is_pair(each: object) -> bool:
    return isinstance(each, list) and len(each) == 2


def armed(handler: Any, *given: Any) -> Any:
    """The event of a button that runs `act`, with the key that the browser makes at the click.

    Until the server has answered it, another click with the same arguments is the same command.
    """
    words = [LiteralVar.create(each) for each in (handler.fn.__qualname__, *given)]
    data = VarData.merge(*(word._get_all_var_data() for word in words))
    key: Var[str] = Var(f"window.desk.armed({', '.join(map(str, words))})", _var_type=str, _var_data=data)
    return handler(*given, key)
