"""The lists of calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, bindparam, func, or_
from sqlmodel import col

from ..domain.access import Actor, Permission, Scope
from ..domain.calls import Call, CallStatus, Priority
from ..domain.columns import UtcDateTime
from ..domain.customers import Customer
from ..domain.times import now
from ..domain.users import Role
from ..store.database import Database, current
from ..store.scope import calls_within, is_open
from . import params as url
from .answer import KEPT, Answer, answer, look, read_seq, with_seq
from .call_rows import call_row, rows_of_calls
from .conditions import one_of, one_of_or_nobody
from .listing import Key, Listing, Sort
from .pages import read_page
from .search import Sought

TABS = ("unassigned", "mine", "open", "overdue", "all")
SORTS: dict[str, Sort] = {
    "newest": (Key(col(Call.id), descending=True),),
    "oldest": (Key(col(Call.id)),),
    "priority": (Key(col(Call.priority), descending=True), Key(col(Call.id))),
    "due": (Key(col(Call.due_at)), Key(col(Call.id))),
    "customer": (Key(func.lower(Customer.name)), Key(col(Call.id), descending=True)),
    "updated": (Key(col(Call.updated_at), descending=True), Key(col(Call.id), descending=True)),
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
            page=url.page_from_either_end(params),
        )


def list_calls(actor: Actor, question: CallsQuestion) -> Answer:
    """One page of the calls that the actor sees, with {total, page, pages, first, last} of `pages.Page`."""
    actor.require(Permission.SEE_CALLS)
    with current().reading() as session:
        seq = read_seq(session)
        page = read_page(session, listing_of(actor, question), question.page)
        found = page.read(session, rows_of_calls)
        return answer(seq, [call_row(actor, row) for row in found], page.extra)


def read_calls(actor: Actor, ids: Collection[int]) -> Answer:
    """The rows of these calls as every list shows them, of those that the actor sees."""
    actor.require(Permission.SEE_CALLS)
    return look(_rows(actor.scope), lambda found: call_row(actor, found), ids=list(ids))


@lru_cache(KEPT)
def _rows(scope: Scope) -> Select[Any]:
    wanted = col(Call.id).in_(bindparam("ids", expanding=True)), calls_within(scope)
    return with_seq(rows_of_calls().where(*wanted))


def in_tab(scope: Scope, tab: str, me: int = 0) -> list[ColumnElement[bool]]:
    """The calls of a tab, out of all that are seen within the scope; at whichever moment it is asked for."""
    at = bindparam("at", callable_=now, type_=UtcDateTime)
    return {
        "unassigned": [is_open(), col(Call.assigned_to_id).is_(None)],
        "mine": [is_open(), _belongs_to(scope, me)],
        "open": [is_open()],
        "overdue": [is_open(), col(Call.due_at) < at],
    }.get(tab, [])


def listing_of(actor: Actor, question: CallsQuestion) -> Listing:
    """How the rows of the question are found."""
    return _listing(current(), actor.scope, replace(question, page=1))


@lru_cache(KEPT)
def _listing(_: Database, scope: Scope, question: CallsQuestion) -> Listing:
    return Listing(
        kind="call",
        table=Call,
        sort=SORTS[question.sort],
        filters=tuple(_filters(scope, question)),
        tab=tuple(in_tab(scope, question.tab, question.me)),
        is_short=question.tab != "all",
        sought=Sought.of(question.search, "C"),
    )


def _belongs_to(scope: Scope, me: int) -> ColumnElement[bool]:
    """What is one's own: what one visits, and in the office also what one has logged."""
    given = col(Call.assigned_to_id) == me
    return given if scope.own_id is not None else or_(given, col(Call.created_by_id) == me)


def _filters(scope: Scope, question: CallsQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if scope.own_id is None else [calls_within(scope)]
    if question.statuses:
        found.append(one_of(col(Call.status), question.statuses))
    if question.categories:
        found.append(one_of(col(Call.category_id), question.categories))
    if question.priorities:
        ranks = [Priority[word.upper()] for word in question.priorities]
        found.append(one_of(col(Call.priority), ranks))
    if question.engineers:
        found.append(one_of_or_nobody(col(Call.assigned_to_id), question.engineers))
    return found
