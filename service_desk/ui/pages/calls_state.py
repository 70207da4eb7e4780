"""What the list of calls is asked for, and what can be done to a call from it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import calls as actions
from ...actions import calls_visit
from ...domain.access import Permission
from ...queries.calls import CallsQuestion
from .. import browser, guard, slots
from ..form_state import FormState, act
from ..visit import as_words, params_of, visit


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
    async def start(self, call_id: int) -> list[Any]:
        return await act(calls_visit.start_call, call_id)


class NewCall(FormState, rx.State):
    """Logging a call: phone first."""

    found: dict[str, Any] = {}
    work: list[dict[str, Any]] = []

    @guard.handler(Permission.CREATE_CALL)
    async def look_up(self, phone: str) -> list[Any]:
        """Find the customer as soon as the number is whole. Fills only what is still empty."""
        return await look_up(self, "new-call-form", phone)

    @guard.handler(Permission.CREATE_CALL)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        answer = await self._save(
            "new-call-form", actions.create_call, filled(form), done=lambda number: f"Logged as C-{number}."
        )
        if not self.errors:
            self.found, self.work = {}, []
        return answer


def filled(form: Any) -> dict[str, str]:
    """The form's fields without the empty ones: what is not sent keeps its default."""
    return {name: value for name, value in as_words(form).items() if value != ""}


async def look_up(state: Any, form: str, phone: Any) -> list[Any]:
    """Fill a form with the customer of a phone number, for every state that has `found` and `work`."""
    from ...live.gate import off_loop
    from ...queries.customer import find_customer

    found = await off_loop(find_customer, guard.actor(), phone) if isinstance(phone, str) else None
    state.found = {key: value for key, value in found.items() if key != "work"} if found else {}
    state.work = found["work"] if found else []
    known = found or {"name": "", "address": None}
    return [browser.fill(form, {"customer_name": known["name"], "address": known["address"] or ""})]
