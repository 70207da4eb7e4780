"""The server is killed in the middle of commits, again and again."""

from __future__ import annotations

import random
import time

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..figures import Figure
from ..running_desk import RunningDesk
from . import checker
from .commanders import Commander, commanding
from .crowd import wait_until
from .scale import scaled

COMMANDERS = 6


def test_what_was_acknowledged_outlives_every_kill_and_what_was_not_is_saved_once_when_sent_again(
    rehearsal_desk: RunningDesk, figure: Figure
) -> None:
    desk, kills = rehearsal_desk, scaled(3, 200)
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    tokens = [desk.token("maya") for _ in range(COMMANDERS)]
    commanders = [Commander(desk.url, token, category) for token in tokens]
    cut_short = 0
    for _ in range(kills):
        cut_short += _kill_at_work(desk, commanders)
        checker.expect_sound(desk.database_url)
        desk.start(desk.port)
    for each in commanders:
        each.settle()
    saved = [each for commander in commanders for each in commander.saved]
    checker.expect_sound(desk.database_url, saved)
    assert not [refusal for each in commanders for refusal in each.refused]
    assert cut_short >= kills
    figure("kill -9 in mid-commit: kills", kills)
    figure("kill -9 in mid-commit: acknowledged changes", len(saved))
    figure("kill -9 in mid-commit: acknowledged changes lost", 0)
    figure("kill -9 in mid-commit: commands cut short, sent again and saved once", cut_short)


def _kill_at_work(desk: RunningDesk, commanders: list[Commander]) -> int:
    """Kill the server at a random moment while everybody saves; how many orders had no answer."""
    with commanding(commanders):
        before = sum(len(each.saved) for each in commanders)
        wait_until(
            lambda: sum(len(each.saved) for each in commanders) >= before + 6, 60, lambda: "nobody works"
        )
        time.sleep(random.random() * 0.15)
        desk.kill()
    return sum(each.pending is not None for each in commanders)
