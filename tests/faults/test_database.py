"""The database is stopped, locked or out of room while people work: clear refusals, nothing lost, no help needed."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.domain.errors import Busy
from service_desk.domain.users import Role
from service_desk.store.database import Database
from service_desk.store.migrate import upgrade

from ..factories import make_call, make_category, make_user
from ..figures import Figure
from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from . import checker
from .big_desk import fill
from .cluster import Cluster, a_cluster
from .commanders import Order
from .conftest import a_desk
from .crowd import Crowd, wait_until
from .scale import scaled

BUSY = "The desk is busy; nothing was saved. Try again."
AWAY = "The desk can't reach its database; nothing was saved. Try again in a moment."
FULL = "The disk is full; nothing was saved."
NO_ROOM = (FULL, AWAY[:35])
"""A file's limit is to SQLite an error of the disk; what a truly full one is to it, its own page limit shows.
PostgreSQL starts anew, and is away meanwhile, when it is its log that finds no room."""


@dataclass
class Told:
    saved: bool
    frames: str
    seconds: float


def send(desk_url: str, token: str, order: Order) -> Told:
    """Send an order and wait for the form's answer."""
    with RawSocket(desk_url, token) as socket:
        start = time.monotonic()
        return told(socket, order, start)


def told(socket: RawSocket, order: Order, start: float) -> Told:
    before = len(socket.frames)
    order.send(socket)
    asked = f'answered("{order.form_id}", '
    answer = socket.wait_for(lambda frame: asked in frame.replace("\\", ""), 20).replace("\\", "")
    frames = "".join(socket.frames[before:])
    return Told(f"{asked}true" in answer, frames, time.monotonic() - start)


@contextmanager
def locked(desk: RunningDesk) -> Iterator[None]:
    """Another process holds what every change needs."""
    if desk.database_url.startswith("sqlite"):
        with closing(sqlite3.connect(desk.folder / "desk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(desk.database_url.replace("+psycopg", "")) as other:
        other.execute("SELECT value FROM counter FOR UPDATE")
        yield
        other.rollback()


def category_of(desk: RunningDesk) -> int:
    return create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})


