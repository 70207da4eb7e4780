"""What becomes of webhooks whose receivers fail, are dead, slow, gone, or not who they should be."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from service_desk.actions.doors import write
from service_desk.actions.webhook_turns import Attempt
from service_desk.config import settings
from service_desk.domain.access import Actor
from service_desk.domain.addresses import Address
from service_desk.domain.security import SecurityEvent
from service_desk.domain.webhooks import WAITS, Webhook, WebhookDelivery, new_secret
from service_desk.queries.events import Batch
from service_desk.queries.webhooks import Parcel, list_webhooks
from service_desk.web.webhooks.sender import send
from service_desk.web.webhooks.transport import new_client

from ..factories import make_customer
from ..readings import all_rows, last_entry, last_seq, stored
from ..receiver import Receiver
from ..webhook_room import a_courier, due_now, hook, state, until


def test_a_failed_event_is_tried_again_and_keeps_its_number_and_its_place(
    ada: Actor, receiver: Receiver
) -> None:
    failing = iter([500, 302, 404])
    receiver.answer = lambda _: next(failing, 200)
    receiver.headers = {"location": "/elsewhere"}
    webhook = hook(ada, receiver)
    make_customer(ada)
    make_customer(ada)

    async def story() -> None:
        async with a_courier():
            for failures in (1, 2, 3):
                await until(
                    lambda so_many=failures: state(webhook).failures == so_many, "no attempt was made"
                )
                due_now(webhook)
            await until(lambda: state(webhook).last_seq == last_seq(), "it did not recover")

    asyncio.run(story())
    first = last_seq() - 1
    assert receiver.seqs == [first, first, first, first, last_seq()]
    assert {got.path for got in receiver.got} == {"/hook"}
    assert len({got.headers["webhook-id"] for got in receiver.got[:4]}) == 1
    log = all_rows(WebhookDelivery)
    assert [line.status for line in log] == [500, 302, 404, 200, 200]
    assert [line.attempt for line in log] == [1, 2, 3, 4, 1]
    assert log[0].error == "The receiver answered 500."
    assert log[1].error == "The receiver answered 302: redirects are not followed."
    assert all((line.next_attempt_at is not None) == bool(line.error) for line in log)


def test_a_dead_receiver_is_switched_off_with_a_sentence(ada: Actor, receiver: Receiver) -> None:
    webhook = hook(ada, receiver)
    receiver.server.server_close()
    make_customer(ada)

    async def story() -> None:
        async with a_courier():
            for failures in range(1, len(WAITS) + 1):
                await until(
                    lambda so_many=failures: state(webhook).failures == so_many, "no attempt was made"
                )
                due_now(webhook)
            await until(lambda: not stored(Webhook, webhook).is_active, "it was not switched off")

    asyncio.run(story())
    row = list_webhooks(ada).rows[webhook]
    assert row["state"] == "off"
    assert "10 attempts" in row["why"] and "could not be reached" in row["why"]
    assert last_entry().verb == "switch off webhook" and last_entry().actor_id is None
    write()
    assert "webhook switched off" in [line.kind for line in all_rows(SecurityEvent)]


def test_a_receiver_that_is_gone_for_good_is_switched_off_at_once(ada: Actor, receiver: Receiver) -> None:
    receiver.answer = lambda _: 410
    webhook = hook(ada, receiver)
    make_customer(ada)

    async def story() -> None:
        async with a_courier():
            await until(lambda: not stored(Webhook, webhook).is_active, "it was not switched off")

    asyncio.run(story())
    assert "410" in str(stored(Webhook, webhook).switched_off_why)


def test_a_receiver_that_never_answers_keeps_nobody_else_waiting(ada: Actor, receiver: Receiver) -> None:
    never = threading.Event()
    with Receiver(answer=lambda _: 200 + never.wait(30)) as slow:
        hook(ada, slow)
        quick = hook(ada, receiver)
        make_customer(ada)

        async def story() -> None:
            async with a_courier():
                await until(lambda: len(slow.got) == 1, "the slow one was not asked")
                for _ in range(5):
                    await asyncio.to_thread(make_customer, ada)
                await until(lambda: state(quick).last_seq == last_seq(), "the quick one had to wait")

        asyncio.run(story())
        assert len(slow.got) == 1
        never.set()


def test_an_address_of_this_machine_is_not_sent_to_unless_it_is_allowed(
    ada: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = hook(ada, receiver)
    chosen = settings().model_copy(update={"webhook_allow_http": True})
    monkeypatch.setattr("service_desk.web.webhooks.transport.settings", lambda: chosen)
    make_customer(ada)

    async def story() -> None:
        async with a_courier():
            await until(lambda: state(webhook).failures == 1, "it was not tried")

    asyncio.run(story())
    assert receiver.got == []
    assert "private network" in all_rows(WebhookDelivery)[0].error


@pytest.mark.usefixtures("receivers_at_home")
def test_the_certificate_must_be_the_name_s_and_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=hooks.example"]
    named = ["-addext", "subjectAltName=DNS:hooks.example", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *asked, *named], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def at_home(_host: str, _port: int) -> list[Address]:
        return [ip_address("127.0.0.1")]

    def sent_to(name: str) -> Attempt:
        async def story() -> Attempt:
            parcel = Parcel(f"https://{name}:{receiver.port}/", (new_secret(),), False, Batch((), 0, 0))
            async with new_client(at_home) as client:
                return await send(client, parcel, {"seq": 1, "name": "call_created", "at": ""}, "evt_1")

        return asyncio.run(story())

    with Receiver() as receiver:
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        assert sent_to("hooks.example").status == 204
        assert sent_to("other.example").error == "The receiver’s certificate is not valid for its name."
        monkeypatch.delenv("SSL_CERT_FILE")
        assert sent_to("hooks.example").error == "The receiver’s certificate is not valid for its name."
        assert len(receiver.got) == 1
