"""One's own access tokens: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...actions import api_tokens as actions
from ...actions.drafts import read_id
from ...domain.access import Actor, Permission
from ...domain.api_tokens import new_token
from ...domain.errors import DeskError
from .. import browser, guard
from ..form_state import FormState, carried_out, end_sign_ins
from ..keys import KEY
from ..visit import as_words

FORM_ID = "new-token-form"
SHOWN_BEFORE = (
    "This token was made already, and is shown once only. If it was not seen, revoke it and make another."
)


class NewToken(FormState, rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        """Make a token and show it. It is in none of the page's variables, since those are kept."""
        words, token = as_words(form), new_token()
        typed = {name: text for name, text in words.items() if name != KEY}
        try:
            made = await carried_out(typed, words.get(KEY), actions.create_token, typed, token, said=[typed])
        except DeskError as refusal:
            return self._refuse(FORM_ID, refusal, words.get(KEY))
        self.errors = {}
        shown = browser.complain(SHOWN_BEFORE) if made.repeated else browser.reveal("made-token", token)
        return [browser.answered(FORM_ID, saved=True, key=words.get(KEY)), shown]


class OwnToken(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def revoke(self, token_id: int, key: str) -> list[Any]:
        """Everybody may revoke their own; the action knows whose it is."""
        return await end_sign_ins(key, _revoke, token_id, done="This access token is revoked.")


def _revoke(actor: Actor, token_id: object) -> None:
    actions.revoke_token(actor, read_id(token_id, "This access token"))
