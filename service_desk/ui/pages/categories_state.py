"""What admins do about categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import categories as actions
from ...actions.drafts import read_id
from ...domain.access import Permission
from ...domain.categories import CategoryKind
from ...live.questions import CategorySettings
from ...queries import categories as queries
from .. import guard, slots
from ..edit_state import EditState
from ..form_state import FormState, act
from ..visit import as_words, visit

THIS = "This category"


class CategoriesPage(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Everybody may open the page: whoever may not manage categories is told so by the answer."""
        await visit(
            self,
            {
                slots.CallCategoryRows: CategorySettings(CategoryKind.CALL),
                slots.CarryInCategoryRows: CategorySettings(CategoryKind.CARRY_IN),
            },
        )

    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def move(self, category_id: int, up: bool, key: str) -> list[Any]:
        return await act(key, actions.move_category, read_id(category_id, THIS), up is True)

    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def archive(self, category_id: int, key: str) -> list[Any]:
        done = "Archived. What has this category keeps it; forms offer it no more."
        return await act(key, actions.archive_category, read_id(category_id, THIS), done=done, undo=True)

    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def restore(self, category_id: int, key: str) -> list[Any]:
        done = "Restored, after the others."
        return await act(key, actions.restore_category, read_id(category_id, THIS), done=done, undo=True)


class NewCallCategory(FormState, rx.State):
    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save(
            "new-call-category-form", actions.create_category, CategoryKind.CALL, as_words(form)
        )


class NewCarryInCategory(FormState, rx.State):
    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save(
            "new-carry-in-category-form", actions.create_category, CategoryKind.CARRY_IN, as_words(form)
        )


class RenameCategory(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {"name": "Name"}
    DIALOG: ClassVar[str] = "rename-category"

    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def choose(self, category_id: int) -> list[Any]:
        return await self._open(queries.show_category, category_id, "name")

    @guard.handler(Permission.MANAGE_CATEGORIES)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(actions.edit_category, form)
