"""Editing a record: only what was changed is saved, and what somebody else changed meanwhile is shown beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import reflex as rx

from ..actions.drafts import read_id
from ..domain.errors import Conflict, DeskError
from ..live.gate import off_loop
from ..queries.answer import Answer
from . import browser, guard
from .form_state import FormState
from .visit import as_words


class EditState(FormState, rx.State, mixin=True):
    """One edit dialog. A subclass names its fields, its query, its action and its ids, and makes the handlers.

    `was` holds the texts the form was opened with, `version` what they belong to; `opened` changes with each
    opening, so that the form starts with fresh fields. `contested` has {field, label, theirs, mine} for each field
    that somebody else changed meanwhile, `rival` who.
    """

    FIELDS: ClassVar[Mapping[str, str]] = {}
    """Field of the draft → its label."""
    DIALOG: ClassVar[str] = ""
    """Id of the dialog; its form's id ends in "-form"."""

    record_id: int = 0
    title: str = ""
    was: dict[str, str] = {}
    version: int = 0
    opened: int = 0
    contested: list[dict[str, str]] = []
    rival: str = ""
    _typed: dict[str, str] = {}

    async def _open(self, query: Callable[..., Answer], record_id: Any, title: str = "") -> list[Any]:
        """Read the record as it is now and open the dialog on it. `title` is the field that names it."""
        try:
            number = read_id(record_id)
            found = await off_loop(query, guard.actor(), number)
        except DeskError as refusal:
            return [browser.complain(refusal.sentence)]
        if not found.order:
            return [browser.complain("This record was not found.")]
        row = found.rows[found.order[0]]
        self.record_id, self.version = number, int(row["version"])
        self.title = str(row.get(title) or "")
        self.was = {field: as_text(row.get(self._source(field))) for field in self.FIELDS}
        self.opened += 1
        self.errors, self.contested = {}, []
        return [browser.open_dialog(self.DIALOG)]

    async def _save_edit(self, action: Callable[..., Any], form: Any) -> list[Any]:
        """Save what was typed. A conflict keeps the dialog and shows both values."""
        typed = {field: text for field, text in as_words(form).items() if field in self.FIELDS}
        self._typed = {**self.was, **typed}
        return await self._try(action, self._typed, self.version)

    async def _settle(self, action: Callable[..., Any], keep_mine: bool) -> list[Any]:
        """End a conflict: with one's own values over theirs, or with theirs."""
        theirs = {each["field"]: each["theirs"] for each in self.contested}
        typed = self._typed if keep_mine else {**self._typed, **theirs}
        self.was = {**self.was, **theirs}
        return await self._try(action, typed, self.version)

    async def _try(self, action: Callable[..., Any], typed: dict[str, str], version: int) -> list[Any]:
        form = f"{self.DIALOG}-form"
        changed = {field: text for field, text in typed.items() if text != self.was.get(field)}
        was = {field: self.was[field] for field in changed if field in self.was}
        try:
            await off_loop(action, guard.actor(), self.record_id, version=version, was=was, changes=changed)
        except Conflict as conflict:
            self.errors = {"form": conflict.sentence}
            self.rival = conflict.by or "Somebody"
            self.contested = [
                {"field": field, "label": self.FIELDS[field], "theirs": as_text(value), "mine": typed[field]}
                for field, value in conflict.theirs.items()
            ]
            return [browser.answered(form, saved=False)]
        except DeskError as refusal:
            return self._refuse(form, refusal)
        self.errors, self.contested = {}, []
        return [browser.answered(form, saved=True), browser.say("Saved.")]

    @classmethod
    def _source(cls, field: str) -> str:
        """The row's field that a draft's field is filled from."""
        return field


def as_text(value: Any) -> str:
    """A row's value as a form's text."""
    return "" if value is None else str(value)
