"""Editing a record: only changed fields are saved, and where two changed the same, both values are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from ..actions.commands import Outcome
from ..actions.drafts import read_id
from ..actions.edits import SOMEBODY
from ..domain.errors import Conflict, DeskError, Invalid, not_found
from ..live.gate import off_loop
from ..queries.answer import Answer
from . import browser, guard
from .form_state import FormState, carried_out, toast
from .keys import KEY
from .visit import as_words


@dataclass(frozen=True, slots=True)
class Basis:
    """What a form was opened on. It travels in the form, so that an edit outlives a new connection."""

    record_id: int
    version: int
    was: dict[str, str]


class EditState(FormState, rx.State, mixin=True):
    """One edit dialog (`components.conflict.edit_dialog`). A subclass names its fields and its handlers.

    `contested` has {field, label, value, theirs, mine, by, at, moment} for each field that one of the `rivals`
    changed meanwhile: `value` as a form holds it, `theirs` and `mine` as people read it, `at` as ISO 8601 or "".
    """

    FIELDS: ClassVar[Mapping[str, str]] = {}
    """Field of the draft → its label."""
    MOMENTS: ClassVar[frozenset[str]] = frozenset()
    """Fields that are points in time."""
    DIALOG: ClassVar[str] = ""
    """Id of the dialog; its form's id ends in "-form"."""

    title: str = ""
    contested: list[dict[str, str]] = []
    rivals: str = ""

    async def _open(self, query: Callable[..., Answer], record_id: Any, title: str = "") -> list[Any]:
        """Open the dialog on the record as it is now. `title` is the row's field that names it."""
        try:
            number = read_id(record_id)
            found = await off_loop(query, guard.actor(), number)
        except DeskError as refusal:
            return [browser.complain(refusal)]
        if not found.order:
            return [browser.complain(not_found("This record"))]
        row = found.rows[found.order[0]]
        self.title = str(row.get(title) or "")
        self.errors, self.contested = {}, []
        values = {field: as_text(row.get(field)) for field in self.FIELDS}
        return [browser.begin(self.DIALOG, {"record": number, "version": int(row["version"])}, values)]

    async def _save_edit(self, action: Callable[..., Any], form: Any, *, undo: bool = False) -> list[Any]:
        """Save what was typed, once. A conflict keeps the dialog and shows both values until one is chosen."""
        form_id, words = f"{self.DIALOG}-form", as_words(form)
        key = words.get(KEY)
        typed = {field: text for field, text in words.items() if field in self.FIELDS}
        try:
            basis = read_basis(words.get("basis", ""))
            edit = self._settled(basis, typed, words.get("settle", ""))
            outcome = await self._carry_out(action, basis, edit, words)
        except Conflict as conflict:
            await self._show(conflict, typed)
            return [browser.answered(form_id, saved=False, key=key)]
        except DeskError as refusal:
            return self._refuse(form_id, refusal, key)
        self.errors, self.contested = {}, []
        said = "Saved." if outcome.seq else ""
        return [
            browser.answered(form_id, saved=True, key=key),
            *toast(said, outcome.seq if undo else None),
        ]

    async def _carry_out(
        self, action: Callable[..., Any], basis: Basis, edit: dict[str, Any], words: dict[str, str]
    ) -> Outcome:
        key, edit = words.pop(KEY, ""), {"version": basis.version, **edit}
        # Known again by the form's own words: which side was contested is forgotten when they come a second time.
        return await carried_out(words, key, action, basis.record_id, said=words, **edit)

    def _settled(self, basis: Basis, typed: dict[str, str], side: str) -> dict[str, Any]:
        """What the fields that were changed held before, and what they are to hold, once a conflict is decided."""
        was, theirs = basis.was, {each["field"]: each["value"] for each in self.contested}
        if side == "mine":
            was = {**was, **theirs}
        elif side == "theirs":
            typed = {**typed, **{field: was[field] for field in theirs if field in was}}
        changes = {field: text for field, text in typed.items() if text != was.get(field)}
        return {"was": {field: was[field] for field in changes if field in was}, "changes": changes}

    async def _show(self, conflict: Conflict, typed: dict[str, str]) -> None:
        self.errors, self.rivals = {}, conflict.by or SOMEBODY
        self.contested = [
            {
                "field": field,
                "label": self.FIELDS[field],
                "value": as_text(value),
                "theirs": await self._words(field, as_text(value)),
                "mine": await self._words(field, typed[field]),
                **_whose(conflict, field),
                "moment": "yes" if field in self.MOMENTS else "",
            }
            for field, value in conflict.theirs.items()
        ]

    async def _words(self, field: str, text: str) -> str:
        """A form's text as people read it: the name of a category instead of its number."""
        return text


def read_basis(text: str) -> Basis:
    """What a form says that it was opened on, from the JSON of its field "basis".

    Raises:
        Invalid: it can't be read.
    """
    try:
        told = json.loads(text)
        version = told["version"]
        return Basis(
            read_id(told["record"]),
            version if type(version) is int else 0,
            {field: value for field, value in told["was"].items() if isinstance(value, str)},
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Invalid("This form could not be read. Nothing was saved; open it again.") from None


def _whose(conflict: Conflict, field: str) -> dict[str, str]:
    name, at = conflict.whose.get(field, ("", None))
    return {"by": name or SOMEBODY, "at": at.isoformat() if at else ""}


def as_text(value: Any) -> str:
    """A row's value as a form's text."""
    return "" if value is None else str(value)
