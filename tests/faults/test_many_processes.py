"""Several processes of one desk: what one commits all see, and whichever of them ends, nothing is lost."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from service_desk.actions.categories import create_category
from service_desk.actions.sessions import sign_out
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.live.elsewhere import FORGET_SECONDS

from ..figures import Figure
from ..polling import Polling
from ..raw_socket import RawSocket
from ..running_desk import COOKIE, RunningDesk
from . import checker
from .commanders import Commander, Order
from .crowd import Client, Crowd, wait_until
from .processes import kill_worker, many_processes, places, workers_of
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


def seat_everywhere(crowd: Crowd, people: list[tuple[Actor, str]], path: str = "/calls") -> list[Client]:
    """So many tabs for these people that every process has some, one that has only just been started too."""
    seated: list[Client] = []
    until = time.monotonic() + 60
    while len({client.place for client in seated}) < WORKERS:
        assert time.monotonic() < until, f"all sit in {places(crowd)}"
        seated += crowd.seat(people, path)
    return seated


def somebody(desk: RunningDesk, *names: str) -> list[tuple[Actor, str]]:
    return [(desk.people[name], desk.token(name)) for name in names]


@contextmanager
def at_work(desk: RunningDesk, category: int, count: int) -> Iterator[list[Commander]]:
    """People who save one thing after another, over a new connection whenever theirs is lost."""
    over = threading.Event()
    commanders = [Commander(desk.url, desk.token("maya"), category) for _ in range(count)]

    def work(commander: Commander) -> None:
        while not over.is_set():
            commander.run(over.is_set)

    working = [threading.Thread(target=work, args=(each,), daemon=True) for each in commanders]
    for thread in working:
        thread.start()
    yield commanders
    over.set()
    for thread in working:
        thread.join(30)
    for each in commanders:
        each.settle()


def test_a_change_in_one_process_is_told_once_in_all(many: Many, network: int) -> None:
    desk, _ = many
    with Crowd(desk.url) as crowd, RawSocket(desk.url, desk.token("maya")) as maya:
        clients = seat_everywhere(crowd, somebody(desk, "lena", "fay", "dana"))
        crowd.settle()
        for client in clients:
            client.frames = []
        words = [f"Told once {number}" for number in range(scaled(8, 40))]
        for word in words:
            Order(word, network).send(maya)
            maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
            wait_until(
                lambda word=word: all(times_told(each, word) for each in clients),
                5,
                lambda word=word: f"{word}: {[(each.place, times_told(each, word)) for each in clients]}",
            )
        crowd.settle()
        told = {times_told(client, word) for client in clients for word in words}
        assert told == {1}
        checker.expect_screens(desk.database_url, crowd.screens, seconds=5)


def times_told(client: Client, word: str) -> int:
    """In how many frames the list of calls got a row with this word."""
    return sum(f'"{word}"' in frame and "call_list" in frame for frame in client.frames or [])


def test_what_many_save_in_all_processes_at_once_is_on_every_screen(many: Many, network: int) -> None:
    desk, _ = many
    with Crowd(desk.url) as crowd:
        seat_everywhere(crowd, somebody(desk, "lena", "fay", "ravi"))
        with at_work(desk, network, 6) as commanders:
            time.sleep(scaled(2, 20))
        saved = [each for commander in commanders for each in commander.saved]
        assert len(saved) > 20
        checker.expect_screens(desk.database_url, crowd.screens, seconds=10)
        checker.expect_sound(desk.database_url, saved)


def test_whoever_is_here_is_here_in_all_processes_and_gone_with_a_killed_one(
    many: Many, figure: Figure
) -> None:
    desk, _ = many
    desk.open_store()
    with Crowd(desk.url) as crowd:
        lookers = seat_everywhere(crowd, somebody(desk, "lena"))
        with RawSocket(desk.url, desk.token("jo")) as jo:
            jo.open_page()
            jo.wait_for(lambda frame: "call_list" in frame)
            here = desk.people["jo"].id
            wait_until(lambda: all(is_online(each, here) for each in lookers), 5, lambda: "not told")
        # The process that has Ravi is killed, and he does not come back.
        ravi = RawSocket(desk.url, desk.token("ravi")).__enter__()
        ravi.open_page()
        ravi.wait_for(lambda frame: "call_list" in frame)
        gone = desk.people["ravi"].id
        wait_until(lambda: all(is_online(each, gone) for each in lookers), 5, lambda: "not told")
        killed = time.monotonic()
        kill_worker(desk, ravi.place)
        wait_until(
            lambda: all(each.live and is_online(each, gone) is False for each in lookers),
            FORGET_SECONDS + 10,
            lambda: f"{[(each.place, each.live, is_online(each, gone)) for each in lookers]}",
        )
        figure("a worker dies: its people are shown as gone after", time.monotonic() - killed, "s")


def is_online(client: Client, user_id: int) -> bool | None:
    row = client.slots.get("people", {}).get(f"row_{user_id}")
    return bool(row["online"]) if row else None


def test_a_sign_out_in_one_process_is_heeded_in_all_within_two_seconds(many: Many) -> None:
    desk, _ = many
    desk.open_store()
    token = desk.token("fay")
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(crowd, [(desk.people["fay"], token)])
        with httpx.Client(base_url=desk.url, cookies={COOKIE: token}) as browser:
            browser.post("/auth/sign-out", headers={"Origin": desk.url})
        wait_until(lambda: all(each.shown_out for each in clients), 2, lambda: "somebody still sits")


def test_a_sign_in_that_the_console_ended_is_shown_out_everywhere(many: Many) -> None:
    desk, _ = many
    desk.open_store()
    token = desk.token("fay")
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(crowd, [(desk.people["fay"], token)])
        # This process is none of the desk's: nobody is told.
        sign_out(token)
        wait_until(lambda: all(each.shown_out for each in clients), 2.5, lambda: "somebody still sits")


def test_long_polling_finds_its_process_over_whatever_connection_it_comes(many: Many, network: int) -> None:
    desk, _ = many
    tokens = [desk.token("maya") for _ in range(3 * WORKERS)]
    # Every request over a connection of its own, as through some proxies: two of three come to another process.
    one_each = httpx.Limits(max_keepalive_connections=0)
    browsers = [Polling(desk.url, token, limits=one_each) for token in tokens]
    for browser in browsers:
        browser.open_page()
    assert len({browser.query["sid"].partition("-")[0] for browser in browsers}) > 1
    for number, browser in enumerate(browsers):
        word = f"Polled {number}"
        with RawSocket(desk.url, desk.token("lena")) as lena:
            Order(word, network).send(lena)
            browser.listen_for(word)
    for browser in browsers:
        browser.http.close()


def test_a_poll_over_a_kept_connection_finds_its_process_too(many: Many) -> None:
    """A browser that has two tabs sends both their requests over the same few connections."""
    desk, _ = many
    desk.open_store()
    token = desk.token("maya")
    tabs = [Polling(desk.url, token) for _ in range(2 * WORKERS)]
    for tab in tabs:
        assert tab.open().status_code == 200
        tab.http.close()
    assert len({tab.query["sid"].partition("-")[0] for tab in tabs}) > 1
    with httpx.Client(base_url=desk.url, cookies={COOKIE: token}, timeout=10) as kept:
        for tab in tabs:
            tab.http = kept
            assert tab.post("40/_event,").text.lower() == "ok"
        for tab in tabs:
            tab.listen_for("40/_event,")


def test_a_killed_process_costs_nothing_that_was_acknowledged(
    many: Many, network: int, figure: Figure
) -> None:
    desk, _ = many
    kills = scaled(3, 30)
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(crowd, somebody(desk, "lena", "fay", "dana"))
        slowest = 0.0
        with at_work(desk, network, 4) as commanders:
            for _ in range(kills):
                victim = clients[0].place
                hit = [client for client in clients if client.place == victim]
                killed = time.monotonic()
                kill_worker(desk, victim)
                crowd.wait_until_live(seconds=15, clients=hit, since=killed)
                slowest = max(slowest, *(client.back_at - killed for client in hit))
                time.sleep(max(0.0, killed + 2 - time.monotonic()))
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
    wait_until(lambda: len(workers_of(desk)) == WORKERS, 15, lambda: "not started again")


@pytest.mark.parametrize("how", ["stopped", "held still"])
def test_without_redis_the_desk_goes_on_and_heals(many: Many, network: int, figure: Figure, how: str) -> None:
    desk, redis = many
    with Crowd(desk.url) as crowd, RawSocket(desk.url, desk.token("maya")) as maya:
        clients = seat_everywhere(crowd, somebody(desk, "lena", "fay"))
        redis.stop() if how == "stopped" else redis.hold_still()
        away = time.monotonic()
        slowest, orders = 0.0, [Order(f"Away {how} {number}", network) for number in range(scaled(5, 18))]
        for order in orders:
            sent = time.monotonic()
            order.send(maya)
            maya.wait_for(lambda frame: 'answered("new-call-form", true' in frame.replace("\\", ""))
            slowest = max(slowest, time.monotonic() - sent)
            late = checker.expect_screens(desk.database_url, crowd.screens, seconds=4)
            figure(f"Redis {how}: a change is on every screen after, at most", late, "s")
        # Somebody who comes just now finds a desk that works.
        newcomer = crowd.seat(somebody(desk, "dana"))[0]
        assert newcomer.slots["call_list"]["order"]
        maya.listen(max(0.0, away + scaled(4, 20) - time.monotonic()))
        redis.start() if how == "stopped" else redis.go_on()
        back = time.monotonic()
        for client in clients:
            client.frames = []
        wait_until(lambda: told_at_once(desk, clients, maya, network), 10, lambda: "no news over Redis")
        figure(f"Redis {how}: healed after its return", time.monotonic() - back, "s")
        figure(f"Redis {how}: slowest answer to a save meanwhile", slowest, "s")
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
        clients = seat_everywhere(crowd, somebody(desk, "lena", "fay"))
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
        clients = seat_everywhere(crowd, somebody(desk, "lena", "fay", "dana"))
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