def test_a_lock_of_three_seconds_is_waited_for(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk, order = rehearsal_desk, Order("Patient", category_of(rehearsal_desk))
    with RawSocket(desk.url, desk.token("maya")) as socket:
        with locked(desk):
            start = time.monotonic()
            threading.Timer(0, order.send, [socket]).start()
            time.sleep(3)
        asked = f'answered("{order.form_id}", true'
        socket.wait_for(lambda frame: asked in frame.replace("\\", ""))
        took = time.monotonic() - start
    figure("locked by another process: a change waits out a lock of 3 s", took, "s")
    assert 3 <= took < 5
    checker.expect_sound(desk.database_url, [order.acknowledged()])


def test_a_lock_of_ten_seconds_is_refused_in_time_and_nobody_who_reads_feels_it(
    rehearsal_desk: RunningDesk, figure: Figure
) -> None:
    desk, category = rehearsal_desk, category_of(rehearsal_desk)
    orders = [Order(f"Impatient {number}", category) for number in range(12)]
    tokens = [desk.token("maya") for _ in orders]
    reader = (desk.people["lena"], desk.token("lena"))
    answers: list[Told] = []
    with Crowd(desk.url) as crowd, locked(desk):
        until = time.monotonic() + 10
        sending = [
            threading.Thread(
                target=lambda *given: answers.append(send(*given)), args=(desk.url, token, order)
            )
            for token, order in zip(tokens[:8], orders[:8], strict=True)
        ]
        for thread in sending:
            thread.start()
        time.sleep(0.5)
        start = time.monotonic()
        crowd.seat([reader], "/calls", seconds=8)
        opened = time.monotonic() - start
        for thread in sending:
            thread.join(15)
        assert time.monotonic() < until
        time.sleep(max(0, until - time.monotonic()))
    slowest = max(each.seconds for each in answers)
    figure("locked by another process: the last of 8 refusals under a lock of 10 s", slowest, "s")
    figure("locked by another process: a page opened meanwhile", opened, "s")
    assert not [each for each in answers if each.saved or BUSY not in each.frames]
    assert slowest < 7
    assert opened < 3
    again = [send(desk.url, token, order) for token, order in zip(tokens, orders, strict=True)]
    assert all(each.saved for each in again)
    checker.expect_sound(desk.database_url, [order.acknowledged() for order in orders])


def online(screen: checker.Screen) -> int:
    """How many colleagues it shows as being here."""
    return int(screen.slots["people"]["extra"]["online"])


def test_a_stopped_database_is_said_at_once_and_the_desk_recovers_by_itself(
    tmp_path: Path, figure: Figure
) -> None:
    with a_cluster() as cluster, a_desk(tmp_path, cluster.url) as desk:
        category, token = category_of(desk), desk.token("maya")
        orders = [Order(f"Order {number}", category) for number in range(4)]
        names = desk.hire_many(8)
        people = [(desk.people[name], desk.token(name)) for name in names]
        desk.close_store()
        with Crowd(desk.url) as crowd, RawSocket(desk.url, token) as socket:
            crowd.seat(people)
            assert told(socket, orders[0], time.monotonic()).saved
            # Who has come is told a moment later.
            wait_until(
                lambda: all(online(screen) == 9 for screen in crowd.screens()), 20, lambda: "not all are here"
            )
            crowd.settle()
            before = [screen.slots for screen in crowd.screens()]
            cluster.stop()
            refusals = [told(socket, order, time.monotonic()) for order in orders[1:3]]
            # Longer than a sign-in is believed without asking: nobody may be shown out for it.
            socket.listen(scaled(3, 20))
            refusals.append(told(socket, orders[3], time.monotonic()))
            assert [screen.slots for screen in crowd.screens()] == before
            # A page that is opened meanwhile is empty, and fills itself like the others.
            crowd.seat(people[:1], "/calls/1")
            cluster.start()
            start = time.monotonic()
            while not told(socket, orders[1], time.monotonic()).saved:
                assert time.monotonic() - start < 10
            recovered = time.monotonic() - start
            assert all(told(socket, order, time.monotonic()).saved for order in orders[2:])
            checker.expect_screens(desk.database_url, crowd.screens, seconds=30)
            assert all(client.live and not client.shown_out for client in crowd.clients)
        slowest = max(each.seconds for each in refusals)
        figure("database stopped: slowest refusal of a write", slowest, "s")
        figure("database stopped: saves again after its return", recovered, "s")
        assert not [each for each in refusals if each.saved or AWAY not in each.frames]
        assert slowest < 2
        checker.expect_sound(desk.database_url, [order.acknowledged() for order in orders])


@contextmanager
def no_room(desk: RunningDesk, cluster: Cluster | None) -> Iterator[None]:
    """No file may grow any more. PostgreSQL is started again for it, and afterwards: limits belong to a process."""
    if cluster is None:
        assert desk.process is not None
        largest = max(path.stat().st_size for path in desk.folder.glob("desk.db*"))
        limits = resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (largest + 3 * 4096 + 100, limits[1]))
        yield
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, limits)
        return
    with psycopg.connect(cluster.url.replace("+psycopg", "")) as asked:
        sizes = asked.execute("SELECT pg_relation_size('touch')").fetchone()
    assert sizes and sizes[0] > 2**20, "the log of PostgreSQL itself must still fit"
    cluster.stop()
    cluster.start(largest_file=int(sizes[0]) + 8192)
    yield
    cluster.stop()
    cluster.start()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_full_disk_refuses_clearly_and_harms_nothing(kind: str, tmp_path: Path, figure: Figure) -> None:
    with stores(kind, tmp_path) as (url, cluster):
        upgrade(url)
        fill(url, scaled(3_000, 20_000))
        # Whoever fills a disk saves faster than any hand.
        with a_desk(tmp_path, url, environment={"SERVICE_DESK_EVENTS_PER_SECOND": "1000000"}) as desk:
            desk.close_store()
            saved, refused = _save_until_full(desk, cluster)
            lost = checker.acknowledged_off(url, [order.acknowledged() for order in [*saved, *refused]])
            figure("disk full: changes refused with the sentence", len(refused))
            figure("disk full: changes lost", len(lost))
            assert not lost
            checker.expect_sound(url)


def _save_until_full(desk: RunningDesk, cluster: Cluster | None) -> tuple[list[Order], list[Order]]:
    """Orders that were saved on the way to a full disk, and those that were refused, and saved once there was room."""
    desk.open_store()
    token, lena = desk.token("maya"), (desk.people["lena"], desk.token("lena"))
    desk.close_store()
    saved: list[Order] = []
    refused: list[Order] = []
    with Crowd(desk.url) as crowd, RawSocket(desk.url, token) as socket:
        crowd.seat([lena])
        with no_room(desk, cluster):
            while len(refused) < 3:
                order = Order(f"Heavy {len(saved)} {len(refused)} " + "x" * 1500, 1)
                answer = told(socket, order, time.monotonic())
                (saved if answer.saved else refused).append(order)
                assert answer.saved or any(each in answer.frames for each in NO_ROOM), answer.frames
                assert len(saved) < 5_000
            crowd.seat([lena], "/customers")
        for order in refused:
            wait_until(
                lambda again=order: told(socket, again, time.monotonic()).saved, 10, lambda: "still full"
            )
        checker.expect_screens(desk.database_url, crowd.screens, seconds=30)
    return saved, refused


@contextmanager
def stores(kind: str, folder: Path) -> Iterator[tuple[str, Cluster | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}", None
        return
    with a_cluster() as cluster:
        yield cluster.url, cluster


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_without_a_page_left_says_that_the_disk_is_full(database: Database) -> None:
    dispatcher, category = make_user(Role.DISPATCHER), make_category()
    make_call(dispatcher, category_id=category)
    with database.engine.connect() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    database.engine.dispose()
    limit = lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}")  # noqa: E731
    event.listen(database.engine, "connect", limit)
    with pytest.raises(Busy, match=FULL):
        for number in range(200):
            make_call(dispatcher, category_id=category, problem=f"{number}" + "x" * 1900)
    event.remove(database.engine, "connect", limit)
    database.engine.dispose()
    make_call(dispatcher, category_id=category)
    checker.expect_sound(database.url.render_as_string(hide_password=False))
