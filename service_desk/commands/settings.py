"""`settings`: every setting with its value, its default and its meaning."""

from __future__ import annotations

from typing import Annotated, Any, get_args

import typer
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from service_desk.config import PREFIX, Settings, settings
from service_desk.config_warnings import warnings

HIDDEN = "(hidden)"
NOTHING = "–"
INTRODUCTION = """\
# Settings

All from the environment, read once at the start and refused when unsafe.
Written by `python -m service_desk settings --markdown`.

| variable | default | meaning |
| --- | --- | --- |
"""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("settings")(show)


def show(
    markdown: Annotated[bool, typer.Option(help="The table of docs/settings.md, without values.")] = False,
) -> None:
    """Print every setting with its value (secrets hidden), its default and its meaning."""
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    chosen = settings()
    for name, field in Settings.model_fields.items():
        typer.echo(f"{PREFIX}{name.upper()} = {value_of(chosen, name)}")
        default = "" if _shown(field.default) == NOTHING else f" Default: {_shown(field.default)}."
        typer.echo(f"    {field.description}{default}\n")
    for sentence in warnings(chosen):
        typer.echo(sentence, err=True)


def value_of(chosen: Settings, name: str) -> str:
    """A setting as anybody may see it."""
    return chosen.shown_database if name == "database_url" else _shown(getattr(chosen, name))


def as_markdown() -> str:
    """The table for the documentation; the same on every machine."""
    rows = (
        f"| `{PREFIX}{name.upper()}` | {_code(field.default)} | {field.description}{_choices(field.annotation)} |\n"
        for name, field in Settings.model_fields.items()
    )
    return INTRODUCTION + "".join(rows)


def _choices(kind: Any) -> str:
    """The words that may be chosen from, when there are few."""
    words = [word for word in get_args(kind) if isinstance(word, str)]
    return f" One of {', '.join(f'`{word}`' for word in words)}." if words else ""


def _code(default: Any) -> str:
    shown = _shown(default)
    return shown if shown == NOTHING else f"`{shown}`"


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN
    if value in (None, (), "") or value is PydanticUndefined:
        return NOTHING
    if isinstance(value, bool):
        return str(int(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)
