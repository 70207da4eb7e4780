"""The categories of calls and of carry-ins, side by side, for admins."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form, opener
from ..components.fields import line_field
from ..components.lists import empty, listing
from ..components.marks import js
from ..frame import framed, may
from ..keys import armed
from ..live_state import extra_of, held_row, order_of, row_of
from .categories_state import CategoriesPage, NewCallCategory, NewCarryInCategory, RenameCategory


def categories_page() -> rx.Component:
    return framed(
        "Categories",
        rx.cond(
            extra_of(slots.CallCategoryRows, "refused"),
            empty(extra_of(slots.CallCategoryRows, "refused")),
            rx.el.div(
                _kind(slots.CallCategoryRows, "Call categories", "new-call-category"),
                _kind(slots.CarryInCategoryRows, "Carry-in categories", "new-carry-in-category"),
                class_name="content kinds",
            ),
        ),
        rx.cond(may("manage_categories"), _dialogs(), rx.fragment()),
        here="/categories",
    )


def _kind(slot: Any, title: str, new: str) -> rx.Component:
    order, active = order_of(slot), extra_of(slot, "active", int)
    lines = rx.el.ol(
        rx.foreach(
            order,
            lambda key, place: category_line(
                row=row_of(slot, key), is_first=place == 0, is_last=place == active - 1, key=key
            ),
        ),
        class_name="lines",
    )
    nothing = empty("No categories yet.", "Every record needs one: add the first.")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, id=f"{new}-kind"),
            opener("New category", new, icon="plus", kind="small"),
            class_name="inline between",
        ),
        listing(slot, order.length() == 0, lines, nothing),
        custom_attrs={"aria-labelledby": f"{new}-kind"},
    )


@rx.memo
def category_line(
    row: rx.Var[dict[str, Any]], is_first: rx.Var[bool], is_last: rx.Var[bool], rest: rx.RestProp
) -> rx.Component:
    category = held_row(row)
    key = category["id"]
    in_use = rx.fragment(
        _move("Move up", "arrow-up", armed(CategoriesPage.move, key, True), is_first, category),
        _move("Move down", "arrow-down", armed(CategoriesPage.move, key, False), is_last, category),
        _step("Rename", RenameCategory.choose(key), category),
        _step("Archive", armed(CategoriesPage.archive, key), category),
    )
    return rx.el.li(
        rx.el.span(
            rx.el.span(category["name"], class_name="cut strong"),
            rx.el.span(_used(category), class_name="faint used"),
            class_name="line-words",
        ),
        rx.cond(
            category["is_active"],
            in_use,
            _step("Restore", armed(CategoriesPage.restore, key), category),
        ),
        class_name=rx.cond(category["is_active"], "line row", "line row former"),
        custom_attrs={"data-mark": category["mark"]},
    )


def _used(category: Any) -> rx.Component:
    """“12 calls”, and that it is archived where it is."""
    noun = rx.cond(category["kind"] == "call", "call", "carry-in")
    used = category["used"].to(int)
    more = rx.cond(category["used_more"].to(bool), "+", "")
    told = f"{used!s}.toLocaleString('en-US') + {more!s} + ' ' + {noun!s} + ({used!s} === 1 ? '' : 's')"
    count = js(f"({used!s} === 0 ? 'not used' : {told})", used, noun, more)
    return rx.fragment(rx.cond(category["is_active"], "", "archived · "), count)


def _move(label: str, icon: str, on_click: Any, at_end: Any, category: Any) -> rx.Component:
    # At the end it stays focusable, so that somebody who moves a line by keyboard doesn't lose their place.
    return rx.el.button(
        rx.icon(icon),
        type="button",
        class_name="button small quiet icon",
        on_click=on_click,
        custom_attrs={"aria-label": f"{label}: " + category["name"].to(str), "aria-disabled": at_end},
    )


def _step(label: str, on_click: Any, category: Any) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="button small quiet",
        on_click=on_click,
        custom_attrs={"aria-label": f"{label}: " + category["name"].to(str)},
    )


def _dialogs() -> rx.Component:
    name = line_field(
        "Name",
        "name",
        "rename-category-form",
        RenameCategory.errors,
        max_length=60,
        hint="Everything that has this category shows the new name.",
    )
    return rx.fragment(
        _new("new-call-category", "New call category", NewCallCategory),
        _new("new-carry-in-category", "New carry-in category", NewCarryInCategory),
        edit_dialog(RenameCategory, "Rename " + RenameCategory.title, name, narrow=True),
    )


def _new(dialog_id: str, title: str, state: Any) -> rx.Component:
    name = f"{dialog_id}-form"
    field = line_field("Name", "name", name, state.errors, max_length=60)
    return dialog(dialog_id, title, form(name, state.save, field, errors=state.errors), narrow=True)
