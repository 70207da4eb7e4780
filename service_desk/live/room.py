"""A room: the sessions that ask one question with equal rights, and the answer they all see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from ..domain.access import Actor
from ..queries.answer import Answer
from .views import Question, View

Changes = dict[str, Any]
"""What to merge into a browser's copy of a view: `order`, `extra`, `row_<id>` → a row, or None for one that left.

A whole answer also has `asked_in`, which differs from question to question."""


class Whole(dict[str, Any]):
    """A whole answer. It is the same for everybody who comes, so what it was encoded to is kept with it."""

    encoded: str = ""


MARK = "mark"
"""Key of a row's mark: 0 as first seen, then 1 and 2 in turn, so that each change restarts the highlight."""


@dataclass(eq=False)
class Room:
    name: str
    view: View
    reader: Actor
    question: Question
    slot: str
    members: set[str] = field(default_factory=set)
    newcomers: int = 0
    answer: Answer | None = None
    marks: dict[int | str, int] = field(default_factory=dict)
    _whole: Whole | None = None
    stale: bool = False
    unread: bool = False
    """The last attempt to read it failed because the store couldn't answer."""
    news_at: float = 0.0
    refreshing: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_moving(self) -> bool:
        """Whether the answer is being read anew, or somebody is just being let in."""
        return self.stale or self.refreshing is not None or self.lock.locked()

    def whole(self) -> Changes:
        """The answer for a newcomer, made once; not to be changed."""
        if self._whole is None:
            answer = self._answered()
            self._whole = Whole({f"row_{key}": {**row, MARK: 0} for key, row in answer.rows.items()})
            self._whole |= {"order": list(answer.order), "extra": answer.extra, "asked_in": self.name}
        return self._whole

    def replace(self, new: Answer) -> Changes:
        """Take a newer answer and return what differs from the one before; empty when nothing does."""
        old, self.answer, self._whole = self.answer, new, None
        if old is None:
            return self.whole()
        changes: Changes = {f"row_{key}": None for key in old.rows.keys() - new.rows.keys()}
        for key, row in new.rows.items():
            if old.rows.get(key) != row:
                self.marks[key] = 2 if self.marks.get(key) == 1 else 1
                changes[f"row_{key}"] = {**row, MARK: self.marks[key]}
        for key in old.rows.keys() - new.rows.keys():
            self.marks.pop(key, None)
        if old.order != new.order:
            changes["order"] = list(new.order)
        if old.extra != new.extra:
            changes["extra"] = new.extra
        return changes

    def rows_known(self) -> set[str]:
        """The row keys that the members' browsers hold."""
        return {f"row_{key}" for key in self.answer.rows} if self.answer else set()

    def _answered(self) -> Answer:
        if self.answer is None:
            raise RuntimeError(f"room {self.name} has no answer yet")
        return self.answer
