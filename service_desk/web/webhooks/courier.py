"""Carries every change to every webhook, in order, one sender for each, so that nobody waits for a slow receiver."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from ... import figures
from ...actions import webhook_turns as turns
from ...domain.errors import Busy, DeskError
from ...domain.times import now
from ...domain.webhooks import TEST_NAME
from ...live.gate import off_loop
from ...live.wake import Wake
from ...log import get_logger
from ...queries.answer import iso
from ...queries.webhooks import Parcel, next_parcel
from .sender import send
from .transport import new_client

log = get_logger(__name__)

LOOK_SECONDS = 1.0
"""How often retries are looked for, and what another process has left."""
STAY_SECONDS = 20.0
"""How long a sender keeps its turn when there is nothing to send: a shorter one costs a write for every change."""
TEST_SECONDS = 2.0
"""How often it looks meanwhile whether a test is wanted."""
AT_ONCE = 50
"""Changes that are read in one go."""


class Courier:
    """`tell` is told that logs have new lines. Belongs to the event loop's thread."""

    def __init__(
        self, wake: Wake, tell: Callable[[], None], client: Callable[[], httpx.AsyncClient] = new_client
    ) -> None:
        self.wake = wake
        self.tell = tell
        self.new_client = client
        self._has_webhooks = False
        self._senders: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Hand out turns until cancelled. What was on its way then is sent again by whoever is next."""
        async with self.new_client() as client:
            try:
                while True:
                    ticket = self.wake.ticket()
                    try:
                        await self._hand_out(client)
                    except Busy as fault:
                        log.info("webhooks wait", told=fault.sentence)
                    except Exception:
                        # Tried again in a second: whatever it was, the other changes must go out.
                        log.exception("webhooks wait")
                    await self._rest(ticket)
            finally:
                await self._call_back()

    async def _hand_out(self, client: httpx.AsyncClient) -> None:
        self._has_webhooks, is_due = await off_loop(turns.look)
        if not is_due:
            return
        for turn in await off_loop(turns.take_turns):
            task = asyncio.create_task(self._serve(client, turn))
            self._senders.add(task)
            task.add_done_callback(self._senders.discard)

    async def _rest(self, ticket: asyncio.Event) -> None:
        if self._has_webhooks:
            await self.wake.wait(ticket, LOOK_SECONDS)
        else:
            # No change is looked into for nobody; the first webhook is noticed at the next look.
            await asyncio.sleep(LOOK_SECONDS)

    async def _call_back(self) -> None:
        for task in self._senders:
            task.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)

    async def _serve(self, client: httpx.AsyncClient, turn: turns.Turn) -> None:
        try:
            while await self._round(client, turn):
                pass
        except DeskError as fault:
            level = log.info if isinstance(fault, Busy) else log.error
            level("a webhook waits", webhook=turn.webhook_id, told=fault.sentence)
        except Exception:
            log.exception("a webhook’s sender failed", webhook=turn.webhook_id)
        finally:
            # What can't be given back now ends by itself.
            with contextlib.suppress(DeskError):
                await off_loop(turns.give_back, turn)

    async def _round(self, client: httpx.AsyncClient, turn: turns.Turn) -> bool:
        """Send what there is, then wait for more; whether to go on."""
        if not await self._keep(turn):
            return False
        ticket = self.wake.ticket()
        parcel = await off_loop(next_parcel, turn.webhook_id, turn.lease, turn.seq, AT_ONCE)
        if parcel is None:
            return False
        if parcel.test:
            return await self._deliver(client, turn, parcel, _test_event(), f"test_{secrets.token_hex(12)}")
        for event in parcel.batch.events:
            if not await self._deliver(client, turn, parcel, event, _message_id(event)):
                return False
            if not ticket.is_set():
                continue
            # Something has changed: perhaps the webhook itself.
            return True
        turn.seq = max(turn.seq, parcel.batch.upto)
        return parcel.batch.upto < parcel.batch.last or await self._more_comes(turn, ticket)

    async def _more_comes(self, turn: turns.Turn, ticket: asyncio.Event) -> bool:
        """Wait for news, and for a test that somebody wants at another process, which is no news."""
        until = time.monotonic() + STAY_SECONDS
        while time.monotonic() < until:
            if await self.wake.wait(ticket, TEST_SECONDS):
                return True
            if await off_loop(turns.is_test_wanted, turn):
                return True
        return False

    async def _deliver(
        self,
        client: httpx.AsyncClient,
        turn: turns.Turn,
        parcel: Parcel,
        event: dict[str, Any],
        message_id: str,
    ) -> bool:
        """Whether the receiver took it, and this is still the process to go on."""
        if not await self._keep(turn):
            return False
        attempt = await send(client, parcel, event, message_id)
        ours = await off_loop(turns.take_down, turn, attempt)
        self.tell()
        _count(event, attempt)
        return ours and (not attempt.error or event["name"] == TEST_NAME)

    async def _keep(self, turn: turns.Turn) -> bool:
        return not turn.is_ending() or await off_loop(turns.renew, turn)


def _count(event: dict[str, Any], attempt: turns.Attempt) -> None:
    if attempt.error:
        figures.WEBHOOK_DELIVERIES.add("not reached" if attempt.status is None else "refused")
        return
    figures.WEBHOOK_DELIVERIES.add("taken")
    if event["name"] != TEST_NAME:
        waited = attempt.at - datetime.fromisoformat(event["at"])
        figures.WEBHOOK_LAG_SECONDS.add(max(0.0, waited.total_seconds()))


def _test_event() -> dict[str, Any]:
    return {
        "seq": 0,
        "name": TEST_NAME,
        "at": iso(now()),
        "actor": None,
        "verb": None,
        "entity": None,
        "id": None,
        "number": None,
        "changed": {},
        "others": [],
    }


def _message_id(event: dict[str, Any]) -> str:
    """The same at each attempt. With the moment in it, since a desk restored from a backup counts anew."""
    return f"evt_{event['seq']}_{datetime.fromisoformat(event['at']).timestamp() * 1000:.0f}"
