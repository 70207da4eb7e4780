"""Processes that end, are renewed, or are left without Redis: nothing acknowledged is lost, and all come back."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..figures import FULL, Figure
from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from . import checker
from .commanders import Order
from .crowd import Client, Crowd, wait_until
from .processes import (
    at_work,
    kill_worker,
    many_processes,
    places,
    seat_everywhere,
    somebody,
    times_told,
    wait_until_ready,
    workers_of,
)
from .redis_server import RedisServer
from .scale import scaled

WORKERS = scaled(2, 3)
Many = tuple[RunningDesk, RedisServer]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    with many_processes(tmp_path_factory.mktemp("many"), WORKERS) as many:
        yield many


@pytest.fixture
def network(many: Many) -> int:
    desk, _ = many
    desk.open_store()
    return create_category(desk.people["dana"], CategoryKind.CALL, {"name": f"Network {time.monotonic()}"})


def test_a_killed_process_costs_nothing_that_was_acknowledged(
    many: Many, network: int, figure: Figure
) -> None:
    desk, _ = many
    kills = scaled(2, 30)
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(desk, crowd, somebody(desk, "lena", "fay", "dana"))
        slowest = 0.0
        with at_work(desk, network, 4) as commanders:
            for _ in range(kills):
                victim = clients[0].place
                hit = [client for client in clients if client.place == victim]
                killed = time.monotonic()
                kill_worker(desk, victim)
                crowd.wait_until_live(seconds=15, clients=hit, since=killed)
                slowest = max(slowest, *(client.back_at - killed for client in hit))
                if FULL:
                    time.sleep(max(0.0, killed + 2 - time.monotonic()))
                else:
                    wait_until_ready(desk, WORKERS)
        saved = [each for commander in commanders for each in commander.saved]
        lost = checker.acknowledged_off(desk.database_url, saved)
        figure("a worker dies: kills", kills)
        figure("a worker dies: acknowledged changes", len(saved))
        figure("a worker dies: acknowledged changes lost", len(lost))
        figure("a worker dies: slowest session back after", slowest, "s")
        assert not lost
        # Two cores that also run everybody else's work are no measure: the promise is held to its own numbers.
        assert slowest < scaled(15, 5)
        checker.expect_screens(desk.database_url, crowd.screens, seconds=10)
        checker.expect_sound(desk.database_url, saved)
    wait_until_ready(desk, WORKERS)


@pytest.mark.parametrize("how", ["stopped", "held still"])
def test_without_redis_the_desk_goes_on_and_heals(many: Many, network: int, figure: Figure, how: str) -> None:
    desk, redis = many
    with Crowd(desk.url) as crowd, RawSocket(desk.url, desk.token("maya")) as maya:
        clients = seat_everywhere(desk, crowd, somebody(desk, "lena", "fay"))
        redis.stop() if how == "stopped" else redis.hold_still()
        away = time.monotonic()
        slowest, latest, orders = (
            0.0,
            0.0,
            [Order(f"Away {how} {number}", network) for number in range(scaled(5, 18))],
        )
        for order in orders:
            sent = time.monotonic()
            order.send(maya)
            maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
            slowest = max(slowest, time.monotonic() - sent)
            late = checker.expect_screens(desk.database_url, crowd.screens, seconds=scaled(10, 4))
            latest = max(latest, late)
        # Somebody who comes just now finds a desk that works.
        newcomer = crowd.seat(somebody(desk, "dana"))[0]
        assert newcomer.slots["call_list"]["order"]
        maya.listen(max(0.0, away + scaled(4, 20) - time.monotonic()))
        redis.start() if how == "stopped" else redis.go_on()
        back = time.monotonic()
        for client in clients:
            client.frames = []
        wait_until(lambda: told_at_once(desk, clients, maya, network), 10, lambda: "no news over Redis")
        figure(f"Redis away: {how}, a change is on every screen after, at most", latest, "s")
        figure(f"Redis away: {how}, healed after its return", time.monotonic() - back, "s")
        figure(f"Redis away: {how}, slowest answer to a save meanwhile", slowest, "s")
        assert slowest < 5
        checker.expect_screens(desk.database_url, crowd.screens, seconds=5)
        checker.expect_sound(desk.database_url, [order.acknowledged() for order in orders])
        assert all(not client.shown_out and client.returns == 1 for client in clients)


def told_at_once(desk: RunningDesk, clients: list[Client], maya: RawSocket, network: int) -> bool:
    """Whether changes reach all processes sooner than the look that each takes once a second; three times running."""
    for turn in range(3):
        word = f"Healed {time.monotonic()} {turn}"
        Order(word, network).send(maya)
        maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
        until = time.monotonic() + 0.3
        while not all(times_told(each, word) for each in clients):
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
    return True


def test_what_redis_holds_can_be_lost_with_everybody_at_work(many: Many, network: int) -> None:
    desk, redis = many
    with Crowd(desk.url) as crowd, RawSocket(desk.url, desk.token("maya")) as maya:
        clients = seat_everywhere(desk, crowd, somebody(desk, "lena", "fay"))
        Order("Before the loss", network).send(maya)
        maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
        redis.stop()
        redis.start()
        order = Order("After the loss", network)
        order.send(maya)
        maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
        checker.expect_screens(desk.database_url, crowd.screens, seconds=5)
        assert all(not client.shown_out and client.returns == 1 for client in clients)


def test_renewing_the_processes_lets_nobody_down(many: Many, network: int, figure: Figure) -> None:
    desk, _ = many
    assert desk.process is not None
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(desk, crowd, somebody(desk, "lena", "fay", "dana"))
        before, refused = set(workers_of(desk)), []
        over = threading.Event()

        def knock() -> None:
            while not over.is_set():
                try:
                    with urllib.request.urlopen(f"{desk.url}/sign-in", timeout=10) as answer:
                        answer.read()
                except OSError as fault:
                    refused.append(repr(fault))
                over.wait(0.1)

        knocking = threading.Thread(target=knock, daemon=True)
        knocking.start()
        with at_work(desk, network, 1) as commanders:
            began = time.monotonic()
            desk.process.send_signal(signal.SIGHUP)
            wait_until(
                lambda: len(workers_of(desk)) == WORKERS and not before & set(workers_of(desk)),
                90,
                lambda: f"{before} became {set(workers_of(desk))}",
            )
        over.set()
        knocking.join(10)
        crowd.wait_until_live(seconds=10, since=began)
        saved = [each for commander in commanders for each in commander.saved]
        assert refused == []
        # Whoever had to leave came to a new process at once, and never to one that was about to end.
        assert {client.returns for client in clients} == {2}
        assert not places(crowd) & before
        checker.expect_screens(desk.database_url, crowd.screens, seconds=10)
        checker.expect_sound(desk.database_url, saved)
        figure("rolling restart: requests refused meanwhile", len(refused))


def test_the_log_of_many_processes_holds_no_secret(many: Many) -> None:
    desk, _ = many
    told = desk.log.read_text()
    assert "connected to Redis" in told
    assert not re.findall(r"Traceback|Unretrieved|never retrieved", told), json.dumps(told[-3000:])


def test_a_dead_parent_takes_its_processes_with_it(many: Many) -> None:
    """The last one: there is no desk afterwards."""
    desk, _ = many
    pids = list(workers_of(desk).values())
    desk.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in pids), 20, lambda: "orphans")


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as told:
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
