"""The lists of carry-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.carry_ins import IN_SHOP, CarryIn, CarryInStatus
from ..domain.customers import Customer
from ..store.database import current
from ..store.session import DeskSession
from . import params as url
from .answer import PAGE_SIZE, Answer, Row, answer, paging, read_seq
from .carry_in_rows import carry_in_row, rows_of_carry_ins
from .search import found_by, quoted_id

TABS = ("shop", "received", "bench", "ready", "mine", "all")
SORTS: dict[str, tuple[Any, ...]] = {
    "newest": (col(CarryIn.id).desc(),),
    "oldest": (col(CarryIn.id),),
    "customer": (func.lower(Customer.name), col(CarryIn.id).desc()),
    "updated": (col(CarryIn.updated_at).desc(), col(CarryIn.id).desc()),
}


@dataclass(frozen=True, slots=True)
class CarryInsQuestion:
    """`me` is the asker's id in the tab "mine" and 0 elsewhere, so that equal lists are equal questions.

    Technician 0 stands for nobody. An empty tuple doesn't filter.
    """

    tab: str = "shop"
    me: int = 0
    statuses: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    technicians: tuple[int, ...] = ()
    search: str = ""
    sort: str = "newest"
    page: int = 1

    @classmethod
    def from_params(cls, actor: Actor, params: url.Params) -> Self:
        tab = url.one_of(params, "tab", TABS, "shop")
        return cls(
            tab=tab,
            me=actor.id if tab == "mine" else 0,
            statuses=url.words(params, "status", CarryInStatus),
            categories=url.ids(params, "category"),
            technicians=url.ids(params, "technician", none=True),
            search=url.search(params),
            sort=url.one_of(params, "sort", SORTS, "newest"),
            page=url.page(params),
        )


def list_carry_ins(actor: Actor, question: CarryInsQuestion) -> Answer:
    """One page of the carry-ins, with {total, page, pages, first, last}."""
    actor.require(Permission.SEE_CARRY_INS)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = wanted_carry_ins(question)
        pages = paging(_count(session, question, wanted), question.page)
        return answer(seq, _rows(session, actor, question, wanted, pages["page"]), pages)


def in_tab(tab: str, me: int = 0) -> ColumnElement[bool]:
    status = col(CarryIn.status)
    return {
        "shop": status.in_(IN_SHOP),
        "received": status == CarryInStatus.RECEIVED,
        "bench": status == CarryInStatus.IN_REPAIR,
        "ready": status == CarryInStatus.COMPLETED,
        "mine": and_(status.in_(IN_SHOP), col(CarryIn.assigned_to_id) == me),
    }.get(tab, true())


def wanted_carry_ins(question: CarryInsQuestion) -> list[ColumnElement[bool]]:
    quoted = col(CarryIn.id) == (quoted_id(question.search, "S") or 0)
    wanted: list[ColumnElement[bool]] = [or_(in_tab(question.tab, question.me), quoted)]
    if question.statuses:
        wanted.append(col(CarryIn.status).in_(question.statuses))
    if question.categories:
        wanted.append(col(CarryIn.category_id).in_(question.categories))
    if question.technicians:
        nobody = col(CarryIn.assigned_to_id).is_(None) if 0 in question.technicians else false()
        wanted.append(or_(nobody, col(CarryIn.assigned_to_id).in_(question.technicians)))
    if question.search:
        texts = [col(CarryIn.item), col(CarryIn.serial_number), col(CarryIn.fault), col(Customer.name)]
        wanted.append(
            found_by(
                question.search, letter="S", number=col(CarryIn.id), phone=col(Customer.phone), texts=texts
            )
        )
    return wanted


def _count(session: DeskSession, question: CarryInsQuestion, wanted: list[ColumnElement[bool]]) -> int:
    counting = select(func.count()).select_from(CarryIn).where(*wanted)
    return session.exec(counting.join(Customer) if question.search else counting).one()


def _rows(
    session: DeskSession,
    actor: Actor,
    question: CarryInsQuestion,
    wanted: list[ColumnElement[bool]],
    page: int,
) -> list[Row]:
    listing = rows_of_carry_ins().where(*wanted).order_by(*SORTS[question.sort])
    found = session.execute(listing.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [carry_in_row(actor, row) for row in found]
