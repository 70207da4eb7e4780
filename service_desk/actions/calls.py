"""How calls are logged and put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from ..domain.access import Actor, Permission
from ..domain.calls import Call, Priority, may_call, may_step
from ..domain.categories import CategoryKind
from ..domain.errors import Forbidden, Invalid, not_found
from ..domain.ids import as_id
from ..domain.times import now
from ..domain.users import User
from ..store.change import change
from ..store.session import DeskSession
from .customers import FromCustomer, found_or_added
from .drafts import NO_CHOICE, Draft, Id, MaybeId, MaybeMoment, maybe_text, read_draft, text, word
from .edits import read_edit
from .rows import check_category, held, relied_on


class CallDraft(FromCustomer):
    """`address` is where the visit goes. The last two fields are for those who dispatch."""

    problem: Annotated[str, text(2000)]
    category_id: Id
    priority: Annotated[Priority, word(Priority)] = Priority.NORMAL
    due_at: MaybeMoment = None
    assigned_to_id: MaybeId = None
    instructions: Annotated[str | None, maybe_text(1000)] = None


class CallEdit(Draft):
    problem: Annotated[str, text(2000)] = ""
    site_address: Annotated[str | None, maybe_text(300)] = None
    category_id: Id = 0
    priority: Annotated[Priority, word(Priority)] = Priority.NORMAL
    due_at: MaybeMoment = None


def create_call(actor: Actor, data: object) -> int:
    """Answers the new call's id."""
    actor.require(Permission.CREATE_CALL)
    draft = read_draft(CallDraft, data)
    if draft.assigned_to_id or draft.instructions:
        actor.require(Permission.DISPATCH_CALLS)
    with change(actor, "create call") as session:
        engineer = active_engineer(session, draft.assigned_to_id) if draft.assigned_to_id else None
        check_category(session, CategoryKind.CALL, draft.category_id)
        call = Call(
            customer_id=found_or_added(session, actor, draft).key,
            site_address=draft.address,
            problem=draft.problem,
            category_id=draft.category_id,
            priority=draft.priority,
            due_at=draft.due_at,
            instructions=draft.instructions,
        )
        if engineer:
            call.assign(engineer.key, actor.id, now(), draft.instructions)
        session.add(call)
        session.flush()
        return session.answer(call.key)


def edit_call(
    actor: Actor, call_id: int, *, version: int, was: Mapping[str, object], changes: Mapping[str, object]
) -> None:
    edit = read_edit(CallEdit, version, was, changes)
    with change(actor, "edit call") as session:
        call = call_for(session, actor, call_id, "edit")
        call.check("edit")
        if edit.new.get("category_id", call.category_id) != call.category_id:
            check_category(session, CategoryKind.CALL, edit.new["category_id"])
        edit.apply_to(session, call)


def call_for(session: DeskSession, actor: Actor, call_id: object, step: str) -> Call:
    """The call on which the actor wants to take a step, held for the change.

    Raises:
        NotFound: there is none, or the actor may not see it.
        Forbidden: the actor may see it but never take this step.
    """
    call = held(session, Call, call_id)
    if call is None or not may_call(actor, "see", call.status, call.assigned_to_id, call.created_by_id):
        raise no_call(call_id)
    if not may_step(actor, step, call.assigned_to_id):
        actor.require(
            Permission.WORK_OWN_CALL if step in ("start", "complete") else Permission.DISPATCH_CALLS
        )
        raise Forbidden(f"You may not {Permission.WORK_ANY_CALL.value}.")
    return call


def no_call(call_id: object) -> Exception:
    number = as_id(call_id)
    return not_found(f"Call C-{number}" if number else "This call")


def active_engineer(session: DeskSession, user_id: int) -> User:
    """The engineer, who stays one until the change is over.

    Raises:
        Invalid: it is nobody, a former colleague or somebody who doesn't visit customers.
    """
    user = relied_on(session, User, user_id)
    if user is None:
        raise Invalid(NO_CHOICE, {"assigned_to_id": NO_CHOICE})
    if not user.is_engineer():
        why = "is not an engineer" if user.is_active else "no longer works here"
        sentence = f"{user.full_name} {why}. Choose somebody else."
        raise Invalid(sentence, {"assigned_to_id": sentence})
    return user
