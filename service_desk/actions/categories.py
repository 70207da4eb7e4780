"""What is done about the categories of calls and of carry-ins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.categories import Category, CategoryKind
from ..domain.errors import Invalid, Refused, not_found
from ..store.change import change
from ..store.database import current
from ..store.session import DeskSession
from .drafts import LOOK_AGAIN, Draft, line, read_draft, word
from .edits import read_edit

_ONE = {CategoryKind.CALL: "call category", CategoryKind.CARRY_IN: "carry-in category"}
_MANY = {CategoryKind.CALL: "call categories", CategoryKind.CARRY_IN: "carry-in categories"}


class CategoryDraft(Draft):
    name: Annotated[str, line(60)]


class NewCategory(CategoryDraft):
    """One whose kind no page says."""

    kind: Annotated[CategoryKind, word(CategoryKind)]


class EditedCategory(Draft):
    name: Annotated[str, line(60)] = ""


def create_category(actor: Actor, kind: CategoryKind, data: object) -> int:
    """Add a category after the others of its kind; returns its id."""
    actor.require(Permission.MANAGE_CATEGORIES)
    draft = read_draft(CategoryDraft, data)
    with change(actor, f"create {_ONE[kind]}") as session:
        siblings = _of_kind(session, kind)
        _refuse_taken(siblings, draft.name)
        last = max((sibling.position for sibling in siblings), default=0)
        category = Category(kind=kind, name=draft.name, position=last + 1)
        session.add(category)
        session.flush()
        return session.answer(category.key)


def create_category_of_kind(actor: Actor, data: object) -> int:
    """The same where the form says which kind."""
    actor.require(Permission.MANAGE_CATEGORIES)
    draft = read_draft(NewCategory, data)
    return create_category(actor, draft.kind, {"name": draft.name})


def edit_category(actor: Actor, category_id: int, *, version: int, was: object, changes: object) -> None:
    """Rename a category. Old records show the new name, since they only point at it."""
    actor.require(Permission.MANAGE_CATEGORIES)
    edit = read_edit(EditedCategory, version, was, changes)
    kind = _kind_of(category_id)
    with change(actor, f"edit {_ONE[kind]}") as session:
        siblings = _of_kind(session, kind)
        if "name" in edit.new:
            _refuse_taken(siblings, edit.new["name"], besides=category_id)
        edit.apply_to(session, _among(siblings, category_id))


def move_category(actor: Actor, category_id: int, up: bool) -> None:
    """Change places with the one before or after it among the active ones; nothing happens at either end."""
    actor.require(Permission.MANAGE_CATEGORIES)
    kind = _kind_of(category_id)
    with change(actor, f"reorder {_MANY[kind]}") as session:
        siblings = _of_kind(session, kind)
        moved = _among(siblings, category_id)
        if not moved.is_active:
            raise Refused(f"“{moved.name}” is archived. Restore it before moving it.")
        order = [sibling for sibling in siblings if sibling.is_active]
        here = order.index(moved)
        there = here - 1 if up else here + 1
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            for position, sibling in enumerate(order, start=1):
                sibling.position = position


def archive_category(actor: Actor, category_id: int) -> None:
    """Take a category out of the forms; the records that have it keep it."""
    actor.require(Permission.MANAGE_CATEGORIES)
    kind = _kind_of(category_id)
    with change(actor, f"archive {_ONE[kind]}") as session:
        category = _among(_of_kind(session, kind), category_id)
        if not category.is_active:
            raise Refused(f"“{category.name}” is archived already.")
        category.is_active = False


def restore_category(actor: Actor, category_id: int) -> None:
    """Put an archived category back into the forms, after the others."""
    actor.require(Permission.MANAGE_CATEGORIES)
    kind = _kind_of(category_id)
    with change(actor, f"restore {_ONE[kind]}") as session:
        siblings = _of_kind(session, kind)
        category = _among(siblings, category_id)
        if category.is_active:
            raise Refused(f"“{category.name}” is in use already.")
        category.is_active = True
        category.position = max(sibling.position for sibling in siblings) + 1


def _kind_of(category_id: int) -> CategoryKind:
    # Read before the change, whose verb names the kind; a category never changes its kind.
    with current().reading() as session:
        category = session.get(Category, category_id)
    if category is None:
        raise not_found("This category")
    return category.kind


def _of_kind(session: DeskSession, kind: CategoryKind) -> Sequence[Category]:
    """All of the kind in their order, locked: names and places are compared with each other."""
    wanted = select(Category).where(Category.kind == kind).order_by(col(Category.position), col(Category.id))
    return session.exec(wanted.with_for_update(key_share=True)).all()


def _among(siblings: Sequence[Category], category_id: int) -> Category:
    return next(sibling for sibling in siblings if sibling.id == category_id)


def _refuse_taken(siblings: Sequence[Category], name: str, besides: int | None = None) -> None:
    # Compared here and not by the database: SQLite folds the case of plain Latin letters only.
    for sibling in siblings:
        if sibling.id != besides and sibling.name.casefold() == name.casefold():
            hint = "" if sibling.is_active else " It is archived: restore it instead."
            raise Invalid(LOOK_AGAIN, {"name": f"There is a category “{sibling.name}” already.{hint}"})
