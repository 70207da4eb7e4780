"""A courier without a server, and what a test sees of its webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from service_desk.actions.webhooks import create_webhook
from service_desk.config import settings
from service_desk.domain.access import Actor
from service_desk.domain.times import now
from service_desk.domain.webhooks import WebhookState, new_secret
from service_desk.live.wake import Wake
from service_desk.store.change import housekeeping
from service_desk.web.webhooks import courier
from service_desk.web.webhooks.courier import Courier

from .hub_room import a_hub
from .readings import all_rows
from .receiver import Receiver
from .receiver import until as wait_until


@asynccontextmanager
async def a_courier() -> AsyncIterator[Courier]:
    """What one process does for webhooks."""
    async with a_hub() as (hub, _):
        ours = Courier(Wake(hub), lambda: None)
        running = asyncio.create_task(ours.run())
        try:
            yield ours
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


SECRET = new_secret()
AT_HOME = {"webhook_allow_http": True, "webhook_private_networks": ("127.0.0.0/8",)}


def allow_home(patch: pytest.MonkeyPatch) -> None:
    """Let receivers be on this machine, and speak plain http; what is due is looked for often."""
    chosen = settings().model_copy(update=AT_HOME)
    patch.setattr(courier, "LOOK_SECONDS", 0.05)
    for module in ("actions.webhooks", "web.webhooks.transport"):
        patch.setattr(f"service_desk.{module}.settings", lambda: chosen)


async def until(condition: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(wait_until, condition, what)


def hook(actor: Actor, receiver: Receiver, **fields: str) -> int:
    return create_webhook(actor, {"name": "Warehouse", "url": receiver.url, **fields}, SECRET)


def state(webhook_id: int) -> WebhookState:
    return next(each for each in all_rows(WebhookState) if each.webhook_id == webhook_id)


def due_now(webhook_id: int) -> None:
    """As if the wait before the next attempt were over."""
    with housekeeping() as session:
        found = session.get_one(WebhookState, webhook_id)
        found.next_attempt_at = now() - timedelta(seconds=1) if found.next_attempt_at else None
