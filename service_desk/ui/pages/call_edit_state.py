"""Editing a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions.calls import edit_call
from ...domain.access import Permission
from ...domain.categories import CategoryKind
from ...live.gate import off_loop
from ...queries.call import show_call
from ...queries.categories import list_categories
from .. import guard
from ..components.marks import PRIORITIES
from ..edit_state import EditState


class EditCall(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {
        "problem": "Problem",
        "site_address": "Address",
        "category_id": "Category",
        "priority": "Priority",
        "due_at": "Due",
    }
    MOMENTS: ClassVar[frozenset[str]] = frozenset({"due_at"})
    DIALOG: ClassVar[str] = "edit-call"

    @guard.handler(Permission.DISPATCH_CALLS)
    async def edit(self, call_id: int) -> list[Any]:
        """Open the dialog on this call."""
        return await self._open(show_call, call_id, "number")

    @guard.handler(Permission.DISPATCH_CALLS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(edit_call, form)

    async def _words(self, field: str, text: str) -> str:
        if field == "priority":
            return PRIORITIES.get(text, text)
        if field == "category_id":
            known = await off_loop(list_categories, guard.actor(), CategoryKind.CALL)
            return next((row["name"] for key, row in known.rows.items() if str(key) == text), "")
        return text
