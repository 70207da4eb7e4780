"""Several processes of one desk: what one commits all see, and whichever of them ends, nothing is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from service_desk.actions.categories import create_category
from service_desk.actions.sessions import sign_out
from service_desk.domain.categories import CategoryKind
from service_desk.live.elsewhere import FORGET_SECONDS

from ..figures import Figure
from ..polling import Polling
from ..raw_socket import RawSocket
from ..running_desk import COOKIE, RunningDesk
from . import checker
from .commanders import Order
from .crowd import Client, Crowd, wait_until
from .processes import (
    at_work,
    kill_worker,
    many_processes,
    seat_everywhere,
    somebody,
    times_told,
    wait_until_ready,
)
from .redis_server import RedisServer
from .scale import scaled

WORKERS = scaled(2, 3)
TOKEN = "a token for the collector"
Many = tuple[RunningDesk, RedisServer]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    with many_processes(tmp_path_factory.mktemp("many"), WORKERS, SERVICE_DESK_METRICS_TOKEN=TOKEN) as many:
        yield many


@pytest.fixture
def network(many: Many) -> int:
    desk, _ = many
    desk.open_store()
    return create_category(desk.people["dana"], CategoryKind.CALL, {"name": f"Network {time.monotonic()}"})


def test_a_change_in_one_process_is_told_once_in_all(many: Many, network: int) -> None:
    desk, _ = many
    with Crowd(desk.url) as crowd, RawSocket(desk.url, desk.token("maya")) as maya:
        clients = seat_everywhere(desk, crowd, somebody(desk, "lena", "fay", "dana"))
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


def test_what_many_save_in_all_processes_at_once_is_on_every_screen(many: Many, network: int) -> None:
    desk, _ = many
    with Crowd(desk.url) as crowd:
        seat_everywhere(desk, crowd, somebody(desk, "lena", "fay", "ravi"))
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
        lookers = seat_everywhere(desk, crowd, somebody(desk, "lena"))
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
    wait_until_ready(desk, WORKERS)


def is_online(client: Client, user_id: int) -> bool | None:
    row = client.slots.get("people", {}).get(f"row_{user_id}")
    return bool(row["online"]) if row else None


def test_a_sign_out_in_one_process_is_heeded_in_all_within_two_seconds(many: Many) -> None:
    desk, _ = many
    desk.open_store()
    token = desk.token("fay")
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(desk, crowd, [(desk.people["fay"], token)])
        with httpx.Client(base_url=desk.url, cookies={COOKIE: token}) as browser:
            browser.post("/auth/sign-out", headers={"Origin": desk.url})
        wait_until(lambda: all(each.shown_out for each in clients), 2, lambda: "somebody still sits")


def test_a_sign_in_that_the_console_ended_is_shown_out_everywhere(many: Many) -> None:
    desk, _ = many
    desk.open_store()
    token = desk.token("fay")
    with Crowd(desk.url) as crowd:
        clients = seat_everywhere(desk, crowd, [(desk.people["fay"], token)])
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
    tabs: list[Polling] = []
    while len({tab.query["sid"].partition("-")[0] for tab in tabs}) < 2:
        assert len(tabs) < 50, "all are in one process"
        tabs.append(Polling(desk.url, token))
        assert tabs[-1].open().status_code == 200
        tabs[-1].http.close()
    with httpx.Client(base_url=desk.url, cookies={COOKIE: token}, timeout=10) as kept:
        for tab in tabs:
            tab.http = kept
            assert tab.post("40/_event,").text.lower() == "ok"
        for tab in tabs:
            tab.listen_for("40/_event,")


def test_the_figures_of_each_process_can_be_asked_for(many: Many) -> None:
    desk, _ = many
    with httpx.Client(base_url=desk.url, headers={"Authorization": f"Bearer {TOKEN}"}) as collector:
        told = {
            slot: {
                re.findall(
                    r"^process_start_time_seconds (\S+)", collector.get(f"/metrics?worker={slot}").text, re.M
                )[0]
                for _ in range(4 * WORKERS)
            }
            for slot in range(1, WORKERS + 1)
        }
    assert {len(times) for times in told.values()} == {1}
    assert len(set().union(*told.values())) == WORKERS


def test_long_polling_goes_over_to_a_websocket_of_its_own_process(many: Many) -> None:
    desk, _ = many
    desk.open_store()
    token = desk.token("maya")
    address = desk.url.replace("http", "ws", 1) + "/_event/?EIO=4&transport=websocket&sid="
    for _ in range(4 * WORKERS):
        browser = Polling(desk.url, token)
        browser.open_page()
        cookie = {"Cookie": f"{COOKIE}={token}"}
        with connect(address + browser.query["sid"], additional_headers=cookie, origin=desk.url) as socket:
            socket.send("2probe")
            assert socket.recv(timeout=10) == "3probe"
        browser.http.close()
