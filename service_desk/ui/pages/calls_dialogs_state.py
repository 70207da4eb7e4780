"""Steps on a call that need a word with it: whom to assign, what was done, why it is cancelled or reopened."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from ...actions import calls_assign, calls_visit
from ...domain.access import Permission
from ...queries.call import show_call
from .. import guard
from ..edit_state import Basis, as_text
from ..step_state import StepState


class CallStep(StepState, rx.State, mixin=True):
    LETTER: ClassVar[str] = "C"

    row: dict[str, str] = dict.fromkeys(("number", "problem"), "")


class AssignCall(CallStep, rx.State):
    DIALOG: ClassVar[str] = "assign-call"

    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        """Open the dialog for this call."""
        return await self._open(show_call, call_id, _engineer_now)

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(calls_assign.assign_call, form, "is assigned.", more=_as_seen, undo=True)


class CompleteCall(CallStep, rx.State):
    DIALOG: ClassVar[str] = "complete-call"

    @guard.handler(Permission.WORK_OWN_CALL)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(show_call, call_id, lambda _: {"remark": ""})

    @guard.handler(Permission.WORK_OWN_CALL)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(calls_visit.complete_call, form, "is completed.", undo=True)


class CancelCall(CallStep, rx.State):
    DIALOG: ClassVar[str] = "cancel-call"

    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(show_call, call_id, lambda _: {"reason": ""})

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(calls_visit.cancel_call, form, "is cancelled.", undo=True)


class ReopenCall(CallStep, rx.State):
    DIALOG: ClassVar[str] = "reopen-call"

    @guard.handler(Permission.DISPATCH_CALLS)
    async def choose(self, call_id: int) -> list[Any]:
        return await self._open(show_call, call_id, lambda _: {"reason": ""})

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(calls_visit.reopen_call, form, "is open again.", undo=True)


def _engineer_now(row: dict[str, Any]) -> dict[str, str]:
    return {"assigned_to_id": as_text(row["engineer_id"]), "instructions": as_text(row["instructions"])}


def _as_seen(basis: Basis) -> dict[str, str]:
    """Whom the call was assigned to when the dialog was opened, so that nobody reassigns it unawares."""
    return {"expected": basis.was.get("assigned_to_id", "")}
