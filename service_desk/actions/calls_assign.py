"""Who visits: calls are given to engineers and taken back."""

from __future__ import annotations

from typing import Annotated

from sqlmodel import select

from ..domain.access import Actor
from ..domain.calls import Call
from ..domain.errors import Conflict
from ..domain.ids import as_id
from ..domain.times import now
from ..store.change import change
from ..store.database import current
from ..store.session import DeskSession
from .calls import active_engineer, call_for
from .drafts import Draft, Id, MaybeId, maybe_text, read_draft
from .rows import name_of


class AssignDraft(Draft):
    """`expected` is the engineer whom the clicker saw, or none. Instructions not sent stay as they are."""

    assigned_to_id: Id
    instructions: Annotated[str | None, maybe_text(1000)] = None
    expected: MaybeId = None


def assign_call(actor: Actor, call_id: int, data: object) -> None:
    """Raises Conflict, with whoever was first, when the call's engineer is no longer the one seen."""
    draft = read_draft(AssignDraft, data)
    seen = _engineer_now(call_id)
    expected = draft.expected if "expected" in draft.model_fields_set else seen
    with change(actor, "reassign call" if seen else "assign call") as session:
        # The engineer before the call, in the order in which a deactivation takes them.
        engineer = active_engineer(session, draft.assigned_to_id)
        call = call_for(session, actor, call_id, "assign")
        instructions = draft.instructions if "instructions" in draft.model_fields_set else call.instructions
        is_so_already = (call.assigned_to_id, call.instructions) == (engineer.key, instructions)
        if not is_so_already and not expected == seen == call.assigned_to_id:
            raise _somebody_was_first(session, call)
        call.assign(engineer.key, actor.id, now(), instructions)


def unassign_call(actor: Actor, call_id: int) -> None:
    with change(actor, "unassign call") as session:
        call_for(session, actor, call_id, "unassign").unassign()


def _engineer_now(call_id: object) -> int | None:
    with current().reading() as session:
        return session.exec(select(Call.assigned_to_id).where(Call.id == as_id(call_id))).first()


def _somebody_was_first(session: DeskSession, call: Call) -> Conflict:
    by = name_of(session, call.assigned_by_id)
    to = name_of(session, call.assigned_to_id)
    done = f"assigned to {to} by {by}" if call.assigned_to_id else "taken back from its engineer"
    return Conflict(
        f"{call.number} was just {done.removesuffix('.')}.", {"assigned_to_id": call.assigned_to_id}, by
    )
