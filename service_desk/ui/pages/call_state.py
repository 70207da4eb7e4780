"""The page of one call: what it asks, and the steps that need no further word."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import calls_assign, calls_visit
from ...domain.access import Permission
from ...live.questions import OneCall
from ...queries.call import show_call
from .. import guard, slots
from ..form_state import act
from ..visit import visit_record


class CallPage(rx.State):
    """The steps on the call that is on the screen."""

    @guard.handler(Permission.SEE_CALLS)
    async def look(self) -> None:
        """Ask for the call, its past, and what else its customer has."""
        await visit_record(self, slots.TheCall, OneCall, "call", show_call)

    @guard.handler(Permission.WORK_OWN_CALL)
    async def start(self, call_id: int, key: str) -> list[Any]:
        return await act(key, calls_visit.start_call, call_id, done=f"C-{call_id} is started.", undo=True)

    @guard.handler(Permission.DISPATCH_CALLS)
    async def unassign(self, call_id: int, key: str) -> list[Any]:
        return await act(
            key, calls_assign.unassign_call, call_id, done=f"C-{call_id} is pending again.", undo=True
        )
