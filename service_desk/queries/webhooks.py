"""What admins see of webhooks, and what their senders need."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.errors import not_found
from ..domain.ids import as_id
from ..domain.times import now
from ..domain.users import Role
from ..domain.webhooks import EVENT_NAMES, Webhook, WebhookDelivery, WebhookState
from ..store.database import current
from . import params as url
from .answer import Answer, Row, answer, iso, paging, read_seq
from .events import Batch, events_after

LINES_A_PAGE = 25
LOG_LENGTH = 1_000
STATES = ("sending", "failing", "paused", "off")
SENT_AS = Actor(0, Role.ADMIN, "The desk")
"""Webhooks are told what an admin may see."""


@dataclass(frozen=True, slots=True)
class WebhooksQuestion:
    """All webhooks that were not removed."""


@dataclass(frozen=True, slots=True)
class DeliveriesQuestion:
    """The log of one webhook; of all of them when `webhook_id` is 0."""

    webhook_id: int = 0
    page: int = 1

    @classmethod
    def from_params(cls, params: url.Params) -> Self:
        return cls(as_id(params.get("webhook")) or 0, url.page(params))


def list_webhooks(actor: Actor, _question: WebhooksQuestion | None = None) -> Answer:
    """By name, with how far each has got. Never a secret."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = select(Webhook, WebhookState).join(WebhookState).where(col(Webhook.removed_at).is_(None))
        found = session.exec(wanted.order_by(func.lower(Webhook.name), col(Webhook.id))).all()
    return answer(seq, [_row(webhook, state) for webhook, state in found], {"total": len(found)})


@dataclass(frozen=True, slots=True)
class Standing:
    """How many webhooks are in each state, and how many changes the active one furthest behind has before it."""

    by_state: dict[str, int]
    changes_waiting: int


def standing() -> Standing:
    """For the figures, which name no webhook."""
    with current().reading() as session:
        seq = read_seq(session)
        wanted = select(Webhook, WebhookState).join(WebhookState).where(col(Webhook.removed_at).is_(None))
        found = session.exec(wanted).all()
    by_state = Counter(_state(webhook, state) for webhook, state in found)
    waiting = (seq - state.last_seq for webhook, state in found if webhook.is_active)
    return Standing({name: by_state[name] for name in STATES}, max(waiting, default=0))


def show_webhook(actor: Actor, webhook_id: int) -> Answer:
    """One of them, or nothing."""
    found = list_webhooks(actor)
    return answer(found.seq, [found.rows[webhook_id]] if webhook_id in found.rows else [])


def _row(webhook: Webhook, state: WebhookState) -> Row:
    return {
        "id": webhook.key,
        "version": webhook.version,
        "name": webhook.name,
        "url": webhook.url,
        "host": urlsplit(webhook.url).netloc,
        "events": webhook.events,
        "event_count": len(webhook.wanted) or len(EVENT_NAMES),
        "is_active": webhook.is_active,
        "state": _state(webhook, state),
        "why": webhook.switched_off_why or state.last_error,
        "failures": state.failures,
        "next_attempt_at": iso(state.next_attempt_at) if webhook.is_active else None,
        "delivered_at": iso(state.delivered_at),
        "created_at": iso(webhook.created_at),
    }


def _state(webhook: Webhook, state: WebhookState) -> str:
    if webhook.is_active:
        return "failing" if state.failures else "sending"
    return "off" if webhook.switched_off_at else "paused"


def list_deliveries(actor: Actor, question: DeliveriesQuestion) -> Answer:
    """One page of what was sent, newest first, with {total, page, pages, first, last} up to LOG_LENGTH."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    wanted = select(WebhookDelivery, Webhook.name).join(Webhook)
    if question.webhook_id:
        wanted = wanted.where(WebhookDelivery.webhook_id == question.webhook_id)
    with current().reading() as session:
        seq = read_seq(session)
        counted = wanted.with_only_columns(col(WebhookDelivery.id)).limit(LOG_LENGTH).subquery()
        total = session.exec(select(func.count()).select_from(counted)).one()
        pages = paging(total, question.page, LINES_A_PAGE)
        newest = wanted.order_by(col(WebhookDelivery.id).desc())
        found = session.exec(newest.limit(LINES_A_PAGE).offset((pages["page"] - 1) * LINES_A_PAGE)).all()
    return answer(seq, [_line(line, name) for line, name in found], pages)


def deliveries_before(actor: Actor, webhook_id: int, before: int | None, limit: int) -> Answer:
    """The log of one webhook before a line's id, newest first, with {next}: what the next page is before.

    Raises:
        NotFound: there is no such webhook.
    """
    actor.require(Permission.MANAGE_WEBHOOKS)
    wanted = (
        select(WebhookDelivery, Webhook.name).join(Webhook).where(WebhookDelivery.webhook_id == webhook_id)
    )
    if before is not None:
        wanted = wanted.where(col(WebhookDelivery.id) < before)
    with current().reading() as session:
        seq = read_seq(session)
        if session.get(Webhook, webhook_id) is None:
            raise not_found("This webhook")
        found = session.exec(wanted.order_by(col(WebhookDelivery.id).desc()).limit(limit + 1)).all()
    rows = [_line(line, name) for line, name in found[:limit]]
    return answer(seq, rows, {"next": rows[-1]["id"] if len(found) > limit else None})


def _line(line: WebhookDelivery, webhook: str) -> Row:
    return {
        "id": line.id,
        "webhook_id": line.webhook_id,
        "webhook": webhook,
        "seq": line.seq,
        "name": line.name,
        "attempt": line.attempt,
        "at": iso(line.at),
        "status": line.status,
        "error": line.error,
        "duration_ms": line.duration_ms,
        "next_attempt_at": iso(line.next_attempt_at),
    }


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent to a webhook next, where to, and what it is signed with. A test event goes before `batch`."""

    url: str
    secrets: tuple[str, ...]
    test: bool
    batch: Batch


def next_parcel(webhook_id: int, lease: str, after: int, most: int) -> Parcel | None:
    """What comes after a change, as long as the lease is valid; None when there is nothing to be done any more."""
    with current().reading() as session:
        webhook, state = session.get(Webhook, webhook_id), session.get(WebhookState, webhook_id)
    if webhook is None or state is None or webhook.removed_at or state.lease != lease:
        return None
    waits = state.next_attempt_at is not None and state.next_attempt_at > now()
    test = state.test_wanted_at is not None
    if not test and (waits or not webhook.is_active):
        return None
    batch = events_after(SENT_AS, after, most)
    if webhook.wanted:
        chosen = tuple(event for event in batch.events if event["name"] in webhook.wanted)
        batch = Batch(chosen, batch.upto, batch.last)
    return Parcel(webhook.url, tuple(webhook.secrets()), test, batch)
