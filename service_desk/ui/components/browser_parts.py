"""The React components that the scripts in `ui/` bring."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.forms import Select

from ..live_state import CLOCKS_JS, CONNECTION_JS, DESK_JS, FORMS_JS, OFFER_JS, ROWS_JS, WAITS_JS


class _Part(rx.Component):
    library = DESK_JS


class _When(_Part):
    library = CLOCKS_JS
    tag = "When"
    at: rx.Var[Any]
    form: rx.Var[str]
    still: rx.Var[bool]
    none: rx.Var[str]
    until: rx.Var[Any]


class _DayHeading(_Part):
    library = CLOCKS_JS
    tag = "DayHeading"
    at: rx.Var[Any]
    before: rx.Var[Any]


class Until(_Part):
    """Shows what is in it until a point in time; null is never."""

    library = CLOCKS_JS
    tag = "Until"
    at: rx.Var[Any]


class _PostForm(rx.Component):
    """A form as browsers know it. Reflex's own never lets one be sent without it."""

    tag = "form"
    _is_tag_in_global_scope = True
    action: rx.Var[str]
    method: rx.Var[str]


class Connection(_Part):
    """The chip that tells the truth about the socket."""

    library = CONNECTION_JS
    tag = "Connection"


class Offline(_Part):
    """A bar that says that nothing comes by itself any more, and where to look instead."""

    library = CONNECTION_JS
    tag = "Offline"


class Waiting(_Part):
    """Says that a list has changed while the pointer held it still."""

    library = ROWS_JS
    tag = "Waiting"


class Desk(_Part):
    """Keys, links, filters, dialogs and forms; mounted once in the frame."""

    tag = "Desk"


class Offer(_Part):
    """Offers back what was half-typed when the page went away. `me` is the id of whoever is signed in."""

    library = OFFER_JS
    tag = "Offer"
    me: rx.Var[Any]


class Waits(_Part):
    """Says that something that was pressed waits for the connection."""

    library = WAITS_JS
    tag = "Waits"


class Choice(Select):
    """A select that stays on what was chosen, whenever its options arrive, leave or move."""

    library = FORMS_JS
    tag = "Choice"


class _Moment(rx.Component):
    library = FORMS_JS
    tag = "Moment"
    name: rx.Var[str]
    at: rx.Var[Any]
    field_id: rx.Var[str]


class Ticks(rx.Component):
    """Boxes to tick, sent as the ticked ones' values with blanks between them."""

    library = FORMS_JS
    tag = "Ticks"
    name: rx.Var[str]


def when(
    at: Any, form: str = "ago", *, still: Any = False, none: str = "–", until: Any = None
) -> rx.Component:
    """A point in time in the viewer's zone and words; `form` is a key of FORMS in clocks.js.

    `still` marks a deadline of something already done: it is never late. `until` ends a span, which else
    lasts until now.
    """
    ends = {} if until is None else {"until": until}
    return _When.create(at=at, form=form, still=still, none=none, **ends)


def day_heading(at: Any, before: Any) -> rx.Component:
    """The day of `at` in the viewer's zone, unless the line above, of `before`, is of the same one."""
    return _DayHeading.create(at=at, before=before)


def post_form(action: str, *parts: rx.Component) -> rx.Component:
    """A form that leaves the page: what it sends is answered over plain HTTP."""
    return _PostForm.create(*parts, action=action, method="post")


def moment_field(name: str, field_id: str, at: Any = "", **attrs: Any) -> rx.Component:
    """A date and time in the viewer's zone, sent as ISO 8601 with its zone."""
    return _Moment.create(name=name, at=at, field_id=field_id, custom_attrs=attrs)
