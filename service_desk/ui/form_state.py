"""What every form does with an action: run it off the loop, keep the input after a refusal, say what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import reflex as rx

from .. import reference
from ..actions import undo as actions
from ..actions.commands import SECRET_FIELDS, Outcome, carry_out, own_key
from ..domain.access import Permission
from ..domain.errors import Busy, DeskError, SavedOtherwise, SentByAnother
from ..live.gate import off_loop, turn
from . import browser, guard
from .keys import KEY, armed

Done = str | Callable[[Any], str]
"""The sentence about what was done, or how to make it from the action's result."""
FORM = "form"
"""Key of the sentence that concerns the whole form."""


class FormState(rx.State, mixin=True):
    """`errors` maps a field's name, or FORM, to the sentence beside it."""

    errors: dict[str, str] = {}

    async def _save(
        self, form: str, action: Callable[..., Any], *given: Any, done: Done = "", undo: bool = False
    ) -> list[Any]:
        """Carry out an action for the form with this id, once; the events that answer the form.

        The last of `given` is what the form says, with its key. `done` is what the toast says, with a way back if
        `undo`.
        """
        *before, words = given
        typed = {name: text for name, text in words.items() if name != KEY}
        try:
            outcome = await carried_out(typed, words.get(KEY), action, *before, typed)
        except DeskError as refusal:
            return self._refuse(form, refusal, words.get(KEY))
        self.errors = {}
        said = done if isinstance(done, str) else done(outcome.result)
        return [
            browser.answered(form, saved=True, key=words.get(KEY)),
            *toast(said, outcome.seq if undo else None),
        ]

    def _refuse(self, form: str, refusal: DeskError, key: object) -> list[Any]:
        self.errors = {FORM: reference.told(refusal), **refusal.fields}
        anew = isinstance(refusal, SavedOtherwise | SentByAnother)
        return [browser.answered(form, saved=False, anew=anew, key=key)]


async def carried_out(
    words: Mapping[str, Any], key: object, action: Callable[..., Any], *given: Any, **more: Any
) -> Outcome:
    """`carry_out` for whoever is signed in, off the loop, with their own `key`. `words` say whether there are secrets
    to be hashed.

    Anybody can send any form as fast as the socket lets them, so those that hash take turns.
    """
    async with turn() if SECRET_FIELDS & words.keys() else nullcontext():
        return await off_loop(carry_out, guard.actor(), own_key(guard.actor(), key), action, *given, **more)


async def act(
    key: str, action: Callable[..., Any], *given: Any, done: Done = "", undo: bool = False
) -> list[Any]:
    """Carry out an action that needs no form, once for the button's key; a toast says how it went."""
    try:
        outcome = await carried_out({}, key, action, *given)
    except Busy as refusal:
        # Perhaps it was carried out and only the answer was lost: the next click asks with the same key.
        return [browser.heard(key), browser.complain(refusal)]
    except DeskError as refusal:
        return [browser.disarm(key), browser.complain(refusal)]
    said = done if isinstance(done, str) else done(outcome.result)
    return [browser.disarm(key), *toast(said, outcome.seq if undo else None)]


async def end_sign_ins(key: str, action: Callable[..., Any], *given: Any, done: Done) -> list[Any]:
    """Carry out an action that ends sign-ins, and that done twice is done once: only in its own page's name."""
    try:
        own_key(guard.actor(), key)
        ended = await off_loop(action, guard.actor(), *given)
    except DeskError as refusal:
        return [browser.disarm(key), browser.complain(refusal)]
    return [browser.disarm(key), browser.say(done if isinstance(done, str) else done(ended))]


def toast(said: str, undo: int | None) -> list[Any]:
    """Say what was done, if there is a sentence for it, with a way back from the change of this number."""
    return [browser.say(said, undo=armed(Undo.undo, undo) if undo else None)] if said else []


class Undo(rx.State):
    """The way back from a step: in its toast, and in the histories."""

    @guard.handler(Permission.SIGNED_IN)
    async def undo(self, seq: int, key: str) -> list[Any]:
        """Everybody may press it; the action knows who may take back what."""
        return await act(key, actions.undo, seq, done=str)
