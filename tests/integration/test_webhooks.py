"""What admins do about webhooks: who may, what is refused, and that no secret gets out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from service_desk.actions import retention
from service_desk.actions.doors import write
from service_desk.actions.webhooks import (
    MOST,
    create_webhook,
    edit_webhook,
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
    send_test,
)
from service_desk.domain.access import Actor
from service_desk.domain.errors import DeskError, Forbidden, Invalid, NotFound, Refused
from service_desk.domain.journal import Touch
from service_desk.domain.security import SecurityEvent
from service_desk.domain.times import now
from service_desk.domain.users import Role
from service_desk.domain.webhooks import EVENT_NAMES, Webhook, WebhookDelivery, WebhookState, new_secret
from service_desk.queries.activity import ActivityQuestion, list_activity
from service_desk.queries.events import events_after
from service_desk.queries.webhooks import DeliveriesQuestion, list_deliveries, list_webhooks
from service_desk.store.change import housekeeping

from ..api_caller import Program, token_of
from ..factories import make_user
from ..readings import all_rows, last_seq, stored

URL = "https://hooks.example/desk?token=geheim"


def add(actor: Actor, **fields: Any) -> int:
    return create_webhook(actor, {"name": "Warehouse", "url": URL} | fields, new_secret())


def test_the_address_and_the_secrets_are_in_no_journal_no_event_and_no_log(ada: Actor) -> None:
    webhook = add(ada)
    renew_secret(ada, webhook, new_secret())
    row = stored(Webhook, webhook)
    version = row.version
    edit_webhook(ada, webhook, version=version, was={"url": URL}, changes={"url": URL + "2"})
    write()
    told = json.dumps([touch.changed for touch in all_rows(Touch)])
    told += str(events_after(ada, 0).events) + str(list_activity(ada, ActivityQuestion()).rows)
    told += str([line.detail for line in all_rows(SecurityEvent)]) + repr(row)
    for secret in (row.secret, row.old_secret, "geheim", "hooks.example"):
        assert str(secret) not in told
    listed = str(list_webhooks(ada).rows)
    assert row.secret not in listed and str(row.old_secret) not in listed


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.FRONT_DESK, Role.ENGINEER])
def test_only_admins_may_and_only_they_hear_of_it(ada: Actor, role: Role) -> None:
    webhook, other, before = add(ada), make_user(role), last_seq()
    for attempt in (
        lambda: add(other),
        lambda: edit_webhook(other, webhook, version=1, was={}, changes={"name": "Mine"}),
        lambda: pause_webhook(other, webhook),
        lambda: resume_webhook(other, webhook),
        lambda: renew_secret(other, webhook, new_secret()),
        lambda: send_test(other, webhook),
        lambda: remove_webhook(other, webhook),
        lambda: list_webhooks(other),
        lambda: list_deliveries(other, DeliveriesQuestion()),
    ):
        with pytest.raises(Forbidden, match="manage webhooks"):
            attempt()
    assert last_seq() == before
    assert all(row["entity"] != "webhook" for row in list_activity(other, ActivityQuestion()).rows.values())
    assert all(event["entity"] != "webhook" for event in events_after(other, 0).events)
    assert "webhook" in {event["entity"] for event in events_after(ada, 0).events}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": None}, "url"),
        ({"url": "https://user:secret@hooks.example/"}, "url"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"events": "call_sung"}, "events"),
        ({"events": ["call_created"]}, "events"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(ada: Actor, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(ada, **fields)
    assert refused.value.fields.keys() == {wrong}
    assert all_rows(Webhook) == []


def test_the_events_wanted_are_kept_in_their_order_and_all_of_them_as_none(ada: Actor) -> None:
    assert (
        stored(Webhook, add(ada, events="call_updated,\ncall_created")).events == "call_created call_updated"
    )
    assert stored(Webhook, add(ada, events=" ".join(EVENT_NAMES))).wanted == frozenset()


def test_there_is_a_limit_and_a_removed_one_makes_room(ada: Actor) -> None:
    hooks = [add(ada, name=f"Hook {number}") for number in range(MOST)]
    with pytest.raises(Refused, match="already"):
        add(ada)
    remove_webhook(ada, hooks[0])
    add(ada)


def test_a_removed_webhook_is_not_found_and_has_forgotten_its_secrets(ada: Actor) -> None:
    webhook = add(ada)
    renew_secret(ada, webhook, new_secret())
    remove_webhook(ada, webhook)
    row = stored(Webhook, webhook)
    assert (row.secret, row.old_secret, row.url) == ("", None, "")
    for attempt in (pause_webhook, resume_webhook, send_test, remove_webhook):
        with pytest.raises(NotFound):
            attempt(ada, webhook)
    assert list_webhooks(ada).order == ()


def test_pausing_and_resuming_twice_is_refused_with_a_sentence(ada: Actor) -> None:
    webhook = add(ada)
    with pytest.raises(DeskError, match="sending already"):
        resume_webhook(ada, webhook)
    pause_webhook(ada, webhook)
    with pytest.raises(DeskError, match="not sending"):
        pause_webhook(ada, webhook)


def test_another_address_forgets_the_failures_of_the_one_before(ada: Actor) -> None:
    webhook = add(ada)
    with housekeeping() as session:
        state = session.get_one(WebhookState, webhook)
        state.failures, state.next_attempt_at = 5, now() + timedelta(hours=8)
    edit_webhook(ada, webhook, version=1, was={"url": URL}, changes={"url": "https://new.example/"})
    (state,) = all_rows(WebhookState)
    assert state.failures == 0 and state.next_attempt_at is None


def test_the_log_is_kept_for_thirty_days(ada: Actor) -> None:
    webhook = add(ada)
    with housekeeping() as session:
        for days in (29, 31):
            line = {"seq": 1, "name": "call_created", "attempt": 1, "duration_ms": 5}
            session.add(WebhookDelivery(webhook_id=webhook, at=now() - timedelta(days=days), **line))
    assert retention.delete_some() == 1
    assert len(all_rows(WebhookDelivery)) == 1


def test_the_api_shows_a_secret_once(ada: Actor) -> None:
    program = Program(token_of(ada))
    body = {"name": "Till", "url": "https://till.example/"}
    made = program.call("POST", "/webhooks", body, idempotency_key="one")
    again = program.call("POST", "/webhooks", body, idempotency_key="one")
    assert made.status_code == again.status_code == 201
    assert made.json()["secret"] == stored(Webhook, made.json()["id"]).secret
    assert again.json()["secret"] is None and again.json()["id"] == made.json()["id"]
    path = made.headers["location"].removeprefix("/api/v1")
    assert "secret" not in program.call("GET", path).json()
    renewed = program.call("POST", f"{path}/renew-secret", {}).json()["secret"]
    assert renewed == stored(Webhook, made.json()["id"]).secret != made.json()["secret"]
    assert program.call("GET", f"{path}/deliveries").json()["items"] == []
    assert program.call("GET", "/webhooks/999/deliveries").status_code == 404
