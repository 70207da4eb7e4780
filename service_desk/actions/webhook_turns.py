"""Whose turn it is to send to which webhook, and what came of each attempt.

Any number of processes may ask for turns: a webhook is sent to by the one whose lease stands in its row. A lease that
is not renewed ends by itself, and what its holder still does afterwards is not taken down.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from ..domain.columns import UtcDateTime
from ..domain.journal import Counter
from ..domain.security import Door
from ..domain.times import now
from ..domain.webhooks import TEST_NAME, Webhook, WebhookDelivery, WebhookState, wait_after
from ..store.change import change, housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .doors import note

LEASE = timedelta(seconds=45)
"""Longer than the longest attempt and the longest wait for the store. The clocks of all hosts must agree to within
half of it; where they don't, an event may be sent twice, and none is lost."""
GONE = 410
"""The answer by which a receiver says that it wants no more."""


@dataclass(slots=True)
class Turn:
    """The right to send to one webhook for a while. `seq` is the last change that needn't be looked at any more."""

    webhook_id: int
    lease: str
    seq: int
    renewed: float = field(default_factory=monotonic)

    def is_ending(self) -> bool:
        """Whether it should be renewed before anything takes long."""
        return monotonic() - self.renewed > LEASE.total_seconds() / 3


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending one event: the receiver's status, if it answered, and a sentence if it was not taken."""

    seq: int
    name: str
    at: datetime
    status: int | None
    error: str
    duration_ms: int


def look() -> tuple[bool, bool]:
    """Whether there is any webhook to send to, and whether `take_turns` would find one; cheap."""
    with current().looking() as session:
        found = session.read(_look()).one()
    return found.has_any, found.is_due


def is_test_wanted(turn: Turn) -> bool:
    """Whether somebody has asked for a test of the webhook."""
    with current().reading() as session:
        state = session.get(WebhookState, turn.webhook_id)
    return state is not None and state.test_wanted_at is not None


def take_turns() -> list[Turn]:
    """Take a lease of every webhook that has something to send and that nobody else is sending to."""
    turns = []
    with housekeeping() as session:
        for state in session.exec(_due().with_for_update(skip_locked=True, of=WebhookState)):
            state.lease, state.leased_until = secrets.token_urlsafe(16), now() + LEASE
            turns.append(Turn(state.webhook_id, state.lease, state.last_seq))
    return turns


def renew(turn: Turn) -> bool:
    """Keep the turn for another while; whether it still was this process's."""
    with housekeeping() as session:
        state = _leased(session, turn)
        if state is not None:
            state.leased_until = now() + LEASE
    turn.renewed = monotonic()
    return state is not None


def give_back(turn: Turn) -> None:
    """End the turn, and keep how far it has got."""
    with housekeeping() as session:
        if state := _leased(session, turn):
            state.last_seq = max(state.last_seq, turn.seq)
            state.lease = state.leased_until = None


def take_down(turn: Turn, attempt: Attempt) -> bool:
    """Write down an attempt, and when the next one is due; whether it still was this process's turn."""
    if attempt.name == TEST_NAME:
        return _take_down_test(turn, attempt)
    if attempt.error:
        return _take_down_failure(turn, attempt)
    with housekeeping() as session:
        state = _leased(session, turn)
        if state is None:
            return False
        _log(session, state, attempt)
        state.last_seq, state.delivered_at, state.leased_until = attempt.seq, attempt.at, now() + LEASE
        state.failures, state.failing_since, state.next_attempt_at, state.last_error = 0, None, None, ""
    turn.seq, turn.renewed = attempt.seq, monotonic()
    return True


def _take_down_test(turn: Turn, attempt: Attempt) -> bool:
    with housekeeping() as session:
        if state := _leased(session, turn):
            state.test_wanted_at = None
            _log(session, state, attempt, number=1)
    return state is not None


def _take_down_failure(turn: Turn, attempt: Attempt) -> bool:
    switched_off = ""
    # A change only when the webhook is switched off by it: until then nothing is news but to its log.
    with change(None, "switch off webhook") as session:
        webhook = session.get_one(Webhook, turn.webhook_id, with_for_update={"key_share": True})
        state = _leased(session, turn)
        if state is None:
            return False
        state.failures += 1
        state.failing_since, state.last_error = state.failing_since or attempt.at, attempt.error
        wait = None if attempt.status == GONE else wait_after(state.failures)
        state.next_attempt_at = now() + wait if wait else None
        _log(session, state, attempt)
        if wait is None and webhook.is_active:
            switched_off = f"{webhook.name}: {_why(state, attempt)}"
            webhook.switch_off(_why(state, attempt))
    if switched_off:
        note(Door.WEBHOOK_SWITCHED_OFF, detail=switched_off)
    return True


def _why(state: WebhookState, attempt: Attempt) -> str:
    if attempt.status == GONE:
        return "The receiver said that it is gone for good (410)."
    hours = (attempt.at - (state.failing_since or attempt.at)).total_seconds() / 3600
    return f"{state.failures} attempts in {hours:.0f} hours failed. The last one: {attempt.error}"


def _log(session: DeskSession, state: WebhookState, attempt: Attempt, number: int | None = None) -> None:
    session.add(
        WebhookDelivery(
            webhook_id=state.webhook_id,
            seq=attempt.seq,
            name=attempt.name,
            attempt=number or max(1, state.failures + (not attempt.error)),
            at=attempt.at,
            status=attempt.status,
            error=attempt.error,
            duration_ms=attempt.duration_ms,
            next_attempt_at=state.next_attempt_at if attempt.error and number is None else None,
        )
    )


def _leased(session: DeskSession, turn: Turn) -> WebhookState | None:
    """The webhook's state while the turn is still this process's, which then nobody else can take."""
    mine = WebhookState.webhook_id == turn.webhook_id, WebhookState.lease == turn.lease
    return session.exec(select(WebhookState).where(*mine).with_for_update(key_share=True)).first()


@cache
def _look() -> Select[Any]:
    # Asked every second.
    kept = select(Webhook.id).where(col(Webhook.removed_at).is_(None))
    return columns(kept.exists().label("has_any"), _due().exists().label("is_due"))


def _due() -> Any:
    """The states of webhooks that nobody sends to, and that have something to send."""
    at = bindparam("at", callable_=now, type_=UtcDateTime)
    free = or_(col(WebhookState.leased_until).is_(None), col(WebhookState.leased_until) < at)
    joined = select(WebhookState).join(Webhook, col(Webhook.id) == col(WebhookState.webhook_id))
    return joined.where(col(Webhook.removed_at).is_(None), free, or_(_tested(), _behind(at)))


def _tested() -> ColumnElement[bool]:
    return col(WebhookState.test_wanted_at).is_not(None)


def _behind(at: Any) -> ColumnElement[bool]:
    journal = select(Counter.value).where(Counter.name == "journal").scalar_subquery()
    waited = or_(col(WebhookState.next_attempt_at).is_(None), col(WebhookState.next_attempt_at) <= at)
    return and_(col(Webhook.is_active), waited, col(WebhookState.last_seq) < journal)
