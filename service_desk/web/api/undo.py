"""Steps taken back: the last one of a record, or any one by its number in the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from ...actions import undo as actions
from ...domain.access import Actor
from ...domain.errors import Refused, not_found
from ...queries.activity import history

NOTHING = "There is no step here that you can take back."


def last_step(entity: str) -> Callable[[Actor, int], str]:
    """The action that takes back the last step on a record of this kind."""

    @wraps(actions.undo)
    def undo_last(actor: Actor, record_id: int) -> str:
        past = history(actor, entity, record_id)
        if not past.order:
            raise not_found("This record")
        steps = [seq for seq in past.order if past.rows[seq]["may_undo"]]
        if not steps:
            raise Refused(NOTHING)
        return actions.undo(actor, int(steps[-1]))

    return undo_last
