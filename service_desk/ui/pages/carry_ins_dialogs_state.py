"""Steps on a carry-in that need a word with it: who repairs it, how it ended, who took it away, why it goes back."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from ...actions import carry_ins_repair as repair
from ...domain.access import Permission
from ...queries.carry_in import show_carry_in
from .. import guard
from ..step_state import StepState

SHOWN = ("item", "number", "status", "outcome", "accessories", "completion_remark")


class CarryInStep(StepState, rx.State, mixin=True):
    LETTER: ClassVar[str] = "S"

    row: dict[str, str] = dict.fromkeys(SHOWN, "")


class ToBench(CarryInStep, rx.State):
    DIALOG: ClassVar[str] = "bench-carry-in"

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        """Open the dialog for this carry-in. One takes it oneself unless somebody else is chosen."""
        me = str(guard.actor().id)
        return await self._open(show_carry_in, carry_in_id, lambda _: {"assigned_to_id": me})

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(repair.take_to_bench, form, "is on the bench.", undo=True)


class CompleteCarryIn(CarryInStep, rx.State):
    DIALOG: ClassVar[str] = "complete-carry-in"

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(show_carry_in, carry_in_id, _likely_end)

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(repair.complete_carry_in, form, "is ready.", undo=True)


class DeliverCarryIn(CarryInStep, rx.State):
    DIALOG: ClassVar[str] = "deliver-carry-in"

    @guard.handler(Permission.DELIVER_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(show_carry_in, carry_in_id, lambda _: {"delivered_to": "", "remark": ""})

    @guard.handler(Permission.DELIVER_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(repair.deliver_carry_in, form, "is delivered.", undo=True)


class ReturnCarryIn(CarryInStep, rx.State):
    DIALOG: ClassVar[str] = "return-carry-in"

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        return await self._open(show_carry_in, carry_in_id, lambda _: {"reason": ""})

    @guard.handler(Permission.REPAIR_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(repair.return_to_bench, form, "is back on the bench.", undo=True)


def _likely_end(row: dict[str, Any]) -> dict[str, str]:
    """What never was on the bench can only have ended unrepaired."""
    return {"outcome": "unrepaired" if row["status"] == "received" else "repaired", "remark": ""}
