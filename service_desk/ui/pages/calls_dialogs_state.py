"""Steps on a call that need a word with it: whom to assign, what was done, why it is cancelled or reopened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import calls_assign, calls_visit
from ...actions.drafts import read_id
from ...domain.access import Permission
from ...domain.errors import DeskError
from ...live.gate import off_loop
from ...queries.call import show_call
from .. import browser, guard
from ..form_state import FormState
from ..visit import as_words

EMPTY = {"id": "0", "number": "", "problem": "", "engineer_id": "", "engineer": "", "instructions": ""}


class CallStep(FormState, rx.State, mixin=True):
    """A dialog about one call. `opened` changes with each opening, so that the form starts with fresh fields."""

    call: dict[str, str] = EMPTY
    opened: int = 0

    async def _open(self, call_id: Any, dialog: str) -> list[Any]:
        try:
            number = read_id(call_id, "This call")
            found = await off_loop(show_call, guard.actor(), number)
        except DeskError as refusal:
            return [browser.complain(refusal.sentence)]
        if not found.order:
            return [browser.complain(f"Call C-{number} was not found.")]
        row = found.rows[number]
        if str(number) != self.call["id"]:
            self.opened += 1
        self.call = {name: str(row[name] or "") for name in EMPTY}
        self.errors = {}
        return [browser.open_dialog(dialog)]


class AssignCall(CallStep, rx.State):
    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        """Open the dialog for this call."""
        return await self._open(call_id, "assign-call")

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        data = {**as_words(form), "expected": self.call["engineer_id"]}
        number = self.call["number"]
        return await self._save(
            "assign-call-form",
            calls_assign.assign_call,
            int(self.call["id"]),
            data,
            done=f"{number} is assigned.",
        )


class CompleteCall(CallStep, rx.State):
    @guard.handler(Permission.WORK_OWN_CALL)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(call_id, "complete-call")

    @guard.handler(Permission.WORK_OWN_CALL)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        number = self.call["number"]
        return await self._save(
            "complete-call-form",
            calls_visit.complete_call,
            int(self.call["id"]),
            as_words(form),
            done=f"{number} is completed.",
        )


class CancelCall(CallStep, rx.State):
    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(call_id, "cancel-call")

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        number = self.call["number"]
        return await self._save(
            "cancel-call-form",
            calls_visit.cancel_call,
            int(self.call["id"]),
            as_words(form),
            done=f"{number} is cancelled.",
        )


class ReopenCall(CallStep, rx.State):
    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(call_id, "reopen-call")

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        number = self.call["number"]
        return await self._save(
            "reopen-call-form",
            calls_visit.reopen_call,
            int(self.call["id"]),
            as_words(form),
            done=f"{number} is open again.",
        )
