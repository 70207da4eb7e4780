"""Rows that an action reads in order to change them or to rely on them."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import select

from ..domain.categories import Category, CategoryKind
from ..domain.errors import Invalid
from ..domain.ids import as_id
from ..domain.journal import Counter
from ..domain.record import Record
from ..domain.users import User
from ..store.session import DeskSession
from .drafts import NO_CHOICE

R = TypeVar("R", bound=Record)


def held(session: DeskSession, kind: type[R], row_id: object) -> R | None:
    """The newest state of a row, which nobody else can change before this change is over; else None."""
    number = as_id(row_id)
    if number is None:
        return None
    # Not a full lock: rows that merely point at this one can still be added meanwhile.
    return session.get(kind, number, with_for_update={"key_share": True}, populate_existing=True)


def relied_on(session: DeskSession, kind: type[R], row_id: int) -> R | None:
    """The newest state of a row that must stay as it is until this change is over, for everybody."""
    return session.get(kind, row_id, with_for_update={"read": True}, populate_existing=True)


def take_turn(session: DeskSession) -> None:
    """Wait until no other change is being committed, so that two can't both miss a row and add it."""
    session.exec(select(Counter).where(Counter.name == "journal").with_for_update()).one()


def check_category(session: DeskSession, kind: CategoryKind, category_id: int) -> None:
    """Raises Invalid unless it is one of the kind's categories and still offered."""
    category = session.get(Category, category_id)
    if category is None or category.kind != kind:
        raise Invalid(NO_CHOICE, {"category_id": NO_CHOICE})
    if not category.is_active:
        sentence = f"“{category.name}” was archived. Choose another category."
        raise Invalid(sentence, {"category_id": sentence})


def name_of(session: DeskSession, user_id: int | None) -> str:
    """Somebody's full name; empty for nobody."""
    user = session.get(User, user_id) if user_id else None
    return user.full_name if user else ""
