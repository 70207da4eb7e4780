"""Whatever comes in over the socket: a sentence, at most one bounded line in the log, and nothing stored."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from service_desk.live.lines import TOO_MUCH
from service_desk.live.socket import MOST_PENDING
from service_desk.ui.guard import OWN_HANDLERS
from service_desk.ui.inbox import NOT_HERE, UNREADABLE
from service_desk.web.logs import LONGEST_LINE

from ..caller import WIRE, Caller, arguments, basis, sentences, shown, stored
from ..log_lines import LogLines
from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from .permissions import MAY

BAD: dict[str, Any] = {
    "null": None,
    "list": [[1], {}],
    "dict": {"$ne": 1},
    "bool": True,
    "1e999": float("inf"),
    "NaN": float("nan"),
    "9**400": 9**400,
    "lone surrogate": "\ud800",
    "NUL": "1\0",
    "long": "1" * 20_000,
    "nested": json.loads("[" * 400 + "]" * 400),
}
TEXTS = [value for value in BAD.values() if isinstance(value, str)]
TAKES_SOMETHING = sorted(name for name in MAY if arguments(name))
FORMS = {
    "new_call.save": "phone customer_name address category_id problem priority due_at assigned_to_id instructions",
    "edit_call.save": "problem site_address category_id priority due_at",
    "assign_call.save": "assigned_to_id instructions",
    "complete_call.save": "remark",
    "cancel_call.save": "reason",
    "reopen_call.save": "reason",
    "receive_carry_in.save": "phone customer_name address item serial_number accessories fault category_id",
    "edit_carry_in.save": "item serial_number accessories fault category_id",
    "to_bench.save": "assigned_to_id",
    "complete_carry_in.save": "outcome remark",
    "deliver_carry_in.save": "delivered_to remark",
    "return_carry_in.save": "reason",
    "edit_customer.save": "name phone email address",
    "new_customer.save": "name phone email address",
    "new_user.save": "username full_name role password email phone",
    "edit_user.save": "username full_name role email phone",
    "set_password.save": "password",
    "edit_profile.save": "full_name email phone",
    "change_password.save": "current new",
    "new_call_category.save": "name",
    "new_carry_in_category.save": "name",
    "rename_category.save": "name",
    "new_token.save": "name days",
    "new_webhook.save": "name url events",
    "edit_webhook.save": "name url events",
}
BASES = (
    "",
    "null",
    "[]",
    "{}",
    '{"record": 1}',
    '{"record": 1e999, "version": 1, "was": {}}',
    '{"record": {"$ne": 1}, "version": 1, "was": {}}',
    '{"record": 2000000000, "version": 1, "was": {}}',
    '{"record": 2000000000, "version": [], "was": {}}',
    '{"record": 1, "version": 1, "was": []}',
    '{"record": 1, "version": 1, "was": null}',
    '{"record": 1, "version": ' + "9" * 5000 + ', "was": {}}',
    "[" * 20_000,
)
FRAMES = [
    "",
    "4",
    "4x",
    "9",
    "42/_event",
    "42/_event,[",
    "42/_event,{}",
    "42/_event,[]",
    "42/_event,[1]",
    '42/_event,[["event"]]',
    '42/_event,["disconnect"]',
    '42/_event,["emit"]',
    '42/_event,["client_error",7]',
    '42/_event,["event"]',
    '42/_event,["event","text"]',
    '42/_event,["event",{"name":"x","payload":{"a":' + "9" * 5000 + "}}]",
    '42/_event,["event",' + "[" * 100_000 + "]" * 100_000 + "]",
    '42/nowhere,["event",{}]',
    '45/_event,9-["event",{"_placeholder":true,"num":0}]',
    '43/_event,7["x"]',
    "x",
]


@pytest.mark.parametrize("name", TAKES_SOMETHING)
def test_a_bad_argument_is_answered_with_a_sentence(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], name: str
) -> None:
    good = payloads[name]
    bad = [{}, {**good, "more": 1}]
    for argument in arguments(name):
        bad += [{**good, argument: value} for value in BAD.values() if value is not good.get(argument)]
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        log, before = LogLines(desk), stored(desk)
        for payload in bad:
            told = "".join(sentences(dana.call(name, payload)))
            assert told or _may_be_silent(name, payload), f"{name} said nothing to {str(payload)[:80]}"
            assert "did not work" not in told, f"{name} broke at {str(payload)[:80]}"
        assert stored(desk) == before
        # Each call is followed by one that the guard refuses, with a line of its own.
        log.check(2 * len(bad))
    _is_healthy(desk)


def _may_be_silent(name: str, payload: dict[str, Any]) -> bool:
    """A number that nobody has is no mistake yet; what Reflex's own handlers are sent may be nothing at all."""
    is_typing = name.endswith("look_up") and isinstance(payload.get("phone"), str)
    return is_typing or (WIRE[name] in OWN_HANDLERS and not any(payload.values()))


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_bad_field_is_answered_beside_it(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], name: str
) -> None:
    on = {field: text for field, text in payloads[name]["form"].items() if field in ("basis", "key")}
    forms = [{**on, **dict.fromkeys(FORMS[name].split(), text)} for text in TEXTS]
    if "basis" in on:
        forms += [{**payloads[name]["form"], "basis": text} for text in (*TEXTS, *BASES)]
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        log, before = LogLines(desk), stored(desk)
        for form in forms:
            answer = dana.call(name, {"form": form})
            told = "".join(sentences(answer))
            assert shown(answer).get(name.partition(".")[0], {}).get("errors") or told
            assert "did not work" not in told, f"{name} broke at {str(form)[:200]}"
        assert stored(desk) == before
        log.check(2 * len(forms))


