"""What admins do about webhooks: add, change, pause, go on, try out, renew the secret, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator
from sqlmodel import col, func, select

from ..config import settings
from ..domain.access import Actor, Permission
from ..domain.addresses import LONGEST, check_url, networks_of
from ..domain.errors import Refused, not_found
from ..domain.journal import Counter
from ..domain.security import Door
from ..domain.times import now
from ..domain.webhooks import EVENT_NAMES, Webhook, WebhookState
from ..store.change import change
from ..store.session import DeskSession
from .doors import note
from .drafts import Draft, line, read_draft
from .edits import read_edit
from .rows import held, take_turn

MOST = 20
"""Webhooks at a time: each has a sender of its own."""

_listeners: list[Callable[[], None]] = []


def on_test_wanted(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` when a test is to be sent, in the asking thread; returns what stops it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def _url(value: object) -> str:
    typed = value.strip() if isinstance(value, str) else ""
    if len(typed) > LONGEST:
        raise ValueError(f"At most {LONGEST} characters.")
    chosen = settings()
    networks = networks_of(chosen.webhook_private_networks)
    return check_url(typed, allow_http=chosen.webhook_allow_http, networks=networks)


def _events(value: object) -> str:
    """The names, separated by spaces, commas or lines, in their usual order; all of them are kept as none."""
    if not isinstance(value, str | None):
        raise ValueError("Write the names as text.")
    named = set((value or "").replace(",", " ").split())
    for name in sorted(named - set(EVENT_NAMES)):
        raise ValueError(f"There is no event “{name[:40]}”.")
    return " ".join(name for name in EVENT_NAMES if name in named) if named != set(EVENT_NAMES) else ""


class WebhookDraft(Draft):
    name: Annotated[str, line(60)]
    url: Annotated[str, BeforeValidator(_url)]
    events: Annotated[str, BeforeValidator(_events)] = ""


class EditedWebhook(Draft):
    name: Annotated[str, line(60)] = ""
    url: Annotated[str, BeforeValidator(_url)] = ""
    events: Annotated[str, BeforeValidator(_events)] = ""


def create_webhook(actor: Actor, data: object, secret: str) -> int:
    """Tell an address of everything that happens from now on; returns the webhook's id.

    `secret` is a `new_secret()`, which whoever asks shows once.
    """
    actor.require(Permission.MANAGE_WEBHOOKS)
    draft = read_draft(WebhookDraft, data)
    with change(actor, "create webhook") as session:
        # Nobody else commits between the reading of the number and this commit: no change falls between.
        take_turn(session)
        _refuse_beyond(session)
        webhook = Webhook(name=draft.name, url=draft.url, events=draft.events, secret=secret)
        session.add(webhook)
        session.flush()
        here = session.exec(select(Counter.value).where(Counter.name == "journal")).one()
        # One more than the journal has now: its own making is not told.
        session.add(WebhookState(webhook_id=webhook.key, last_seq=here + 1))
        session.answer(webhook.key)
    note(Door.WEBHOOK_ADDED, actor.id, detail=draft.name)
    return webhook.key


def edit_webhook(actor: Actor, webhook_id: int, *, version: int, was: object, changes: object) -> None:
    """Change the name, the address or the events wanted. What has failed so far is tried again at once."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    edit = read_edit(EditedWebhook, version, was, changes)
    with change(actor, "edit webhook") as session:
        webhook = _held(session, webhook_id)
        edit.apply_to(session, webhook)
        if "url" in edit.new:
            _start_anew(session, webhook)
    if "url" in edit.new:
        note(Door.WEBHOOK_CHANGED, actor.id, detail=f"{webhook.name}: another address")


def pause_webhook(actor: Actor, webhook_id: int) -> None:
    """Send nothing until somebody resumes it; what happens meanwhile is sent then."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    with change(actor, "pause webhook") as session:
        _held(session, webhook_id).pause()


def resume_webhook(actor: Actor, webhook_id: int) -> None:
    """Go on after the last change that was delivered."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    with change(actor, "resume webhook") as session:
        webhook = _held(session, webhook_id)
        webhook.resume()
        _start_anew(session, webhook)


def renew_secret(actor: Actor, webhook_id: int, secret: str) -> None:
    """Sign with a `new_secret()` from now on, and for a day with the old one too."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    with change(actor, "renew secret of webhook") as session:
        webhook = _held(session, webhook_id)
        webhook.change_secret(secret)
    note(Door.WEBHOOK_CHANGED, actor.id, detail=f"{webhook.name}: a new secret")


def remove_webhook(actor: Actor, webhook_id: int) -> None:
    """Send nothing any more, and forget the secrets and the address. Its log stays until its time."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    with change(actor, "remove webhook") as session:
        webhook = _held(session, webhook_id)
        webhook.is_active, webhook.removed_at = False, now()
        webhook.secret, webhook.old_secret, webhook.url = "", None, ""
    note(Door.WEBHOOK_CHANGED, actor.id, detail=f"{webhook.name}: removed")


def send_test(actor: Actor, webhook_id: int) -> None:
    """Have a test event sent at once, also by a webhook that is paused. It is tried only once."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    # No record changes, so nothing is journaled; the command's key is stored all the same.
    with change(actor, "edit webhook") as session:
        state_of(session, _held(session, webhook_id).key).test_wanted_at = now()
    for listener in tuple(_listeners):
        listener()


def state_of(session: DeskSession, webhook_id: int) -> WebhookState:
    """How far a webhook has got, which nobody else can change before this change is over."""
    return session.exec(
        select(WebhookState).where(WebhookState.webhook_id == webhook_id).with_for_update(key_share=True)
    ).one()


def _held(session: DeskSession, webhook_id: int) -> Webhook:
    webhook = held(session, Webhook, webhook_id)
    if webhook is None or webhook.removed_at:
        raise not_found("This webhook")
    return webhook


def _start_anew(session: DeskSession, webhook: Webhook) -> None:
    state = state_of(session, webhook.key)
    state.failures, state.failing_since, state.next_attempt_at, state.last_error = 0, None, None, ""


def _refuse_beyond(session: DeskSession) -> None:
    kept = select(func.count()).select_from(Webhook).where(col(Webhook.removed_at).is_(None))
    if session.exec(kept).one() >= MOST:
        raise Refused(f"There are {MOST} webhooks already. Remove one that is not needed any more.")
