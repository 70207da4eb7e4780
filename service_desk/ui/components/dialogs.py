"""Dialogs and forms in them. They stay mounted, so half-typed text survives closing by mistake."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..keys import key_field


def dialog(dialog_id: str, title: Any, *body: rx.Component, narrow: bool = False) -> rx.Component:
    """A modal dialog, opened by any control with `data-opens` or by `browser.open_dialog`."""
    title_id = f"{dialog_id}-title"
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title, id=title_id),
            rx.el.button(
                rx.icon("x"),
                type="button",
                class_name="button quiet icon",
                custom_attrs={"data-closes": "", "aria-label": "Close"},
            ),
            class_name="dialog-head",
        ),
        *body,
        id=dialog_id,
        class_name="narrow" if narrow else "",
        custom_attrs={"aria-labelledby": title_id},
    )


def form(
    form_id: str,
    on_submit: Any,
    *fields: Any,
    save: str = "Save",
    errors: Any = None,
    hint: Any = "",
    danger: bool = False,
) -> rx.Component:
    """A form's body and foot. The button is busy from the press to the answer.

    `errors` has the sentences by field, and under "form" the one that concerns all of it.
    """
    return rx.el.form(
        key_field(),
        rx.el.div(*fields, _refusal(errors), class_name="dialog-body"),
        rx.el.div(
            rx.el.span(hint, class_name="hint"),
            _draft_note(),
            rx.el.button("Close", type="button", class_name="button", custom_attrs={"data-closes": ""}),
            rx.el.button(
                save,
                rx.el.kbd("Ctrl Enter", custom_attrs={"aria-hidden": "true"}, class_name="not-phone"),
                type="submit",
                class_name="button danger" if danger else "button primary",
                custom_attrs={"aria-label": save},
            ),
            class_name="dialog-foot",
        ),
        id=form_id,
        on_submit=on_submit,
        custom_attrs={"novalidate": "novalidate", "autocomplete": "off"},
    )


def step_dialog(
    state: Any, title: Any, subject: Any, *fields: Any, save: str, danger: bool = False
) -> rx.Component:
    """`state` is a StepState with a handler `save`. The fields take no default value: opening fills them."""
    return dialog(
        state.DIALOG,
        title,
        form(
            f"{state.DIALOG}-form",
            state.save,
            rx.el.input(type="hidden", name="basis"),
            resumer(state.choose),
            rx.el.p(subject, class_name="second"),
            *fields,
            save=save,
            errors=state.errors,
            danger=danger,
        ),
        narrow=True,
    )


def resumer(choose: Any) -> rx.Component:
    """What `ui/offer.js` clicks to open the dialog on the record of a draft; `choose` is the handler that opens it."""
    record: rx.Var[int] = rx.Var("(window.deskResumes ?? 0)", _var_type=int)
    return rx.el.button(
        type="button", hidden=True, tab_index=-1, on_click=choose(record), custom_attrs={"data-resumes": ""}
    )


def _draft_note() -> rx.Component:
    """Seen only when the dialog is opened again on what was half-typed. The script says since when."""
    return rx.el.span(
        rx.el.span("Your draft from before", rx.el.span(custom_attrs={"data-since": ""})),
        rx.el.button(
            "Start over", type="button", class_name="button small quiet", custom_attrs={"data-refill": ""}
        ),
        class_name="draft",
    )


def opener(
    label: str, dialog_id: str, icon: str = "", kind: str = "", key: str = "", **props: Any
) -> rx.Component:
    """A button that opens a dialog; `key` is its single-letter shortcut, or several."""
    attrs = {"data-opens": dialog_id, **({"data-key": key, "aria-keyshortcuts": key} if key else {})}
    parts = [rx.icon(icon)] if icon else []
    return rx.el.button(
        *parts, label, type="button", class_name=f"button {kind}", custom_attrs=attrs, **props
    )


def _refusal(errors: Any) -> rx.Component:
    if errors is None:
        return rx.fragment()
    return rx.cond(
        errors.get("form", "") != "",
        rx.el.p(errors.get("form", ""), class_name="notice bad", role="alert"),
        rx.fragment(),
    )
