"""The Webhooks page: added, seen by every admin, sent to, and what came of it appears by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from service_desk.actions.webhooks import create_webhook, remove_webhook
from service_desk.domain.webhooks import Webhook, new_secret

from ..readings import all_rows, stored
from ..receiver import Receiver, until
from ..running_desk import RunningDesk
from ..webhook_room import allow_home
from .conftest import Sit
from .steps import dialog_of, fill_in, log_call, row_with

A_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    allow_home(monkeypatch)
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def no_webhooks_left(desk: RunningDesk) -> Iterator[None]:
    """No test is told of what the next ones do."""
    yield
    for webhook in all_rows(Webhook):
        if not webhook.removed_at:
            remove_webhook(desk.people["dana"], webhook.key)


def hook(desk: RunningDesk, receiver: Receiver, name: str, **more: str) -> int:
    return create_webhook(desk.people["dana"], {"name": name, "url": receiver.url, **more}, new_secret())


def test_a_new_webhook_shows_its_secret_once_and_is_told_what_happens(
    sit: Sit, receiver: Receiver, word: str, phone: str
) -> None:
    dana, other, maya = sit("dana", "/webhooks"), sit("dana", "/webhooks"), sit("maya")
    dana.page.get_by_role("button", name="New webhook").click()
    fill_in(
        dana.page,
        "New webhook",
        {"Name": word, "Address": receiver.url, "Created call_created": "ticked"},
        "Add",
    )
    shown = dialog_of(dana.page, "The webhook’s secret").get_by_label("The secret")
    expect(shown).to_have_value(A_SECRET)
    secret = shown.input_value()
    dialog_of(dana.page, "The webhook’s secret").get_by_role("button", name="Close").first.click()
    expect(dana.page.locator("#webhook-secret [data-revealed]")).to_have_value("")
    other.page.mouse.move(0, 0)
    expect(row_with(other.page, word)).to_contain_text("Sending")
    log_call(maya.page, word, phone)
    until(lambda: len(receiver.got) == 1, "the call was not told")
    assert receiver.got[0].event["name"] == "call_created" and receiver.got[0].is_signed_with(secret)
    assert not any(secret in frame for frame in other.frames)


def test_the_delivery_log_fills_by_itself(sit: Sit, desk: RunningDesk, receiver: Receiver, word: str) -> None:
    receiver.answer = lambda got: 500 if got.event["name"] == "webhook_test" else 204
    hook(desk, receiver, word, events="customer_created")
    page, log = sit("dana", "/webhooks").page, sit("dana", "/webhooks?tab=log").page
    log.mouse.move(0, 0)
    page.get_by_role("button", name=f"Send a test: {word}").click()
    line = row_with(log, word).filter(has_text="webhook_test")
    expect(line).to_contain_text("The receiver answered 500.")
    expect(line).to_contain_text("Failed")
    receiver.answer = lambda _: 204
    page.get_by_role("button", name=f"Send a test: {word}").click()
    expect(row_with(log, word).filter(has_text="Delivered")).to_have_count(1)
    page.get_by_role("link", name=f"Log: {word}").click()
    expect(row_with(page, "webhook_test")).to_have_count(2)
    expect(page.get_by_label("Webhook filter")).to_have_value(
        str(max(each.key for each in all_rows(Webhook)))
    )


def test_a_receiver_that_fails_is_told_of_with_a_sentence(
    sit: Sit, desk: RunningDesk, receiver: Receiver, word: str, phone: str
) -> None:
    receiver.answer = lambda _: 503
    hook(desk, receiver, word)
    page, maya = sit("dana", "/webhooks").page, sit("maya")
    page.mouse.move(0, 0)
    log_call(maya.page, word, phone)
    expect(row_with(page, word)).to_contain_text("Failing")
    expect(row_with(page, word)).to_contain_text("The receiver answered 503. Next attempt: ")


def test_a_webhook_is_paused_edited_given_a_new_secret_and_removed(
    sit: Sit, desk: RunningDesk, receiver: Receiver, word: str
) -> None:
    hook(desk, receiver, word)
    page = sit("dana", "/webhooks").page
    page.get_by_role("button", name=f"Pause: {word}").click()
    expect(row_with(page, word)).to_contain_text("Paused")
    page.get_by_role("button", name=f"Resume: {word}").click()
    expect(row_with(page, word)).to_contain_text("Sending")
    page.get_by_role("button", name=f"Edit: {word}").click()
    fill_in(page, f"Edit {word}", {"Name": f"{word} two"})
    expect(row_with(page, f"{word} two")).to_be_visible()
    page.get_by_role("button", name=f"New secret: {word} two").click()
    fill_in(page, f"New secret for {word} two", {}, "Make secret")
    secret = dialog_of(page, "The webhook’s secret")
    expect(secret.get_by_label("The secret")).to_have_value(A_SECRET)
    secret.get_by_role("button", name="Close").first.click()
    page.get_by_role("button", name=f"Remove: {word} two").click()
    fill_in(page, f"Remove {word} two", {}, "Remove")
    page.mouse.move(0, 0)
    expect(row_with(page, word)).to_have_count(0)


def test_the_events_wanted_are_ticked(sit: Sit, desk: RunningDesk, receiver: Receiver, word: str) -> None:
    webhook = hook(desk, receiver, word, events="call_created")
    page = sit("dana", "/webhooks").page
    dialog = dialog_of(page, f"Edit {word}")
    page.get_by_role("button", name=f"Edit: {word}").click()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(dialog.get_by_label("call_created")).to_be_checked()
    dialog.get_by_label("call_completed").check()
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name=f"Edit: {word}").click()
    expect(dialog.get_by_text("Your draft from before")).to_be_visible()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(2)
    dialog.get_by_role("button", name="Start over").click()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("customer_created").check()
    dialog.get_by_label("call_created").uncheck()
    dialog.get_by_text("Events", exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    assert stored(Webhook, webhook).events == "customer_created"


def test_a_private_address_is_refused_beside_its_field_and_what_was_typed_stays(sit: Sit, word: str) -> None:
    page = sit("dana", "/webhooks").page
    page.get_by_role("button", name="New webhook").click()
    dialog = dialog_of(page, "New webhook")
    dialog.get_by_label("Name").fill(word)
    dialog.get_by_label("Address").fill("https://169.254.169.254/latest")
    dialog.get_by_label("call_created").check()
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_contain_text("into a private network")
    expect(dialog.get_by_label("call_created")).to_be_checked()
    expect(dialog.get_by_label("Address")).to_have_value("https://169.254.169.254/latest")


def test_on_a_phone_nothing_is_cut_off(sit: Sit, desk: RunningDesk, receiver: Receiver, word: str) -> None:
    hook(desk, receiver, word)
    page = sit("dana", "/profile", width=360, height=740).page
    page.get_by_role("navigation", name="Administration").get_by_role("link", name="Webhooks").click()
    expect(row_with(page, word)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name=f"Send a test: {word}").click()
    page.get_by_role("link", name=f"Log: {word}").click()
    expect(row_with(page, "webhook_test")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_is_no_admin_is_told_so(sit: Sit) -> None:
    page = sit("maya", "/webhooks").page
    expect(page.get_by_text("You may not manage webhooks.")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(0)
    expect(page.get_by_role("link", name="Webhooks")).to_have_count(0)
