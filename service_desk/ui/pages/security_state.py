"""What the Security page asks for, and the sign-ins that it ends."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import sessions
from ...actions.drafts import read_id
from ...domain.access import Actor, Permission
from ...live.questions import AllSignIns, AllTokens
from ...live.views import Question
from ...queries import params as url
from ...queries.security import DoorsQuestion
from .. import guard, slots
from ..form_state import end_sign_ins
from ..visit import params_of, visit

TABS = ("sign-ins", "doors", "tokens")


class SecurityPage(rx.State):
    """The address's question, for the controls that show it."""

    tab: str = TABS[0]
    group: str = ""
    person: str = ""
    day: str = ""

    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Everybody may open the page: whoever may not see what is on it is told so by the answer."""
        params = params_of(self)
        question = DoorsQuestion.from_params(params)
        self.tab = url.one_of(params, "tab", TABS, TABS[0])
        self.group, self.day = question.group, question.day
        self.person = str(question.person or "")
        # The page in the address is that of the tab which is open.
        here = AllSignIns(guard.actor().session_id, question.page if self.tab == TABS[0] else 1)
        beside: dict[str, dict[type[rx.State], Question]] = {
            TABS[1]: {slots.DoorLines: question},
            TABS[2]: {slots.AllTokens: AllTokens(question.page)},
        }
        await visit(self, {slots.AllSignIns: here, **beside.get(self.tab, {})})

    @guard.handler(Permission.SEE_SECURITY)
    async def sign_out(self, session_id: int, key: str) -> list[Any]:
        """End one sign-in."""
        return await end_sign_ins(key, _end_one, session_id, done="This sign-in has ended.")

    @guard.handler(Permission.SEE_SECURITY)
    async def sign_out_everywhere(self, user_id: int, key: str) -> list[Any]:
        """End every sign-in of somebody, but never the one that this is done from."""
        return await end_sign_ins(key, _end_all_of, user_id, done=_so_many_ended)


def _so_many_ended(count: int) -> str:
    return f"{count} sign-in{' has' if count == 1 else 's have'} ended."


def _end_one(actor: Actor, session_id: object) -> None:
    sessions.revoke_session(actor, read_id(session_id, "This sign-in"))


def _end_all_of(actor: Actor, user_id: object) -> int:
    return sessions.revoke_sessions_of(actor, read_id(user_id, "This user"))
