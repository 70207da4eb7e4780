"""A thousand tabs lose their line in the same moment, and come back together."""

from __future__ import annotations

import time

from ..figures import Figure
from ..log_lines import LogLines
from ..running_desk import RunningDesk
from . import checker
from .crowd import Crowd
from .scale import scaled
from .usage import processor_seconds

TABS_EACH = 10
BACK_SECONDS = scaled(60, 10)
"""Looser beside other tests."""


def test_a_thousand_tabs_are_back_within_ten_seconds(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk, people = rehearsal_desk, scaled(10, 100)
    signed_in = [(desk.people[name], desk.token(name)) for name in desk.hire_many(people)]
    log = LogLines(desk)
    with Crowd(desk.url) as crowd:
        crowd.seat([each for each in signed_in for _ in range(TABS_EACH)], "/calls", seconds=120)
        cut, worked = time.monotonic(), processor_seconds(desk)
        crowd.cut()
        crowd.wait_until_live(seconds=60, since=cut)
        took, worked = time.monotonic() - cut, processor_seconds(desk) - worked
        errors = [error for client in crowd.clients for error in client.errors]
        checker.expect_screens(desk.database_url, crowd.screens, seconds=5)
    lines = log.lines()
    figure("1,000 reconnects at once: tabs", len(crowd.clients))
    figure("1,000 reconnects at once: the last one has its page", took, "s")
    figure("1,000 reconnects at once: refused", len(errors))
    figure("1,000 reconnects at once: work of the server", worked, "s")
    assert not errors
    assert not lines
    assert took < BACK_SECONDS
