"""What the list of calls is asked for, and what can be done to a call from it."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from ...actions import calls as actions
from ...actions import calls_visit
from ...domain.access import Permission
from ...queries.calls import CallsQuestion
from .. import guard, slots
from ..form_state import act
from ..known_customer import KnownCustomerState
from ..visit import params_of, visit


class CallsPage(rx.State):
    """The address's question, for the controls that show it."""

    tab: str = "open"
    search: str = ""
    sort: str = "newest"
    status: str = ""
    category: str = ""
    engineer: str = ""
    priority: str = ""

    @guard.handler(Permission.SEE_CALLS)
    async def look(self) -> None:
        """Ask for what the address says."""
        question = CallsQuestion.from_params(guard.actor(), params_of(self))
        self.tab, self.search, self.sort = question.tab, question.search, question.sort
        self.status = ",".join(question.statuses)
        self.category = ",".join(str(key) for key in question.categories)
        self.engineer = ",".join(str(key) if key else "none" for key in question.engineers)
        self.priority = ",".join(question.priorities)
        await visit(self, {slots.CallList: question})

    @guard.handler(Permission.WORK_OWN_CALL)
    async def start(self, call_id: int, key: str) -> list[Any]:
        return await act(key, calls_visit.start_call, call_id, done=f"C-{call_id} is started.", undo=True)


class NewCall(KnownCustomerState, rx.State):
    """Logging a call: phone first."""

    FORM: ClassVar[str] = "new-call-form"

    @guard.handler(Permission.CREATE_CALL)
    async def look_up(self, phone: str) -> list[Any]:
        return await self._look_up(phone)

    @guard.handler(Permission.CREATE_CALL)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        """The toast says the number: the caller is still on the line."""
        return await self._save_new(actions.create_call, form, lambda number: f"Logged as C-{number}.")
