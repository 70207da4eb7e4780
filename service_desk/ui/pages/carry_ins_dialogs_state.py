"""Steps on a carry-in that need a word with it: who repairs it, how it ended, who took it away, why it goes back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import carry_ins_repair as repair
from ...actions.drafts import read_id
from ...domain.access import Permission
from ...domain.errors import DeskError
from ...live.gate import off_loop
from ...queries.carry_in import show_carry_in
from .. import browser, guard
from ..edit_state import as_text
from ..form_state import FormState
from ..visit import as_words

EMPTY = {
    "id": "0",
    "number": "",
    "item": "",
    "status": "",
    "outcome": "",
    "accessories": "",
    "completion_remark": "",
}


class CarryInStep(FormState, rx.State, mixin=True):
    """A dialog about one carry-in. `opened` changes with its subject, so that the form starts afresh."""

    carry_in: dict[str, str] = EMPTY
    me: str = ""
    opened: int = 0

    async def _open(self, carry_in_id: Any, dialog: str) -> list[Any]:
        try:
            number = read_id(carry_in_id, "This carry-in")
            found = await off_loop(show_carry_in, guard.actor(), number)
        except DeskError as refusal:
            return [browser.complain(refusal.sentence)]
        if not found.order:
            return [browser.complain(f"Carry-in S-{number} was not found.")]
        now = {name: as_text(found.rows[number][name]) for name in EMPTY}
        if any(now[name] != self.carry_in[name] for name in ("id", "status")):
            self.opened += 1
        self.carry_in, self.me = now, str(guard.actor().id)
        self.errors = {}
        return [browser.open_dialog(dialog)]

    async def _step(self, dialog: str, action: Any, form: Any, done: str) -> list[Any]:
        """Take the step with what the form says; `done` ends the sentence about it."""
        said = f"{self.carry_in['number']} {done}"
        number = int(self.carry_in["id"])
        return await self._save(f"{dialog}-form", action, number, as_words(form), done=said)


class ToBench(CarryInStep, rx.State):
    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        """Open the dialog for this carry-in."""
        return await self._open(carry_in_id, "bench-carry-in")

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._step("bench-carry-in", repair.take_to_bench, form, "is on the bench.")


class CompleteCarryIn(CarryInStep, rx.State):
    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(carry_in_id, "complete-carry-in")

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._step("complete-carry-in", repair.complete_carry_in, form, "is ready.")


class DeliverCarryIn(CarryInStep, rx.State):
    @guard.handler(Permission.DELIVER_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(carry_in_id, "deliver-carry-in")

    @guard.handler(Permission.DELIVER_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._step("deliver-carry-in", repair.deliver_carry_in, form, "is delivered.")


class ReturnCarryIn(CarryInStep, rx.State):
    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(carry_in_id, "return-carry-in")

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._step("return-carry-in", repair.return_to_bench, form, "is back on the bench.")
