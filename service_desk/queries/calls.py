"""The lists of calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import OPEN_CALL, Call, CallStatus, Priority
from ..domain.customers import Customer
from ..domain.times import now
from ..domain.users import Role
from ..store.database import current
from ..store.scope import calls_seen_by
from ..store.session import DeskSession
from . import params as url
from .answer import PAGE_SIZE, Answer, Row, answer, paging, read_seq
from .call_rows import call_row, rows_of_calls
from .search import found_by, quoted_id

TABS = ("unassigned", "mine", "open", "overdue", "all")
SORTS: dict[str, tuple[Any, ...]] = {
    "newest": (col(Call.id).desc(),),
    "oldest": (col(Call.id),),
    "priority": (col(Call.priority).desc(), col(Call.id)),
    "due": (col(Call.due_at).asc().nulls_last(), col(Call.id)),
    "customer": (func.lower(Customer.name), col(Call.id).desc()),
    "updated": (col(Call.updated_at).desc(), col(Call.id).desc()),
}


@dataclass(frozen=True, slots=True)
class CallsQuestion:
    """`me` is the asker's id in the tab "mine" and 0 elsewhere, so that equal lists are equal questions.

    Engineer 0 stands for nobody. An empty tuple doesn't filter.
    """

    tab: str = "open"
    me: int = 0
    statuses: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    engineers: tuple[int, ...] = ()
    priorities: tuple[str, ...] = ()
    search: str = ""
    sort: str = "newest"
    page: int = 1

    @classmethod
    def from_params(cls, actor: Actor, params: url.Params) -> Self:
        # Who only visits customers starts with what is theirs to do.
        tab = url.one_of(params, "tab", TABS, "mine" if actor.role == Role.ENGINEER else "open")
        return cls(
            tab=tab,
            me=actor.id if tab == "mine" else 0,
            statuses=url.words(params, "status", CallStatus),
            categories=url.ids(params, "category"),
            engineers=url.ids(params, "engineer", none=True),
            priorities=url.words(params, "priority", Priority),
            search=url.search(params),
            sort=url.one_of(params, "sort", SORTS, "newest"),
            page=url.page(params),
        )


def list_calls(actor: Actor, question: CallsQuestion) -> Answer:
    """One page of the calls that the actor sees, with {total, page, pages, first, last}."""
    actor.require(Permission.SEE_CALLS)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = wanted_calls(actor, question)
        pages = paging(_count(session, question, wanted), question.page)
        return answer(seq, _rows(session, actor, question, wanted, pages["page"]), pages)


def read_calls(actor: Actor, ids: Collection[int]) -> Answer:
    """The rows of these calls as every list shows them, of those that the actor sees."""
    actor.require(Permission.SEE_CALLS)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = rows_of_calls().where(col(Call.id).in_(ids), calls_seen_by(actor))
        return answer(seq, [call_row(actor, found) for found in session.execute(wanted)])


def in_tab(actor: Actor, tab: str, me: int = 0) -> ColumnElement[bool]:
    """The calls of a tab, out of all that the actor sees."""
    is_open = col(Call.status).in_(OPEN_CALL)
    return {
        "unassigned": and_(is_open, col(Call.assigned_to_id).is_(None)),
        "mine": and_(is_open, _belongs_to(actor, me)),
        "open": is_open,
        "overdue": and_(is_open, col(Call.due_at) < now()),
    }.get(tab, true())


def _belongs_to(actor: Actor, me: int) -> ColumnElement[bool]:
    """What is one's own: what one visits, and in the office also what one has logged."""
    given = col(Call.assigned_to_id) == me
    return given if actor.scope.own_id is not None else or_(given, col(Call.created_by_id) == me)


def wanted_calls(actor: Actor, question: CallsQuestion) -> list[ColumnElement[bool]]:
    # Who quotes a number wants that call, in whichever tab it is.
    quoted = col(Call.id) == (quoted_id(question.search, "C") or 0)
    wanted = [calls_seen_by(actor), or_(in_tab(actor, question.tab, question.me), quoted)]
    if question.statuses:
        wanted.append(col(Call.status).in_(question.statuses))
    if question.categories:
        wanted.append(col(Call.category_id).in_(question.categories))
    if question.priorities:
        wanted.append(col(Call.priority).in_([Priority[word.upper()] for word in question.priorities]))
    if question.engineers:
        nobody = col(Call.assigned_to_id).is_(None) if 0 in question.engineers else false()
        wanted.append(or_(nobody, col(Call.assigned_to_id).in_(question.engineers)))
    if question.search:
        texts = [Call.problem, Customer.name, Call.site_address, Customer.address]
        wanted.append(
            found_by(
                question.search,
                letter="C",
                number=col(Call.id),
                phone=col(Customer.phone),
                texts=[col(text) for text in texts],
            )
        )
    return wanted


def _count(session: DeskSession, question: CallsQuestion, wanted: list[ColumnElement[bool]]) -> int:
    counting = select(func.count()).select_from(Call).where(*wanted)
    # Only a search looks at customers; without the join SQLite counts on an index alone.
    return session.exec(counting.join(Customer) if question.search else counting).one()


def _rows(
    session: DeskSession, actor: Actor, question: CallsQuestion, wanted: list[ColumnElement[bool]], page: int
) -> list[Row]:
    listing = (
        rows_of_calls()
        .where(*wanted)
        .order_by(*SORTS[question.sort])
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [call_row(actor, found) for found in session.execute(listing)]
