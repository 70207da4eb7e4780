"""What was and is being done for a customer: their calls and carry-ins in one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import OPEN_CALL, Call
from ..domain.carry_ins import IN_SHOP, CarryIn
from ..domain.ids import as_id
from ..store.database import current
from ..store.scope import calls_seen_by, is_customer_of
from ..store.session import DeskSession
from .answer import Answer, Row, answer, iso, one_line, read_seq

MOST_WORK = 100
AT_A_GLANCE = 5


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two things that are done for a customer. `outcome` is its column, where it has one."""

    name: str
    letter: str
    table: type[Call] | type[CarryIn]
    title: Any
    is_open: ColumnElement[bool]
    outcome: tuple[Any, ...] = ()


_CALL = _Kind("call", "C", Call, Call.problem, col(Call.status).in_(OPEN_CALL))
_CARRY_IN = _Kind(
    "carry_in", "S", CarryIn, CarryIn.item, col(CarryIn.status).in_(IN_SHOP), (CarryIn.outcome,)
)


def customer_work(actor: Actor, customer_id: int, exclude: str = "") -> Answer:
    """The newest calls and carry-ins of a customer that the actor sees, without the number `exclude`.

    Without one it is asked for by the customer's own page: there is nothing when that is not the actor's to see.
    `extra` has {calls, carry_ins}, how many there are of each but the excluded one, and {customer_id}.
    """
    actor.require(Permission.SEE_CALLS)
    with current().reading() as session:
        seq = read_seq(session)
        counts, rows = {"customer_id": customer_id}, []
        for kind in (_CALL, _CARRY_IN):
            wanted = _wanted(kind, actor, customer_id, exclude)
            if not exclude:
                wanted.append(is_customer_of(actor, as_id(customer_id)))
            counts[f"{kind.name}s"] = session.exec(
                select(func.count()).select_from(kind.table).where(*wanted)
            ).one()
            rows += _rows(session, kind, wanted, MOST_WORK)
        rows.sort(key=lambda row: str(row["created_at"]), reverse=True)
        return answer(seq, rows[:MOST_WORK], counts, key="number")


def work_at_a_glance(session: DeskSession, actor: Actor, customer_id: int) -> list[Row]:
    """The newest few rows, open ones before others."""
    is_open: list[Row] = []
    is_done: list[Row] = []
    for kind in (_CALL, _CARRY_IN):
        wanted = _wanted(kind, actor, customer_id)
        is_open += _rows(session, kind, [*wanted, kind.is_open], AT_A_GLANCE)
        is_done += _rows(session, kind, [*wanted, ~kind.is_open], AT_A_GLANCE)
    for rows in (is_open, is_done):
        rows.sort(key=lambda row: str(row["created_at"]), reverse=True)
    return (is_open + is_done)[:AT_A_GLANCE]


def _wanted(kind: _Kind, actor: Actor, customer_id: object, exclude: str = "") -> list[ColumnElement[bool]]:
    wanted = [col(kind.table.customer_id) == as_id(customer_id)]
    if kind is _CALL:
        wanted.append(calls_seen_by(actor))
    letter, _, number = exclude.partition("-")
    if letter == kind.letter and as_id(number):
        wanted.append(col(kind.table.id) != as_id(number))
    return wanted


def _rows(session: DeskSession, kind: _Kind, wanted: list[ColumnElement[bool]], most: int) -> list[Row]:
    table: Any = kind.table
    fields: list[Any] = [table.id, kind.title.label("title"), table.status, table.created_at, *kind.outcome]
    newest = columns(*fields).where(*wanted).order_by(table.id.desc()).limit(most)
    return [_row(kind, found) for found in session.execute(newest)]


def _row(kind: _Kind, found: Any) -> Row:
    number = f"{kind.letter}-{found.id}"
    outcome = getattr(found, "outcome", None)
    return {
        "id": number,
        "number": number,
        "kind": kind.name,
        "record_id": found.id,
        "title": one_line(found.title),
        "status": found.status.value,
        "outcome": outcome.value if outcome else None,
        "created_at": iso(found.created_at),
    }
