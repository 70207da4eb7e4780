"""What the activity is asked for: everybody's, of any kind, on any day, or less."""

from __future__ import annotations

import reflex as rx

from ...domain.access import Permission
from ...queries.activity import ActivityQuestion
from .. import guard, slots
from ..visit import params_of, visit


class ActivityPage(rx.State):
    """The address's question, for the controls that show it."""

    person: str = ""
    kind: str = ""
    day: str = ""

    @guard.handler(Permission.SEE_ACTIVITY)
    async def look(self) -> None:
        """Ask for what the address says."""
        question = ActivityQuestion.from_params(guard.actor(), params_of(self))
        self.person = str(question.person or "")
        self.kind, self.day = question.kind, question.day
        await visit(self, {slots.Feed: question})
