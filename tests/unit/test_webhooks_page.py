"""docs/webhooks.md and docs/events.md say what is so, and their example works."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from service_desk.config import ROOT
from service_desk.domain.webhooks import EVENT_NAMES, WAITS, new_secret, sign

WEBHOOKS = (ROOT / "docs" / "webhooks.md").read_text()
EVENTS = (ROOT / "docs" / "events.md").read_text()

Check = Callable[..., bool]


@pytest.fixture
def check() -> Check:
    """The receiver's function, as the page has it."""
    found = re.search(r"```python\n(.*?)```", WEBHOOKS, re.DOTALL)
    assert found is not None
    written: dict[str, Any] = {}
    exec(found[1], written)
    check: Check = written["is_from_the_desk"]
    return check


def headers(secrets: list[str], body: bytes, at: int) -> dict[str, str]:
    signature = sign(secrets, "evt_1_2", at, body)
    return {"webhook-id": "evt_1_2", "webhook-timestamp": str(at), "webhook-signature": signature}


def test_the_example_knows_what_the_desk_has_signed(check: Check) -> None:
    secret, at, body = new_secret(), int(time.time()), '{"data":"é"}'.encode()
    assert check(headers([secret], body, at), body, secret)
    assert check(headers([new_secret(), secret], body, at), body, secret)


def test_the_example_refuses_what_the_desk_has_not_signed(check: Check) -> None:
    secret, at, body = new_secret(), int(time.time()), b"{}"
    good = headers([secret], body, at)
    assert not check(good, b"{} ", secret)
    assert not check(good, body, new_secret())
    assert not check({**good, "webhook-id": "evt_1_3"}, body, secret)
    assert not check({**good, "webhook-timestamp": str(at + 1)}, body, secret)
    assert not check(headers([secret], body, at - 301), body, secret)


def test_the_waits_and_the_names_on_the_pages_are_the_real_ones() -> None:
    seconds = {"s": 1, "min": 60, "h": 3600}
    told = re.search(r"tried again after (.*?), each", WEBHOOKS, re.DOTALL)
    assert told is not None
    waits = [int(number) * seconds[unit] for number, unit in re.findall(r"(\d+) (s|min|h)\b", told[1])]
    assert waits == [wait.total_seconds() for wait in WAITS]
    named = [name for name in EVENT_NAMES if "category" not in name]
    assert [name for name in named if f"`{name}`" not in EVENTS] == []
