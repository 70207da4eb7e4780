"""The visit and its end: calls are started, completed, cancelled and reopened."""

from __future__ import annotations

from typing import Annotated

from ..domain.access import Actor
from ..domain.times import now
from ..domain.users import User
from ..store.change import change
from .calls import call_for
from .drafts import Draft, read_draft, text
from .rows import relied_on


class RemarkDraft(Draft):
    remark: Annotated[str, text(2000)]


class ReasonDraft(Draft):
    reason: Annotated[str, text(500)]


def start_call(actor: Actor, call_id: int) -> None:
    with change(actor, "start call") as session:
        call_for(session, actor, call_id, "start").start(now())


def complete_call(actor: Actor, call_id: int, data: object) -> None:
    draft = read_draft(RemarkDraft, data)
    with change(actor, "complete call") as session:
        call_for(session, actor, call_id, "complete").complete(actor.id, now(), draft.remark)


def cancel_call(actor: Actor, call_id: int, data: object) -> None:
    draft = read_draft(ReasonDraft, data)
    with change(actor, "cancel call") as session:
        call_for(session, actor, call_id, "cancel").cancel(actor.id, now(), draft.reason)


def reopen_call(actor: Actor, call_id: int, data: object) -> None:
    """Goes back to its engineer when they are still one, else to everybody."""
    draft = read_draft(ReasonDraft, data)
    with change(actor, "reopen call") as session:
        call = call_for(session, actor, call_id, "reopen")
        engineer = relied_on(session, User, call.assigned_to_id) if call.assigned_to_id else None
        call.reopen(engineer is not None and engineer.is_engineer(), draft.reason)
