"""What every form does with an action: run it off the loop, keep the input after a refusal, say what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from ..domain.errors import DeskError
from ..live.gate import off_loop
from . import browser, guard

Done = str | Callable[[Any], str]
"""The sentence about what was done, or how to make it from the action's result."""
FORM = "form"
"""Key of the sentence that concerns the whole form."""


class FormState(rx.State, mixin=True):
    """`errors` maps a field's name, or FORM, to the sentence beside it."""

    errors: dict[str, str] = {}

    async def _save(
        self, form: str, action: Callable[..., Any], *given: Any, done: Done = "", **more: Any
    ) -> list[Any]:
        """Run an action for the form with this id; the events that answer the form. `done` is what the toast says."""
        try:
            result = await off_loop(action, guard.actor(), *given, **more)
        except DeskError as refusal:
            return self._refuse(form, refusal)
        self.errors = {}
        said = done if isinstance(done, str) else done(result)
        return [browser.answered(form, saved=True), *([browser.say(said)] if said else [])]

    def _refuse(self, form: str, refusal: DeskError) -> list[Any]:
        self.errors = {FORM: refusal.sentence, **refusal.fields}
        return [browser.answered(form, saved=False)]


async def act(action: Callable[..., Any], *given: Any, done: str = "") -> list[Any]:
    """Run an action that needs no form; a toast says how it went."""
    try:
        await off_loop(action, guard.actor(), *given)
    except DeskError as refusal:
        return [browser.complain(refusal.sentence)]
    return [browser.say(done)] if done else []
