"""Webhooks, for admins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import webhooks as actions
from ...actions.commands import Outcome
from ...domain.access import Actor
from ...domain.webhooks import new_secret
from ...live.gate import off_loop
from ...queries import webhooks as queries
from ...queries.keyset import slice_before
from .auth import Asker
from .describe import LISTED, MADE, TAKEN, body_of, refusals
from .headers import IdempotencyKey, etag
from .pages import Page, Paging, page_of
from .resource import (
    Body,
    Nothing,
    RecordId,
    Resource,
    Verb,
    add_edit,
    add_read,
    add_verb,
    carried_out,
    nothing_in,
    told,
)
from .shapes import FromRow


class Webhook(FromRow):
    """An address that is told of changes. `may` are the steps that can be taken."""

    id: int
    version: int
    name: str
    url: str
    events: str = Field(description="The names wanted, separated by spaces; all of them when empty.")
    state: str = Field(description="`sending`, `failing`, `paused`, or `off` after too many failures.")
    why: str = Field(description="What the last failed attempt met, or why it was switched off.")
    failures: int = Field(description="Failed attempts in a row.")
    next_attempt_at: str | None
    delivered_at: str | None
    created_at: str
    may: list[str]

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        steps = "pause" if row["is_active"] else "resume"
        return {"may": ["edit", steps, "test", "renew-secret", "remove"]}


class WebhookWithSecret(Webhook):
    secret: str | None = Field(
        None, description="Shown once only: null when the command had been done before. Then make a new one."
    )


class Delivery(FromRow):
    """One attempt to deliver one event."""

    id: int
    webhook_id: int
    seq: int = Field(description="The number of the change; 0 for a test.")
    name: str
    attempt: int
    at: str
    status: int | None
    error: str = Field(description="A sentence; empty when the receiver took it.")
    duration_ms: int
    next_attempt_at: str | None


router = APIRouter(tags=["webhooks"])
WEBHOOKS = Resource("/webhooks", "webhook", "This webhook", Webhook, queries.show_webhook)


@router.get(WEBHOOKS.path, responses=LISTED, operation_id="list_webhooks")
async def list_webhooks(
    asker: Asker, request: Request, response: Response, paging: Annotated[Paging, Query()]
) -> Page[Webhook]:
    """All webhooks, newest first. Never a secret."""
    found = await off_loop(queries.list_webhooks, asker)
    return page_of(slice_before(found, paging.before, paging.limit), Webhook, request, response)


@router.post(
    WEBHOOKS.path,
    status_code=201,
    responses=MADE,
    operation_id="create_webhook",
    openapi_extra={"requestBody": body_of(actions.WebhookDraft)},
)
async def create_webhook(
    asker: Asker, request: Request, body: Body, response: Response, idempotency_key: IdempotencyKey = None
) -> WebhookWithSecret:
    """Tell an address of what happens from now on. The answer has the secret with which events are signed."""
    secret = new_secret()
    said = [WEBHOOKS.path, body]
    done = await carried_out(asker, said, idempotency_key, actions.create_webhook, body, secret)
    response.headers["Location"] = f"{request.url.path}/{done.result}"
    return await _with_secret(asker, done.result, done, secret, response)


@router.post(
    "/webhooks/{record_id}/renew-secret",
    responses=TAKEN,
    operation_id="renew_secret_of_webhook",
    openapi_extra={"requestBody": body_of(Nothing)},
)
async def renew_secret(
    record_id: RecordId, asker: Asker, body: Body, response: Response, idempotency_key: IdempotencyKey = None
) -> WebhookWithSecret:
    """Make a new secret, which the answer has. For a day events are signed with the old one too."""
    nothing_in(body)
    secret = new_secret()
    said = [WEBHOOKS.path, record_id, "renew-secret"]
    done = await carried_out(asker, said, idempotency_key, actions.renew_secret, record_id, secret)
    return await _with_secret(asker, record_id, done, secret, response)


async def _with_secret(
    asker: Actor, webhook_id: int, done: Outcome, secret: str, response: Response
) -> WebhookWithSecret:
    row = await off_loop(WEBHOOKS.find, asker, webhook_id)
    response.headers.update(told(done) | {"ETag": etag(row["version"])})
    return WebhookWithSecret.model_validate({**row, "secret": None if done.repeated else secret})


@router.get(
    "/webhooks/{record_id}/deliveries",
    responses=LISTED | refusals(404),
    operation_id="list_deliveries",
)
async def list_deliveries(
    record_id: RecordId,
    asker: Asker,
    request: Request,
    response: Response,
    paging: Annotated[Paging, Query()],
) -> Page[Delivery]:
    """What was sent to a webhook in the last 30 days, newest first."""
    found = await off_loop(queries.deliveries_before, asker, record_id, paging.before, paging.limit)
    return page_of(found, Delivery, request, response)


add_read(router, WEBHOOKS)
add_edit(router, WEBHOOKS, actions.edit_webhook, actions.EditedWebhook)
for verb in (
    Verb("pause", actions.pause_webhook),
    Verb("resume", actions.resume_webhook),
    Verb("test", actions.send_test),
    Verb("remove", actions.remove_webhook),
):
    add_verb(router, WEBHOOKS, verb)
