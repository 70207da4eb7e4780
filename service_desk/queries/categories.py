"""What can be seen of categories: names by everybody, how much they are used by who manages them."""

from __future__ import annotations

from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.categories import Category, CategoryKind
from ..store.database import current
from ..store.session import DeskSession
from .answer import Answer, Row, answer, read_seq


def list_categories(actor: Actor, kind: CategoryKind) -> Answer:
    """Those of one kind in their order, archived ones last. `used` is always 0 here."""
    actor.require(Permission.SIGNED_IN)
    with current().reading() as session:
        return _listed(session, kind, used=False)


def list_categories_for_settings(actor: Actor, kind: CategoryKind) -> Answer:
    """The same with `used`, the number of records that have the category."""
    actor.require(Permission.MANAGE_CATEGORIES)
    with current().reading() as session:
        return _listed(session, kind, used=True)


def show_category(actor: Actor, category_id: int) -> Answer:
    """One category as it is managed, or nothing."""
    actor.require(Permission.MANAGE_CATEGORIES)
    with current().reading() as session:
        seq = read_seq(session)
        category = session.get(Category, category_id)
    return answer(seq, [_row(category, 0)] if category else [])


def _listed(session: DeskSession, kind: CategoryKind, *, used: bool) -> Answer:
    seq = read_seq(session)
    counts = _uses(session, kind) if used else {}
    wanted = select(Category).where(Category.kind == kind)
    order = (col(Category.is_active).desc(), col(Category.position), func.lower(Category.name))
    rows = [_row(category, counts.get(category.key, 0)) for category in session.exec(wanted.order_by(*order))]
    return answer(seq, rows, {"active": sum(row["is_active"] for row in rows)})


def _row(category: Category, used: int) -> Row:
    return {
        "id": category.key,
        "version": category.version,
        "name": category.name,
        "kind": category.kind.value,
        "is_active": category.is_active,
        "position": category.position,
        "used": used,
    }


def _uses(session: DeskSession, kind: CategoryKind) -> dict[int, int]:
    category_id = col(Call.category_id) if kind == CategoryKind.CALL else col(CarryIn.category_id)
    return dict(session.exec(select(category_id, func.count()).group_by(category_id)).all())
