"""A step on a record that needs a word with it: whom to assign, what was done, why it goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import reflex as rx

from ..actions.drafts import read_id
from ..domain.errors import DeskError, not_found
from ..live.gate import off_loop
from ..queries.answer import Answer
from . import browser, guard
from .edit_state import Basis, as_text, read_basis
from .form_state import FormState
from .keys import KEY
from .visit import as_words


class StepState(FormState, rx.State, mixin=True):
    """One step's dialog (`components.dialogs.step_dialog`). A subclass makes its two handlers.

    The form holds which record it is about, so what is half-typed outlives a connection that begins anew. `row` has
    what the dialog shows of the record: its keys, with empty texts, are the subclass's choice.
    """

    DIALOG: ClassVar[str] = ""
    """Id of the dialog; its form's id ends in "-form"."""
    LETTER: ClassVar[str] = ""
    """What the record's number begins with."""

    row: dict[str, str] = {}

    async def _open(
        self, query: Callable[..., Answer], record_id: Any, first: Callable[..., Any]
    ) -> list[Any]:
        """Read the record as it is now and open the dialog. `first` makes the fields' first values from its row."""
        try:
            key = read_id(record_id)
            found = await off_loop(query, guard.actor(), key)
        except DeskError as refusal:
            return [browser.complain(refusal)]
        if not found.order:
            return [browser.complain(not_found(self._name(key)))]
        row = found.rows[key]
        self.row = {name: as_text(row[name]) for name in self.row}
        self.errors = {}
        return [browser.begin(self.DIALOG, {"record": key, "version": int(row["version"])}, first(row))]

    async def _take(
        self,
        action: Callable[..., Any],
        form: Any,
        done: str,
        more: Callable[[Basis], dict[str, str]] | None = None,
        *,
        undo: bool = False,
    ) -> list[Any]:
        """Take the step with what the form says. `done` ends the sentence about it, with a way back if `undo`;
        `more` adds to the form."""
        form_id, words = f"{self.DIALOG}-form", as_words(form)
        try:
            basis = read_basis(words.pop("basis", ""))
        except DeskError as refusal:
            return self._refuse(form_id, refusal, words.get(KEY))
        data = {**words, **(more(basis) if more else {})}
        said = f"{self._name(basis.record_id)} {done}"
        return await self._save(form_id, action, basis.record_id, data, done=said, undo=undo)

    def _name(self, key: int) -> str:
        """What people call the record."""
        return f"{self.LETTER}-{key}"
