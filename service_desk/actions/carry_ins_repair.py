"""The bench and the counter: carry-ins are taken to the bench, completed, handed back or returned to it."""

from __future__ import annotations

from typing import Annotated

from ..domain.access import ROLES, Actor, Permission
from ..domain.carry_ins import Outcome
from ..domain.errors import Invalid
from ..domain.times import now
from ..domain.users import User
from ..store.change import change
from ..store.session import DeskSession
from .carry_ins import carry_in_for
from .drafts import NO_CHOICE, Draft, MaybeId, line, maybe_text, read_draft, text, word
from .rows import relied_on


class BenchDraft(Draft):
    assigned_to_id: MaybeId = None


class CompletionDraft(Draft):
    outcome: Annotated[Outcome, word(Outcome)]
    remark: Annotated[str, text(2000)]


class DeliveryDraft(Draft):
    delivered_to: Annotated[str, line(120)]
    remark: Annotated[str | None, maybe_text(500)] = None


class ReturnDraft(Draft):
    reason: Annotated[str, text(500)]


def take_to_bench(actor: Actor, carry_in_id: int, data: object) -> None:
    """For somebody else, or for oneself when nobody is named."""
    draft = read_draft(BenchDraft, data)
    with change(actor, "take carry-in to the bench") as session:
        carry_in = carry_in_for(session, actor, carry_in_id, "bench")
        carry_in.take_to_bench(_technician(session, draft.assigned_to_id or actor.id))


def complete_carry_in(actor: Actor, carry_in_id: int, data: object) -> None:
    draft = read_draft(CompletionDraft, data)
    with change(actor, "complete carry-in") as session:
        carry_in = carry_in_for(session, actor, carry_in_id, "complete")
        carry_in.complete(actor.id, now(), draft.remark, draft.outcome)


def deliver_carry_in(actor: Actor, carry_in_id: int, data: object) -> None:
    draft = read_draft(DeliveryDraft, data)
    with change(actor, "deliver carry-in") as session:
        carry_in = carry_in_for(session, actor, carry_in_id, "deliver")
        carry_in.deliver(actor.id, now(), draft.delivered_to, draft.remark)


def return_to_bench(actor: Actor, carry_in_id: int, data: object) -> None:
    draft = read_draft(ReturnDraft, data)
    with change(actor, "return carry-in to the bench") as session:
        carry_in_for(session, actor, carry_in_id, "return").return_to_bench(draft.reason)


def _technician(session: DeskSession, user_id: int) -> int:
    user = relied_on(session, User, user_id)
    if user is None or Permission.REPAIR_CARRY_IN not in ROLES[user.role]:
        raise Invalid(NO_CHOICE, {"assigned_to_id": NO_CHOICE})
    if not user.is_active:
        sentence = f"{user.full_name} no longer works here. Choose somebody else."
        raise Invalid(sentence, {"assigned_to_id": sentence})
    return user.key
