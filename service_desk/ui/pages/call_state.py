"""The page of one call: what it asks, and the steps that need no further word."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import calls_assign, calls_visit
from ...domain.access import Permission
from ...live.gate import off_loop
from ...live.questions import CustomerWork, History, OneCall
from ...live.views import Question
from ...queries.call import show_call
from .. import guard, slots
from ..form_state import act
from ..visit import id_in_path, visit


class CallPage(rx.State):
    """The steps on the call that is on the screen."""

    @guard.handler(Permission.SEE_CALLS)
    async def look(self) -> None:
        """Ask for the call, its past, and what else its customer has."""
        call_id = id_in_path(self)
        asks: dict[type[rx.State], Question] = {
            slots.TheCall: OneCall(call_id),
            slots.Past: History("call", call_id),
        }
        found = await off_loop(show_call, guard.actor(), call_id)
        for row in found.rows.values():
            asks[slots.Work] = CustomerWork(row["customer_id"], row["number"])
        await visit(self, asks)

    @guard.handler(Permission.WORK_OWN_CALL)
    async def start(self, call_id: int) -> list[Any]:
        return await act(calls_visit.start_call, call_id)

    @guard.handler(Permission.DISPATCH_CALLS)
    async def unassign(self, call_id: int) -> list[Any]:
        return await act(calls_assign.unassign_call, call_id, done="It is pending again.")