@pytest.mark.parametrize("key", [None, "", "short", "a space in it, and long"])
def test_a_form_without_a_key_saves_nothing(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], key: str | None
) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        before = stored(desk)
        for name in sorted(name for name in MAY if name.endswith(".save")):
            answer = "".join(
                dana.call(name, {"form": {"basis": basis(1), **payloads[name]["form"], "key": key}})
            )
            assert "this page is out of date" in answer, name
        assert stored(desk) == before


def test_every_form_is_tried_with_bad_fields() -> None:
    without_fields = {
        "deactivate.save",
        "reset_second_factor.save",
        "renew_secret.save",
        "remove_webhook.save",
    }
    assert {name for name in MAY if name.endswith(".save")} == FORMS.keys() | without_fields


@pytest.mark.parametrize(
    "name", ["", "no.such.handler", "x\nERROR forged", "y" * 100_000, "__class__", "\ud800", None, 7, ["a"]]
)
def test_an_unknown_handler_is_refused_with_a_sentence(desk: RunningDesk, name: Any) -> None:
    log = LogLines(desk)
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.send(name)
        answer = dana.wait_for(lambda frame: frame.startswith("42"))
        assert NOT_HERE in answer or UNREADABLE in answer
    log.check(1)


@pytest.mark.parametrize("frame", FRAMES, ids=[frame[:40] for frame in FRAMES])
def test_a_malformed_frame_costs_one_line_at_most(desk: RunningDesk, frame: str) -> None:
    log, before = LogLines(desk), stored(desk)
    with RawSocket(desk.url, desk.token("dana")) as dana:
        dana.socket.send(frame)
        dana.listen(0.1)
    lines = log.lines()
    assert len(lines) <= 1
    assert all(len(line) <= LONGEST_LINE and "Traceback" not in line for line in lines)
    assert stored(desk) == before
    _is_healthy(desk)


def test_a_million_characters_drop_the_socket_and_nothing_else(desk: RunningDesk) -> None:
    log, before = LogLines(desk), stored(desk)
    with Caller(desk.url, desk.token("dana")) as dana, Caller(desk.url, desk.token("maya")) as maya:
        maya.settle()
        dana.send("calls_page.start", {"call_id": "x" * 1_000_000})
        with pytest.raises(ConnectionClosed):
            dana.wait_for(lambda _: False, 5)
        assert sentences(maya.call("calls_page.start", {}))
    assert len(log.lines()) <= 3
    assert stored(desk) == before


def test_a_flood_of_malformed_frames_fills_no_log_and_stops_nobody(desk: RunningDesk) -> None:
    log = LogLines(desk)
    with RawSocket(desk.url, desk.token("fay")) as fay, Caller(desk.url, desk.token("maya")) as maya:
        maya.settle()
        # The first of them ends the socket.
        with contextlib.suppress(ConnectionClosed):
            for number in range(10_000):
                fay.socket.send(FRAMES[5 + number % 3])
        started = time.monotonic()
        maya.call("calls_page.start", {})
        assert time.monotonic() - started < 3
    assert len(log.lines()) <= 100


def test_more_events_than_a_tab_may_have_waiting_are_refused_with_a_sentence(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("fay")) as fay:
        fay.settle()
        for _ in range(10 * MOST_PENDING):
            fay.open_page()
        fay.wait_for(lambda frame: TOO_MUCH in frame, 60)
        while fay.listen(1):
            pass
        assert sentences(fay.call("calls_page.start", {}))


def _is_healthy(desk: RunningDesk) -> None:
    with urllib.request.urlopen(f"{desk.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
