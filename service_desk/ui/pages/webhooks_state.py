"""What admins do about webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import webhooks as actions
from ...actions.drafts import read_id
from ...domain.access import Actor, Permission
from ...domain.errors import DeskError
from ...domain.webhooks import new_secret
from ...queries import params as url
from ...queries import webhooks as queries
from .. import browser, guard, slots
from ..edit_state import EditState, read_basis
from ..form_state import FormState, act, carried_out
from ..keys import KEY
from ..step_state import StepState
from ..visit import as_words, params_of, visit

TABS = ("webhooks", "log")
THIS = "This webhook"
NEW = "new-webhook"
SHOWN = "webhook-secret"
"""The dialog in which a secret is seen."""
SHOWN_BEFORE = (
    "This was saved already, and the secret is shown once only. If it was not seen, make a new one."
)


class WebhooksPage(rx.State):
    """The address's question, for the controls that show it."""

    tab: str = TABS[0]
    webhook: str = ""

    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Everybody may open the page: whoever may not manage webhooks is told so by the answer."""
        params = params_of(self)
        question = queries.DeliveriesQuestion.from_params(params)
        self.tab = url.one_of(params, "tab", TABS, TABS[0])
        self.webhook = str(question.webhook_id or "")
        log = {slots.WebhookLog: question} if self.tab == TABS[1] else {}
        await visit(self, {slots.WebhookRows: queries.WebhooksQuestion(), **log})

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def pause(self, webhook_id: int, key: str) -> list[Any]:
        done = "Paused. What happens meanwhile is sent when it is resumed."
        return await act(key, actions.pause_webhook, read_id(webhook_id, THIS), done=done)

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def resume(self, webhook_id: int, key: str) -> list[Any]:
        done = "Resumed, after the last change that was delivered."
        return await act(key, actions.resume_webhook, read_id(webhook_id, THIS), done=done)

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def send_test(self, webhook_id: int, key: str) -> list[Any]:
        done = "A test event is on its way. What came of it stands in the delivery log."
        return await act(key, actions.send_test, read_id(webhook_id, THIS), done=done)


class NewWebhook(FormState, rx.State):
    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        """Add it and show its secret. That is in none of the page's variables, since those are kept."""
        words, secret = as_words(form), new_secret()
        typed = {name: text for name, text in words.items() if name != KEY}
        try:
            made = await carried_out({}, words.get(KEY), actions.create_webhook, typed, secret, said=[typed])
        except DeskError as refusal:
            return self._refuse(f"{NEW}-form", refusal, words.get(KEY))
        self.errors = {}
        return [
            browser.answered(f"{NEW}-form", saved=True, key=words.get(KEY)),
            _reveal(secret, made.repeated),
        ]


class EditWebhook(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {"name": "Name", "url": "Address", "events": "Events"}
    DIALOG: ClassVar[str] = "edit-webhook"

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def choose(self, webhook_id: int) -> list[Any]:
        return await self._open(queries.show_webhook, webhook_id, "name")

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(actions.edit_webhook, form)


class WebhookStep(StepState, rx.State, mixin=True):
    """A step about one webhook, whom its dialog and the toast name."""

    row: dict[str, str] = {"name": ""}

    def _name(self, key: int) -> str:
        return f"“{self.row['name']}”" if self.row["name"] else THIS


class RenewSecret(WebhookStep, rx.State):
    DIALOG: ClassVar[str] = "renew-webhook-secret"

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def choose(self, webhook_id: int) -> list[Any]:
        return await self._open(queries.show_webhook, webhook_id, _nothing_to_fill)

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        """Make a new secret and show it."""
        form_id, words, secret = f"{self.DIALOG}-form", as_words(form), new_secret()
        key = words.get(KEY)
        try:
            webhook = read_basis(words.get("basis", "")).record_id
            made = await carried_out({}, key, actions.renew_secret, webhook, secret, said=[webhook])
        except DeskError as refusal:
            return self._refuse(form_id, refusal, key)
        self.errors = {}
        return [browser.answered(form_id, saved=True, key=key), _reveal(secret, made.repeated)]


class RemoveWebhook(WebhookStep, rx.State):
    DIALOG: ClassVar[str] = "remove-webhook"

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def choose(self, webhook_id: int) -> list[Any]:
        return await self._open(queries.show_webhook, webhook_id, _nothing_to_fill)

    @guard.handler(Permission.MANAGE_WEBHOOKS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._take(_remove, form, "is removed.")


def _reveal(secret: str, repeated: bool) -> Any:
    return browser.complain(SHOWN_BEFORE) if repeated else browser.reveal(SHOWN, secret)


def _nothing_to_fill(_row: object) -> dict[str, str]:
    return {}


def _remove(actor: Actor, webhook_id: int, _form: object) -> None:
    actions.remove_webhook(actor, webhook_id)
