"""Lists: tabs, filters, pages and empty states. What they choose stands in the address."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..live_state import answered, extra_of
from .marks import js


def tab(
    label: str, name: str, current: Any, counts: Any = None, late: bool = False, count: str = ""
) -> rx.Component:
    """One tab; a link, so it can be copied and opened elsewhere. `counts` is the slot that has its `count`."""
    number = rx.fragment()
    if counts is not None:
        tone = rx.cond(extra_of(counts, count or name, int) > 0, "count late", "count") if late else "count"
        number = rx.el.span(counted(counts, count or name), class_name=tone)
    return rx.el.a(
        label,
        number,
        href=f"?tab={name}",
        class_name="tab",
        custom_attrs={"data-set": f"tab={name}", "aria-current": rx.cond(current == name, "page", "false")},
    )


def counted(slot: Any, name: str) -> Any:
    """A count as people read it: 31, or 10,000+ where it was not counted to the end."""
    count, more = extra_of(slot, name, int), extra_of(slot, "more")
    is_more = f"({more!s} === true || {more!s}?.includes?.('{name}'))"
    return js(f"(({count!s})?.toLocaleString('en-US') ?? '') + ({is_more} ? '+' : '')", count, more)


def tabs(*items: rx.Component, label: str) -> rx.Component:
    return rx.el.nav(*items, class_name="tabs", custom_attrs={"aria-label": label})


def filter_choice(label: str, param: str, value: Any, options: list[Any]) -> rx.Component:
    """A filter that writes `param` into the address. `value` is what stands there now."""
    return rx.el.label(
        rx.el.span(label, class_name="visually-hidden"),
        rx.el.select(
            rx.el.option(f"{label}: any", value=""),
            *options,
            value=value,
            on_change=rx.noop(),
            custom_attrs={"data-param": param, "aria-label": f"{label} filter"},
        ),
        class_name="filter",
    )


def filters(*choices: rx.Component) -> rx.Component:
    """The filters of a list; on a phone they wait behind a switch."""
    return rx.fragment(
        rx.el.label(
            rx.el.input(type="checkbox", class_name="visually-hidden"),
            rx.icon("list-filter"),
            "Filters",
            class_name="tab filters-switch",
        ),
        rx.el.div(*choices, class_name="filters", role="group", custom_attrs={"aria-label": "Filters"}),
    )


def filter_day(label: str, param: str, value: Any) -> rx.Component:
    """A filter by one day, as YYYY-MM-DD in the address."""
    return rx.el.label(
        rx.el.span(label, class_name="second"),
        rx.el.input(type="date", default_value=value, key=param, custom_attrs={"data-param": param}),
        class_name="filter day",
    )


def sort_choice(value: Any, sorts: dict[str, str]) -> rx.Component:
    options = [rx.el.option(label, value=key) for key, label in sorts.items()]
    return rx.el.label(
        rx.el.select(
            *options,
            value=value,
            on_change=rx.noop(),
            custom_attrs={"data-param": "sort", "aria-label": "Sort"},
        ),
        class_name="filter",
    )


def pager(slot: Any) -> rx.Component:
    """ "1–25 of 31", with links to the other pages where there are some.

    Of more than are counted, "1–25 of 10,000+": its last pages are numbered from the end, -1 and downwards.
    """
    page, pages, more = (extra_of(slot, name, int) for name in ("page", "pages", "more"))
    last = js(f"({more!s} ? -1 : {pages!s})", more, pages)
    forwards = js(f"({page!s} < -1 || ({page!s} > 0 && {page!s} < {pages!s}))", page, pages).bool()
    back = js(f"({page!s} > 1 || ({page!s} < 0 && -{page!s} < {pages!s}))", page, pages).bool()
    to_last = js(f"({page!s} > 0 && (!!{more!s} || {page!s} < {pages!s} - 1))", page, pages, more).bool()
    to_first = js(f"({page!s} < 0 || {page!s} > 2)", page).bool()
    return rx.el.div(
        rx.cond(
            extra_of(slot, "total", int) > 0,
            rx.el.span(
                extra_of(slot, "first"),
                "–",
                extra_of(slot, "last"),
                rx.cond(page < 0, " from the end of ", " of "),
                counted(slot, "total"),
            ),
            rx.fragment(),
        ),
        rx.cond(
            pages > 1,
            rx.el.nav(
                _step(1, to_first, "First", "chevrons-left"),
                _step(page - 1, back, "Previous", "chevron-left"),
                _step(page + 1, forwards, "Next", "chevron-right"),
                _step(last, to_last, "Last", "chevrons-right"),
                class_name="pages",
                custom_attrs={"aria-label": "Pages"},
            ),
            rx.fragment(),
        ),
        class_name="inline",
    )


def _step(page: Any, there_is: Any, label: str, icon: str) -> rx.Component:
    number = str(page) if isinstance(page, int) else page.to(str)
    return rx.cond(
        there_is,
        rx.el.a(
            rx.icon(icon),
            href="?page=" + number,
            class_name="button small",
            custom_attrs={"data-set": "page=" + number, "aria-label": f"{label} page"},
        ),
        rx.fragment(),
    )


def empty(title: Any, *more: Any) -> rx.Component:
    """Why there is nothing, and what next."""
    return rx.el.div(rx.el.strong(title), *(rx.el.p(line) for line in more), class_name="empty")


def waiting() -> rx.Component:
    return rx.el.div("Loading…", class_name="empty", role="status")


def listing(slot: Any, is_empty: Any, rows: rx.Component, nothing: rx.Component) -> rx.Component:
    """The rows, or why there are none, or that they are on their way, or that they may not be seen."""
    refused = extra_of(slot, "refused")
    return rx.cond(
        answered(slot),
        rx.cond(refused, empty(refused), rx.cond(is_empty, nothing, rows)),
        waiting(),
    )


def paged(slot: Any, is_empty: Any, rows: rx.Component, nothing: rx.Component) -> rx.Component:
    """The same as `listing`, with the way to its other pages below."""
    foot = rx.el.div(pager(slot), class_name="list-foot")
    return rx.fragment(listing(slot, is_empty, rows, nothing), rx.cond(answered(slot), foot, rx.fragment()))


def row_attrs(row: Any, href: Any) -> dict[str, Any]:
    """What marks a row or card: where a click leads, that it just changed, that it has left the list."""
    nothing = rx.Var("undefined")
    return {
        "data-href": href,
        "data-mark": row["mark"],
        "data-gone": rx.cond(row["gone"], "", nothing),
    }
