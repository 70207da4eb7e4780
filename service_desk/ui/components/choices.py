"""Choices that stay current while a form is open: categories and people."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..live_state import answered, order_of, row_of

ARCHIVED = "This category was archived meanwhile. Choose another one; everything else is kept."
KEPT = "This category was archived. What has it keeps it, but can’t be changed to it any more."


@rx.memo
def category_option(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """Archived ones stay in the list, hidden, so that a form that has one chosen can say so.

    They are not disabled: a browser would then send nothing, and the refusal could not name the category.
    """
    archived = ~row["is_active"].to(bool)
    return rx.el.option(
        rx.cond(archived, row["name"].to(str) + " (archived)", row["name"].to(str)),
        value=row["id"].to(str),
        hidden=archived,
        custom_attrs={"data-archived": rx.cond(archived, "", rx.Var("undefined"))},
    )


@rx.memo
def engineer_option(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    return rx.cond(row["is_engineer"], rx.el.option(row["name"], value=row["id"].to(str)), rx.fragment())


@rx.memo
def colleague_option(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    return rx.cond(row["is_active"], rx.el.option(row["name"], value=row["id"].to(str)), rx.fragment())


@rx.memo
def person_option(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """Former colleagues too: what they did stays theirs."""
    name = row["name"].to(str)
    return rx.el.option(rx.cond(row["is_active"], name, name + " (former)"), value=row["id"].to(str))


def categories(slot: Any) -> rx.Component:
    return rx.foreach(order_of(slot), lambda key: category_option(row=row_of(slot, key), key=key))


def no_categories(slot: Any) -> rx.Component:
    """Why nothing can be chosen, on a desk that has no categories yet."""
    return rx.cond(
        answered(slot) & (order_of(slot).length() == 0),
        rx.el.p("There are no categories yet. An admin adds them under Categories.", class_name="notice"),
        rx.fragment(),
    )


def engineers() -> rx.Component:
    return rx.foreach(
        order_of(slots.People), lambda key: engineer_option(row=row_of(slots.People, key), key=key)
    )


def colleagues() -> rx.Component:
    return rx.foreach(
        order_of(slots.People), lambda key: colleague_option(row=row_of(slots.People, key), key=key)
    )


def everybody() -> rx.Component:
    return rx.foreach(
        order_of(slots.People), lambda key: person_option(row=row_of(slots.People, key), key=key)
    )
