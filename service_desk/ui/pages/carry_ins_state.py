"""What the list of carry-ins is asked for, and what the counter takes in."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from ...actions.carry_ins import receive_carry_in
from ...domain.access import Permission
from ...live.questions import MyCarryInCount
from ...queries.carry_ins import CarryInsQuestion
from .. import guard, slots
from ..known_customer import KnownCustomerState
from ..visit import params_of, visit


class CarryInsPage(rx.State):
    """The address's question, for the controls that show it."""

    tab: str = "shop"
    search: str = ""
    sort: str = "newest"
    status: str = ""
    category: str = ""
    technician: str = ""

    @guard.handler(Permission.SEE_CARRY_INS)
    async def look(self) -> None:
        """Ask for what the address says."""
        me = guard.actor()
        question = CarryInsQuestion.from_params(me, params_of(self))
        self.tab, self.search, self.sort = question.tab, question.search, question.sort
        self.status = ",".join(question.statuses)
        self.category = ",".join(str(key) for key in question.categories)
        self.technician = ",".join(str(key) if key else "none" for key in question.technicians)
        await visit(self, {slots.CarryInList: question, slots.MyCarryIns: MyCarryInCount(me.id)})


class ReceiveCarryIn(KnownCustomerState, rx.State):
    """Receiving a device at the counter: phone first."""

    FORM: ClassVar[str] = "receive-carry-in-form"

    @guard.handler(Permission.RECEIVE_CARRY_IN)
    async def look_up(self, phone: str) -> list[Any]:
        return await self._look_up(phone)

    @guard.handler(Permission.RECEIVE_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        """The toast says the number, which goes onto the device's tag."""
        return await self._save_new(receive_carry_in, form, lambda number: f"Received as S-{number}.")
