"""Keys of commands, as the pages send them. `keys.js` makes them."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.vars import VarData
from reflex_base.vars.base import LiteralVar, Var

KEY = "key"
"""Name of the field by which a form that is sent again is recognised."""


def key_field() -> rx.Component:
    """The hidden field of every form. It has no value of its own: one that is set again would be another command."""
    return rx.el.input(type="hidden", name=KEY)


def armed(handler: Any, *given: Any) -> Any:
    """The event of a button that runs `act`, with the key that the browser makes at the click.

    Until the server has answered it, another click with the same arguments is the same command.
    """
    words = [LiteralVar.create(each) for each in (handler.fn.__qualname__, *given)]
    data = VarData.merge(*(word._get_all_var_data() for word in words))
    key: Var[str] = Var(f"window.desk.armed({', '.join(map(str, words))})", _var_type=str, _var_data=data)
    return handler(*given, key)
