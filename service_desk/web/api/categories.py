"""Categories of calls and of carry-ins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import categories as actions
from ...actions.drafts import Draft, read_draft
from ...domain.access import Actor, Permission
from ...domain.categories import CategoryKind
from ...live.gate import off_loop
from ...queries.answer import Answer, Row, answer
from ...queries.categories import list_categories, list_categories_for_settings
from ...queries.keyset import slice_before
from .auth import Asker
from .describe import LISTED
from .pages import Page, Paging, page_of
from .resource import Resource, Verb, add_create, add_edit, add_read, add_verb
from .shapes import FromRow, Unsent


class Category(FromRow):
    """What a call or a carry-in is about. Archived ones stay on old records."""

    id: int
    version: int
    kind: CategoryKind
    name: str
    is_active: bool
    position: int = Field(description="Its place in the forms, among the active ones of its kind.")
    used: int | None = Field(description="How many records have it; for those who manage categories.")
    may: list[str]


class CategoryFilters(Paging):
    kind: CategoryKind | Unsent = None
    active: bool | Unsent = None


class MoveDraft(Draft):
    """`up`: to the place before, else to the place after."""

    up: bool


def _all(asker: Actor) -> Answer:
    manages = asker.may(Permission.MANAGE_CATEGORIES)
    query = list_categories_for_settings if manages else list_categories
    answers = [query(asker, kind) for kind in CategoryKind]
    rows = (_with_steps(manages, row) for each in answers for row in each.rows.values())
    return answer(min(each.seq for each in answers), rows)


def _with_steps(manages: bool, row: Row) -> Row:
    steps = ["edit", "move", "archive"] if row["is_active"] else ["edit", "restore"]
    return row | {"may": steps if manages else [], "used": row["used"] if manages else None}


def _show(asker: Actor, category_id: int) -> Answer:
    found = _all(asker)
    return answer(found.seq, [found.rows[category_id]] if category_id in found.rows else [])


def move_category(actor: Actor, category_id: int, body: dict[str, Any]) -> None:
    """The action, from a body."""
    actor.require(Permission.MANAGE_CATEGORIES)
    actions.move_category(actor, category_id, read_draft(MoveDraft, body).up)


router = APIRouter(tags=["categories"])
CATEGORIES = Resource("/categories", "category", "This category", Category, _show)


@router.get(CATEGORIES.path, responses=LISTED, operation_id="list_categories")
async def list_all_categories(
    asker: Asker, request: Request, response: Response, filters: Annotated[CategoryFilters, Query()]
) -> Page[Category]:
    """The categories of both kinds, newest first; `position` tells their order."""
    found = await off_loop(_all, asker)
    rows = [
        row
        for row in found.rows.values()
        if filters.kind in (None, row["kind"]) and filters.active in (None, row["is_active"])
    ]
    page = slice_before(answer(found.seq, rows), filters.before, filters.limit)
    return page_of(page, Category, request, response)


add_create(router, CATEGORIES, actions.create_category_of_kind, actions.NewCategory)
add_read(router, CATEGORIES)
add_edit(router, CATEGORIES, actions.edit_category, actions.EditedCategory)
for verb in (
    Verb("move", move_category, MoveDraft),
    Verb("archive", actions.archive_category),
    Verb("restore", actions.restore_category),
):
    add_verb(router, CATEGORIES, verb)
