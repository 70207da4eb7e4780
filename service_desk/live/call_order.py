"""What decides which calls a list holds and in which order: a change of anything else is read row by row."""

from __future__ import annotations

from ..domain.access import Scope
from ..domain.calls import OPEN_CALL
from ..domain.journal import Touched
from ..queries.calls import CallsQuestion

_TABS: dict[str, set[str]] = {
    "all": set(),
    "open": set(),
    "unassigned": {"assigned_to_id"},
    "mine": {"assigned_to_id", "created_by_id"},
    "overdue": {"due_at"},
}
_SORTS: dict[str, set[str]] = {
    "newest": set(),
    "oldest": set(),
    "customer": set(),
    "priority": {"priority"},
    "due": {"due_at"},
}
NEW = "customer_id"
"""Set when a call is logged and hardly ever after."""


def stays_in_place(touched: Touched, scope: Scope, question: CallsQuestion) -> bool:
    """Whether the list holds the same calls in the same order as before, so that only the row says something else."""
    changed = touched.changed.keys()
    # Words are searched in, and the time of the last change is in no touch.
    if touched.entity != "call" or NEW in changed or question.search or question.sort not in _SORTS:
        return False
    decisive = _TABS.get(question.tab, changed) | _SORTS[question.sort]
    filters = {
        "status": question.statuses,
        "category_id": question.categories,
        "assigned_to_id": question.engineers,
        "priority": question.priorities,
    }
    decisive |= {name for name, wanted in filters.items() if wanted}
    if scope.own_id is not None:
        decisive |= {"assigned_to_id", "created_by_id"}
    return not changed & decisive and (question.tab == "all" or not _opens_or_closes(touched))


def _opens_or_closes(touched: Touched) -> bool:
    return len({status in OPEN_CALL for status in touched.ever("status")}) > 1
