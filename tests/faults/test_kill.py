"""The server is killed in the middle of commits, again and again."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlmodel import select

from service_desk.actions.categories import create_category
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind
from service_desk.domain.commands import Command
from service_desk.domain.customers import Customer
from service_desk.store.database import current

from ..figures import FULL, Figure
from ..raw_socket import RawSocket
from ..readings import all_rows, last_seq
from ..running_desk import RunningDesk
from ..stores import new_database
from . import checker, halting
from .commanders import Commander, Order, commanding
from .conftest import a_desk
from .crowd import Crowd, wait_until
from .halting import AFTER, BEFORE
from .scale import scaled

COMMANDERS = 6
PATHS = ("/calls", "/activity", "/customers")


@dataclass
class Cut:
    """What kills cut short: orders without an answer whose change was there all the same, and those without a trace.

    Both say when the server died: between a commit and its answer, or before the commit.
    """

    after_commit: int = 0
    before_commit: int = 0
    kills_after: int = 0
    kills_before: int = 0

    def count(self, orders: list[Order]) -> None:
        """After one kill, before anything is sent again."""
        with current().reading() as session:
            stored = set(session.exec(select(Command.key)))
        after = sum(order.key in stored for order in orders)
        self.after_commit += after
        self.before_commit += len(orders) - after
        self.kills_after += after > 0
        self.kills_before += after < len(orders)


def test_what_was_acknowledged_outlives_every_kill_and_what_was_not_is_saved_once_when_sent_again(
    rehearsal_desk: RunningDesk, figure: Figure
) -> None:
    desk, kills, cut = rehearsal_desk, scaled(3, 200), Cut()
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    tokens = [desk.token("maya") for _ in range(COMMANDERS)]
    commanders = [Commander(desk.url, token, category) for token in tokens]
    lena = (desk.people["lena"], desk.token("lena"))
    with Crowd(desk.url) as crowd:
        for path in PATHS:
            crowd.seat([lena], path)
        for _ in range(kills):
            _kill_at_work(desk, commanders)
            checker.expect_sound(desk.database_url)
            desk.start(desk.port)
            cut.count([each.pending for each in commanders if each.pending])
        for each in commanders:
            each.settle()
        saved = [each for commander in commanders for each in commander.saved]
        checker.expect_screens(desk.database_url, crowd.screens, seconds=30)
    lost = checker.acknowledged_off(desk.database_url, saved)
    figure("kill -9 in mid-commit: kills", kills)
    figure("kill -9 in mid-commit: kills that cut a command before its commit", cut.kills_before)
    figure("kill -9 in mid-commit: kills that cut a command after its commit", cut.kills_after)
    figure("kill -9 in mid-commit: acknowledged changes", len(saved))
    figure("kill -9 in mid-commit: acknowledged changes lost", len(lost))
    figure(
        "kill -9 in mid-commit: commands cut short, sent again and saved once",
        cut.before_commit + cut.after_commit,
    )
    assert not lost
    assert not [refusal for each in commanders for refusal in each.refused]
    assert cut.before_commit + cut.after_commit >= kills
    if FULL:
        assert cut.kills_before > 0
        assert cut.kills_after > 0


def _kill_at_work(desk: RunningDesk, commanders: list[Commander]) -> None:
    """Kill the server at a random moment while everybody saves."""
    with commanding(commanders):
        before = sum(len(each.saved) for each in commanders)
        wait_until(
            lambda: sum(len(each.saved) for each in commanders) >= before + 6, 60, lambda: "nobody works"
        )
        time.sleep(random.random() * 0.15)
        desk.kill()


@pytest.mark.parametrize("where", [BEFORE, AFTER])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_kill_on_either_side_of_the_commit_leaves_all_of_a_change_or_nothing(
    kind: str, where: str, tmp_path: Path
) -> None:
    with new_database(kind, tmp_path) as url, a_desk(tmp_path, url) as desk:
        category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
        token, order = desk.token("maya"), Order("The lift is stuck", category)
        before = last_seq()
        desk.stop()
        _run_and_kill_at(desk, where, token, order)
        checker.expect_sound(url)
        kept = last_seq() - before
        assert (kept, len(all_rows(Call)), len(all_rows(Customer))) == (
            (0, 0, 0) if where == BEFORE else (1, 1, 1)
        )
        desk.start(desk.port)
        again = Commander(desk.url, token, category, pending=order)
        again.settle()
        assert [call.problem for call in all_rows(Call)] == [order.words]
        assert again.saved == [order.acknowledged()]
        checker.expect_sound(url, again.saved)


def _run_and_kill_at(desk: RunningDesk, where: str, token: str, order: Order) -> None:
    """Send an order to a server that stands still there, and kill it as soon as it does."""
    reached = desk.folder / "reached"
    desk.module, desk.environment = (
        halting.__name__,
        desk.environment
        | {
            halting.WHERE: where,
            halting.REACHED: str(reached),
        },
    )
    desk.start(desk.port)
    with RawSocket(desk.url, token) as socket:
        order.send(socket)
        wait_until(reached.exists, 20, lambda: f"the server did not come to the moment {where} its commit")
        assert _is_in_a_change(desk) is (where == BEFORE)
        desk.kill()
    desk.module = "service_desk"


def _is_in_a_change(desk: RunningDesk) -> bool:
    """Whether somebody has changed rows and neither committed nor given up."""
    if desk.database_url.startswith("sqlite"):
        with closing(sqlite3.connect(desk.folder / "desk.db", timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False
    with psycopg.connect(desk.database_url.replace("+psycopg", "")) as other:
        try:
            other.execute("SELECT value FROM counter FOR UPDATE NOWAIT")
        except psycopg.errors.LockNotAvailable:
            return True
        return False
