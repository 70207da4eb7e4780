"""The questions that can be asked live: how each is read, and which touches concern it.

Whether a touch concerns a question is decided on the safe side: reading once too often is allowed, missing one is not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from ..domain.access import Actor, Scope
from ..domain.journal import Touched
from ..queries.answer import Answer

Question = Hashable


@dataclass(frozen=True, slots=True)
class RowsAlone:
    """`stays` tells whether a touch that concerns the question leaves its order and its extra as they are.

    `read` answers with the rows of these ids, of those that the actor sees.
    """

    stays: Callable[[Touched, Scope, Any], bool]
    read: Callable[[Actor, frozenset[int]], Answer]


@dataclass(frozen=True, slots=True)
class View:
    """`kind` names it in logs; `timed` answers change with the clock alone and are read again by the slow check.

    `by_role` answers hold nothing of anybody's own, so that all of one role share a room.
    With `alone`, rows that merely say something else are read without the rest.
    """

    kind: str
    read: Callable[[Actor, Any], Answer]
    concerns: Callable[[Touched, Scope, Any], bool]
    timed: bool = False
    by_role: bool = False
    alone: RowsAlone | None = None

    def scope_of(self, actor: Actor) -> Scope:
        """What of the asker this view's answers depend on."""
        return Scope(actor.role, None) if self.by_role else actor.scope


_views: dict[type, View] = {}


def answers(question: type, view: View) -> None:
    """Register the view that answers questions of this type."""
    _views[question] = view


def view_of(question: Question) -> View:
    return _views[type(question)]


def renames(touched: Touched) -> bool:
    """Whether names shown on other records' rows may have changed."""
    return touched.entity in ("customer", "user", "category") and bool(
        touched.changed.keys() & {"name", "full_name", "phone", "address", "email", "is_active"}
    )


def changes_rights(touched: Touched) -> bool:
    """Whether somebody may see more or less from now on."""
    return touched.entity == "user" and bool(touched.changed.keys() & {"role", "is_active"})
