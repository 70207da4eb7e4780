"""Fields: the label above, the error beside, the input kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .browser_parts import Choice, Ticks, moment_field


def field(
    label: str, control: rx.Component, field_id: str, error: Any = None, hint: str = ""
) -> rx.Component:
    """A labelled control. `error` is a Var with the sentence beside it, empty when there is none."""
    return rx.el.div(
        rx.el.label(label, html_for=field_id),
        control,
        rx.el.p(hint, class_name="hint") if hint else rx.fragment(),
        _error(error, field_id),
        class_name="field",
    )


def line_field(label: str, name: str, form: str, errors: Any = None, **props: Any) -> rx.Component:
    """One line of text. `errors` is the form state's dict of sentences by field name."""
    return _input(rx.el.input, label, name, form, errors, type=props.pop("type", "text"), **props)


def text_field(label: str, name: str, form: str, errors: Any = None, **props: Any) -> rx.Component:
    """Several lines of text."""
    return _input(rx.el.textarea, label, name, form, errors, **props)


def choice_field(
    label: str, name: str, form: str, options: Any, errors: Any = None, *, note: str = "", **props: Any
) -> rx.Component:
    """A choice. `options` are option components or one foreach of them.

    `note` shows while an archived one is chosen.
    """
    field_id = f"{form}-{name}"
    options = options if isinstance(options, list) else [options]
    control = Choice.create(*options, name=name, custom_attrs=_described(field_id, name, errors), **props)
    archived = rx.el.p(note, class_name="archived-note", role="status") if note else rx.fragment()
    return field(label, rx.fragment(control, archived), field_id, _sentence(errors, name))


def radio_field(
    label: str, name: str, form: str, options: dict[str, str], errors: Any, *, barred: Any = ""
) -> rx.Component:
    """A choice of a few, all in sight. `barred` can't be picked. The form says which one is picked at first."""
    field_id = f"{form}-{name}"
    choices = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name=name,
                value=value,
                disabled=barred == value,
                custom_attrs={"aria-describedby": f"{field_id}-error"},
            ),
            rx.el.span(word),
            class_name="option",
        )
        for value, word in options.items()
    ]
    return rx.el.fieldset(
        rx.el.legend(label, class_name="label"),
        rx.el.div(*choices, class_name="options"),
        _error(_sentence(errors, name), field_id),
        class_name="field",
    )


def ticks_field(
    label: str, name: str, form: str, groups: dict[str, dict[str, str]], errors: Any, *, hint: str
) -> rx.Component:
    """Any of many, by group: `groups` has, under each heading, the word for each value. Sent as the values ticked."""
    field_id = f"{form}-{name}"
    boxes = (_tick_group(field_id, heading, words) for heading, words in groups.items())
    return rx.el.fieldset(
        rx.el.legend(label, class_name="label"),
        rx.el.p(hint, class_name="hint"),
        Ticks.create(*boxes, name=name, class_name="ticks"),
        _error(_sentence(errors, name), field_id),
        class_name="field",
        custom_attrs={"aria-describedby": f"{field_id}-error"},
    )


def _tick_group(field_id: str, heading: str, words: dict[str, str]) -> rx.Component:
    heading_id = f"{field_id}-{next(iter(words))}"
    boxes = (
        rx.el.label(
            rx.el.input(type="checkbox", value=value),
            rx.el.span(word),
            " ",
            rx.el.span(value, class_name="mono faint"),
            class_name="tick",
        )
        for value, word in words.items()
    )
    return rx.el.div(
        rx.el.p(heading, id=heading_id, class_name="second"),
        *boxes,
        role="group",
        custom_attrs={"aria-labelledby": heading_id},
    )


def due_field(label: str, name: str, form: str, errors: Any = None, at: Any = "") -> rx.Component:
    field_id = f"{form}-{name}"
    described = _described(field_id, name, errors)
    described.pop("id")
    return field(label, moment_field(name, field_id, at, **described), field_id, _sentence(errors, name))


def hidden(name: str, value: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=name, default_value=value)


def _input(element: Any, label: str, name: str, form: str, errors: Any, **props: Any) -> rx.Component:
    field_id = f"{form}-{name}"
    hint = props.pop("hint", "")
    control = element(name=name, custom_attrs=_described(field_id, name, errors), **props)
    return field(label, control, field_id, _sentence(errors, name), hint)


def _described(field_id: str, name: str, errors: Any) -> dict[str, Any]:
    # As a plain attribute: Reflex would send a control with an `id` of its own a second time, under that id.
    if errors is None:
        return {"id": field_id}
    return {"id": field_id, "aria-invalid": errors.contains(name), "aria-describedby": f"{field_id}-error"}


def _sentence(errors: Any, name: str) -> Any:
    return None if errors is None else errors.get(name, "")


def _error(sentence: Any, field_id: str) -> rx.Component:
    if sentence is None:
        return rx.fragment()
    return rx.el.p(sentence, class_name="error", id=f"{field_id}-error", role="alert")
