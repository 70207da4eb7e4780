"""What the page of one carry-in is asked for, and its edit dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions.carry_ins import edit_carry_in
from ...domain.access import Permission
from ...domain.categories import CategoryKind
from ...live.gate import off_loop
from ...live.questions import OneCarryIn
from ...queries.carry_in import show_carry_in
from ...queries.categories import list_categories
from .. import guard, slots
from ..edit_state import EditState
from ..visit import visit_record


class CarryInPage(rx.State):
    """The carry-in that is on the screen."""

    @guard.handler(Permission.SEE_CARRY_INS)
    async def look(self) -> None:
        """Ask for the carry-in, its past, and what else its customer has."""
        await visit_record(self, slots.TheCarryIn, OneCarryIn, "carry_in", show_carry_in)


class EditCarryIn(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {
        "item": "Item",
        "serial_number": "Serial number",
        "accessories": "Accessories",
        "category_id": "Category",
        "fault": "Fault",
    }
    DIALOG: ClassVar[str] = "edit-carry-in"

    @guard.handler(Permission.EDIT_CARRY_IN)
    async def choose(self, carry_in_id: int) -> list[Any]:
        """Open the dialog for this carry-in."""
        return await self._open(show_carry_in, carry_in_id, "number")

    @guard.handler(Permission.EDIT_CARRY_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(edit_carry_in, form)

    async def _words(self, field: str, text: str) -> str:
        if field != "category_id":
            return text
        known = await off_loop(list_categories, guard.actor(), CategoryKind.CARRY_IN)
        return next((row["name"] for key, row in known.rows.items() if str(key) == text), "")
