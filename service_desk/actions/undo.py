"""Steps taken back: a record is again as it was before, unless somebody has changed it since."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.categories import Category
from ..domain.errors import Forbidden, Refused, not_found
from ..domain.ids import as_id
from ..domain.journal import JournalEntry, Touch
from ..domain.record import Record
from ..domain.times import now
from ..domain.undo import (
    ENTITY,
    SLIP,
    Right,
    Taken,
    check_engineer,
    last_standing,
    needed,
    put_back,
    right_to_undo,
    title_of,
    where_it_is,
)
from ..domain.users import User
from ..store.change import change
from ..store.database import current
from ..store.past import steps_since, taken
from ..store.scope import touches_seen_by
from ..store.session import DeskSession
from .rows import held, name_of, relied_on
from .sessions import note_ended
from .users import let_go, with_other_admins

MISSING = "This change"

R = TypeVar("R", bound=Record)
TakesBack = Callable[[DeskSession, Actor, Touch, Taken], str]


def undo(actor: Actor, seq: int) -> str:
    """Take back the step that the journal has under this number; answers the sentence about what holds again.

    Raises:
        NotFound: there is none that can be taken back, or the actor may not see it.
        Forbidden: the actor may see it but may not take it back.
        Refused: it is too late: somebody changed the record since, or its engineer is one no more.
    """
    actor.require(Permission.SIGNED_IN)
    touch, step = _step(as_id(seq))
    ended: list[int] = []
    ways: dict[str, TakesBack] = {"call": _call, "carry_in": _carry_in, "category": _category}
    take_back = ways.get(touch.entity, partial(_user, ended))
    with change(actor, step.undo_verb) as session:
        answer = session.answer(f"Undone. {take_back(session, actor, touch, step)}")
    note_ended(tuple(ended), touch.row_id, f"by {actor.name}, who deactivated them")
    return answer


def _step(seq: int | None) -> tuple[Touch, Taken]:
    # Read before the change, whose verb it names; the journal never changes.
    with current().reading() as session:
        entry = session.get(JournalEntry, seq) if seq else None
        wanted = select(Touch).where(
            Touch.seq == seq, Touch.entity == ENTITY.get(entry.verb if entry else "")
        )
        touch = session.exec(wanted).first()
        if entry is None or touch is None:
            raise not_found(MISSING)
        return touch, taken(entry, touch)


def _call(session: DeskSession, actor: Actor, touch: Touch, step: Taken) -> str:
    # The engineer before the call, in the order in which a deactivation takes them.
    assigned = session.exec(select(Call.assigned_to_id).where(Call.id == touch.row_id)).first()
    engineer_id = step.changed["assigned_to_id"][0] if "assigned_to_id" in step.changed else assigned
    engineer = relied_on(session, User, engineer_id) if engineer_id else None
    call = _checked(session, actor, touch, step, held(session, Call, touch.row_id))
    put_back(call, step.changed)
    check_engineer(call, engineer)
    return where_it_is(call, name_of(session, call.assigned_to_id))


def _carry_in(session: DeskSession, actor: Actor, touch: Touch, step: Taken) -> str:
    carry_in = _checked(session, actor, touch, step, held(session, CarryIn, touch.row_id))
    put_back(carry_in, step.changed)
    return where_it_is(carry_in)


def _category(session: DeskSession, actor: Actor, touch: Touch, step: Taken) -> str:
    category = _checked(session, actor, touch, step, held(session, Category, touch.row_id))
    put_back(category, step.changed)
    return where_it_is(category)


def _user(ended: list[int], session: DeskSession, actor: Actor, touch: Touch, step: Taken) -> str:
    """What lets somebody in again gives their calls back; what lets them go is a deactivation like any other.

    `ended` takes the ids of the sign-ins that end.
    """
    user, admins = with_other_admins(session, touch.row_id)
    _checked(session, actor, touch, step, user)
    if user.is_active:
        ended += let_go(session, actor, user, admins)
        return where_it_is(user)
    put_back(user, step.changed)
    count = _give_back(session, user, step.seq) if user.is_engineer() else 0
    calls = f" {count} call{' is' if count == 1 else 's are'} theirs again." if count else ""
    return f"{where_it_is(user)}{calls} Where they were signed in, they have to sign in anew."


def _give_back(session: DeskSession, user: User, seq: int) -> int:
    """Give an engineer those calls back that their deactivation returned and nobody has dealt with since."""
    returned = (
        select(Touch.row_id).where(Touch.seq == seq, Touch.entity == "call").order_by(col(Touch.row_id))
    )
    ids = session.exec(returned).all()
    calls = session.exec(
        select(Call).where(col(Call.id).in_(ids)).order_by(col(Call.id)).with_for_update()
    ).all()
    pasts = steps_since(session, "call", ids, seq)
    count = 0
    for call in calls:
        step = last_standing(call, pasts[call.key])
        if step and step.seq == seq:
            put_back(call, step.changed)
            check_engineer(call, user)
            count += 1
    return count


def _checked(session: DeskSession, actor: Actor, touch: Touch, step: Taken, row: R | None) -> R:
    """The row, when the actor may see it, may take this step on it back, and it still stands as the step left it."""
    seen = select(Touch.id).where(Touch.id == touch.id, touches_seen_by(actor))
    if row is None or session.exec(seen).first() is None:
        raise not_found(MISSING)
    right = right_to_undo(actor, step, row)
    if right == Right.NEVER:
        raise Forbidden(f"You may not {needed(step.verb, row).value}.")
    past = steps_since(session, touch.entity, [row.key], step.seq)[row.key]
    standing = last_standing(row, past)
    if standing is None or standing.seq != step.seq:
        raise _too_late(session, row, step, past, standing)
    if right == Right.FOR_A_WHILE and now() > step.at + SLIP:
        minutes = SLIP.seconds // 60
        raise Refused(
            f"A completion of your own can be undone for {minutes} minutes. Ask who dispatches to reopen it."
        )
    return row


def _too_late(
    session: DeskSession, row: Record, step: Taken, past: list[Taken], standing: Taken | None
) -> Refused:
    newer = (each for each in past if each.seq > step.seq)
    since = next(
        (each for each in newer if each is standing or each.changed.keys() & step.changed.keys()), step
    )
    who = name_of(session, since.by) or "the desk"
    if since.verb == step.undo_verb:
        return Refused(f"This was undone already, by {who}.".replace("..", "."))
    return Refused(f"{title_of(row)} was changed by {who} since; this can't be undone any more.")
