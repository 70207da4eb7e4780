"""What somebody typed stays words when it travels back in what a page is told to do."""

from __future__ import annotations

import json

import pytest
from reflex_base.event import Event

from service_desk.ui import browser

TYPED = (
    "<reflex.Var>x</reflex.Var>",
    "<reflex.Var></reflex.Var>",
    "<reflex.Var>12</reflex.Var>",
    "</script><script>alert(1)</script>",
    '"); alert(1); ("',
    "'`${alert(1)}`\\\u2028",
)


def told(spec: object) -> str:
    """The script that the browser is sent."""
    (event,) = Event.from_event_type([spec])
    return str(event.payload.get("function") or event.payload["javascript_code"])


@pytest.mark.parametrize("typed", TYPED)
def test_a_toast_says_what_was_typed(typed: str) -> None:
    for toast in (browser.say(typed), browser.complain(typed)):
        assert json.dumps(typed).replace("<", "\\u003c") in told(toast)


@pytest.mark.parametrize("typed", TYPED)
def test_a_form_is_filled_with_what_was_typed(typed: str) -> None:
    filled = told(browser.fill("form", {"problem": typed}))
    opened = told(browser.begin("dialog", {"record": 7}, {"problem": typed}))
    for script in (filled, opened):
        assert "<" not in script
        assert json.loads(script[script.index('{"problem"') : -1]) == {"problem": typed}
