"""Webhooks are told everything once and in order, by one process at a time, over restarts and pauses."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from service_desk.actions import webhook_turns
from service_desk.actions.webhooks import (
    pause_webhook,
    renew_secret,
    resume_webhook,
    send_test,
)
from service_desk.domain.access import Actor
from service_desk.domain.times import now, pretend
from service_desk.domain.webhooks import Webhook, WebhookDelivery, new_secret
from service_desk.live.gate import off_loop
from service_desk.store.database import Database
from service_desk.web.webhooks import courier

from ..factories import make_call, make_category, make_customer
from ..hub_room import edit
from ..readings import all_rows, last_seq, statements, stored
from ..receiver import Receiver
from ..webhook_room import SECRET, a_courier, hook, state, until


def test_every_change_arrives_once_and_in_order_signed_with_the_secret(
    ada: Actor, receiver: Receiver
) -> None:
    network = make_category()
    webhook = hook(ada, receiver)
    first = last_seq()

    def work() -> None:
        for _ in range(20):
            make_call(ada, category_id=network)

    async def story() -> None:
        async with a_courier():
            workers = [threading.Thread(target=work) for _ in range(3)]
            for worker in workers:
                worker.start()
            await until(lambda: len(receiver.got) >= 60, "some did not arrive")
            for worker in workers:
                await asyncio.to_thread(worker.join)
            await until(lambda: state(webhook).last_seq == last_seq(), "the last was not taken down")

    asyncio.run(story())
    assert receiver.seqs == list(range(first + 1, last_seq() + 1))
    assert all(got.is_signed_with(SECRET) for got in receiver.got)
    assert not any(got.is_signed_with(new_secret()) for got in receiver.got)
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert [int(each.split("_")[1]) for each in ids] == receiver.seqs
    call = receiver.got[-1].event
    assert call["name"] == "call_created" and call["number"] == f"C-{call['id']}"
    assert call["changed"]["problem"] == {"old": None, "new": "The heating is cold."}


def test_without_webhooks_no_change_is_looked_into(
    ada: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "LOOK_SECONDS", 3600)
    call = make_call(ada)

    async def story() -> list[str]:
        with statements(database) as asked:
            async with a_courier() as ours:
                await until(lambda: any("webhook" in each for each in asked), "it never looked")
                for number in range(5):
                    edit(ada, call, problem=f"It smokes {number}")
                    await ours.wake.hub.settle()
                    # What the courier would ask for this change waits before it in the same queue.
                    await off_loop(last_seq)
        return [each for each in asked if "webhook" in each]

    assert len(asyncio.run(story())) == 1


def test_only_the_events_wanted_are_sent(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver, events="customer_created call_updated")
    make_customer(ada)
    call = make_call(ada)
    edit(ada, call, problem="It smokes")

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).last_seq == last_seq(), "it was not all looked at")

    asyncio.run(story())
    assert [got.event["name"] for got in receiver.got] == ["customer_created", "call_updated"]


def test_a_restart_goes_on_where_it_stopped(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver)
    before = last_seq()

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).last_seq == last_seq(), "the last was not taken down")

    for _ in range(3):
        make_call(ada)
        asyncio.run(story())
        make_call(ada)
    asyncio.run(story())
    assert receiver.seqs == list(range(before + 1, last_seq() + 1))


def test_two_processes_send_nothing_twice(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver)
    before = last_seq()

    async def story() -> None:
        async with a_courier(), a_courier(), a_courier():
            for _ in range(30):
                await asyncio.to_thread(make_customer, ada)
            await until(lambda: state(webhook).last_seq == last_seq(), "the last was not taken down")

    asyncio.run(story())
    assert receiver.seqs == list(range(before + 1, last_seq() + 1))


def test_the_turn_of_a_dead_process_ends_and_what_it_still_writes_is_not_taken_down(
    ada: Actor, receiver: Receiver
) -> None:
    webhook = hook(ada, receiver)
    make_customer(ada)
    (lost,) = webhook_turns.take_turns()
    assert webhook_turns.take_turns() == []
    with pretend(now() + webhook_turns.LEASE + timedelta(seconds=1)):
        (turn,) = webhook_turns.take_turns()
        late = webhook_turns.Attempt(last_seq(), "customer_created", now(), 200, "", 5)
        assert not webhook_turns.take_down(lost, late)
        assert not webhook_turns.take_down(lost, webhook_turns.Attempt(1, "x", now(), None, "No.", 5))
        assert not webhook_turns.renew(lost)
        webhook_turns.give_back(lost)
        assert state(webhook).lease == turn.lease and state(webhook).last_seq < last_seq()
        assert all_rows(WebhookDelivery) == []


def test_what_happens_during_a_pause_is_sent_afterwards(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver)
    before = last_seq()
    pause_webhook(ada, webhook)
    make_customer(ada)
    assert not webhook_turns.look()[1]
    resume_webhook(ada, webhook)

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).last_seq == last_seq(), "it was not sent")

    asyncio.run(story())
    assert receiver.seqs == list(range(before + 1, last_seq() + 1))


def test_a_test_event_is_sent_once_also_while_paused(ada: Actor, receiver: Receiver) -> None:
    receiver.answer = lambda _: 500
    webhook = hook(ada, receiver)
    pause_webhook(ada, webhook)
    send_test(ada, webhook)

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).test_wanted_at is None, "no test was sent")
            await until(lambda: state(webhook).lease is None, "the turn was kept")

    asyncio.run(story())
    (got,) = receiver.got
    assert got.event["name"] == "webhook_test" and got.headers["webhook-id"].startswith("test_")
    assert state(webhook).failures == 0 and stored(Webhook, webhook).switched_off_at is None


def test_after_a_change_of_secret_both_hold_for_a_day(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver)
    new = new_secret()
    renew_secret(ada, webhook, new)

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).last_seq == last_seq(), "it was not sent")

    asyncio.run(story())
    assert receiver.got[-1].is_signed_with(SECRET) and receiver.got[-1].is_signed_with(new)
    with pretend(now() + timedelta(hours=25)):
        assert stored(Webhook, webhook).secrets() == [new]


def test_a_test_wanted_at_another_process_is_sent_by_the_one_whose_turn_it_is(
    ada: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "STAY_SECONDS", 1000)
    monkeypatch.setattr(courier, "TEST_SECONDS", 0.05)
    webhook = hook(ada, receiver)
    make_customer(ada)

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).last_seq == last_seq(), "the change was not sent")
            # Nothing here hears of it but by looking.
            send_test(ada, webhook)
            await until(lambda: len(receiver.got) == 2, "no test was sent")

    asyncio.run(story())
    assert receiver.got[-1].event["name"] == "webhook_test"
