"""The lists of carry-ins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from sqlalchemy import ColumnElement, func
from sqlmodel import col

from ..domain.access import Actor, Permission
from ..domain.carry_ins import CarryIn, CarryInStatus
from ..domain.customers import Customer
from ..store.database import Database, current
from ..store.scope import is_in_shop
from . import params as url
from .answer import KEPT, Answer, answer, read_seq
from .carry_in_rows import carry_in_row, rows_of_carry_ins
from .conditions import one_of, one_of_or_nobody
from .listing import Key, Listing, Sort
from .pages import read_page
from .search import Sought

TABS = ("shop", "received", "bench", "ready", "mine", "all")
SORTS: dict[str, Sort] = {
    "newest": (Key(col(CarryIn.id), descending=True),),
    "oldest": (Key(col(CarryIn.id)),),
    "customer": (Key(func.lower(Customer.name)), Key(col(CarryIn.id), descending=True)),
    "updated": (Key(col(CarryIn.updated_at), descending=True), Key(col(CarryIn.id), descending=True)),
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
            page=url.page_from_either_end(params),
        )


def list_carry_ins(actor: Actor, question: CarryInsQuestion) -> Answer:
    """One page of the carry-ins, with {total, page, pages, first, last} of `pages.Page`."""
    actor.require(Permission.SEE_CARRY_INS)
    with current().reading() as session:
        seq = read_seq(session)
        page = read_page(session, listing_of(question), question.page)
        found = page.read(session, rows_of_carry_ins)
        return answer(seq, [carry_in_row(actor, row) for row in found], page.extra)


def in_tab(tab: str, me: int = 0) -> list[ColumnElement[bool]]:
    status = col(CarryIn.status)
    return {
        "shop": [is_in_shop()],
        "received": [is_in_shop(), status == CarryInStatus.RECEIVED],
        "bench": [is_in_shop(), status == CarryInStatus.IN_REPAIR],
        "ready": [is_in_shop(), status == CarryInStatus.COMPLETED],
        "mine": [is_in_shop(), col(CarryIn.assigned_to_id) == me],
    }.get(tab, [])


def listing_of(question: CarryInsQuestion) -> Listing:
    """How the rows of the question are found."""
    return _listing(current(), replace(question, page=1))


@lru_cache(KEPT)
def _listing(_: Database, question: CarryInsQuestion) -> Listing:
    return Listing(
        kind="carry_in",
        table=CarryIn,
        sort=SORTS[question.sort],
        filters=tuple(_filters(question)),
        tab=tuple(in_tab(question.tab, question.me)),
        is_short=question.tab != "all",
        sought=Sought.of(question.search, "S"),
    )


def _filters(question: CarryInsQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.statuses:
        found.append(one_of(col(CarryIn.status), question.statuses))
    if question.categories:
        found.append(one_of(col(CarryIn.category_id), question.categories))
    if question.technicians:
        found.append(one_of_or_nobody(col(CarryIn.assigned_to_id), question.technicians))
    return found
