"""What can be seen of categories: names by everybody, how much they are used by who manages them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select as columns
from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.categories import Category, CategoryKind
from ..store.database import current
from ..store.session import DeskSession
from .answer import Answer, Row, answer, read_seq
from .pages import count_each


def list_categories(actor: Actor, kind: CategoryKind) -> Answer:
    """Those of one kind in their order, archived ones last. `used` is always 0 here."""
    actor.require(Permission.SIGNED_IN)
    with current().reading() as session:
        return _listed(session, kind, used=False)


def list_categories_for_settings(actor: Actor, kind: CategoryKind) -> Answer:
    """The same with `used`, how many records have the category; `used_more` when it was counted no further."""
    actor.require(Permission.MANAGE_CATEGORIES)
    with current().reading() as session:
        return _listed(session, kind, used=True)


def show_category(actor: Actor, category_id: int) -> Answer:
    """One category as it is managed, or nothing."""
    actor.require(Permission.MANAGE_CATEGORIES)
    with current().reading() as session:
        seq = read_seq(session)
        category = session.get(Category, category_id)
    return answer(seq, [_row(category, {})] if category else [])


def _listed(session: DeskSession, kind: CategoryKind, *, used: bool) -> Answer:
    seq = read_seq(session)
    counts = _uses(session, kind) if used else {}
    wanted = select(Category).where(Category.kind == kind)
    order = (col(Category.is_active).desc(), col(Category.position), func.lower(Category.name))
    rows = [_row(category, counts) for category in session.exec(wanted.order_by(*order))]
    return answer(seq, rows, {"active": sum(row["is_active"] for row in rows)})


def _row(category: Category, counts: dict[str, Any]) -> Row:
    return {
        "id": category.key,
        "version": category.version,
        "name": category.name,
        "kind": category.kind.value,
        "is_active": category.is_active,
        "position": category.position,
        "used": counts.get(str(category.key), 0),
        "used_more": str(category.key) in counts.get("more", ()),
    }


def _uses(session: DeskSession, kind: CategoryKind) -> dict[str, Any]:
    """Of `count_each`, by the ids as text."""
    table = Call if kind == CategoryKind.CALL else CarryIn
    ids = session.exec(select(Category.id).where(Category.kind == kind)).all()
    return count_each(
        session, {str(key): columns(col(table.id)).where(col(table.category_id) == key) for key in ids}
    )
