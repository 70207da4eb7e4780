"""A server that is asked to stop lets what has begun end, sends back the rest, and is gone in seconds."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.store.migrate import upgrade

from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from ..typist import PAGES, Typist

GONE_SECONDS = 10
SAVE = f"{PAGES}calls_state____new_call.save"


@pytest.fixture
def own(server: RunningDesk, tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk of this test's own, since it is stopped."""
    desk = RunningDesk(tmp_path, dict(server.environment))
    upgrade(desk.database_url)
    desk.open_store()
    desk.hire(username="dana", name="Dana Ortiz", role=server.people["dana"].role)
    desk.hire(username="maya", name="Maya Singh", role=server.people["maya"].role)
    desk.start()
    yield desk
    if desk.process:
        desk.process.kill()
    desk.close_store()


def call_form(desk: RunningDesk, category: int, problem: str) -> dict[str, str]:
    return {
        "phone": "+14155550123",
        "customer_name": "Bright Stores",
        "category_id": str(category),
        "problem": problem,
    }


def ask_to_stop(desk: RunningDesk) -> None:
    assert desk.process is not None
    desk.process.send_signal(signal.SIGTERM)


def test_everybody_is_told_what_comes_late_goes_back_and_the_server_is_gone(own: RunningDesk) -> None:
    network = create_category(own.people["dana"], CategoryKind.CALL, {"name": "Network"})
    with RawSocket(own.url, own.token("maya")) as socket, httpx.Client(base_url=own.url) as probe:
        socket.open_page()
        assert probe.get("/healthz").status_code == 200
        asked = time.monotonic()
        ask_to_stop(own)
        socket.wait_for(lambda frame: '["restarting"]' in frame)
        assert probe.get("/healthz").status_code == 503
        late = {"form": call_form(own, network, "Too late")}
        socket.send(SAVE, late)
        back = socket.wait_for(lambda frame: '["unhandled"' in frame)
        event = json.loads(back.removeprefix("42/_event,"))[1]
        assert (event["name"], event["payload"]) == (SAVE, late)
        with pytest.raises(ConnectionClosed):
            socket.wait_for(lambda _: False)
        assert any(frame.startswith("41/_event") for frame in socket.frames)
    assert own.process is not None
    assert own.process.wait(GONE_SECONDS) == 0
    assert time.monotonic() - asked < GONE_SECONDS
    assert not list_calls(own.people["maya"], CallsQuestion()).order


def test_a_change_that_waits_for_a_lock_is_made_and_answered_before_the_server_goes(own: RunningDesk) -> None:
    network = create_category(own.people["dana"], CategoryKind.CALL, {"name": "Network"})
    path = own.folder / "desk.db"
    with Typist(own.url, own.token("maya")) as typist:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        answers: list[object] = []

        def log() -> None:
            answers.append(typist.log_call("Held up", network, "+14155550123"))

        thread = threading.Thread(target=log)
        thread.start()
        time.sleep(0.5)
        ask_to_stop(own)
        time.sleep(1.5)
        holder.execute("COMMIT")
        holder.close()
        thread.join(10)
        assert len(answers) == 1
    assert own.process is not None
    assert own.process.wait(GONE_SECONDS) == 0
    rows = list_calls(own.people["maya"], CallsQuestion()).rows.values()
    assert [row["problem"] for row in rows] == ["Held up"]


def test_nobody_is_let_in_once_the_server_was_asked_to_stop(own: RunningDesk) -> None:
    with RawSocket(own.url, own.token("maya")) as socket:
        ask_to_stop(own)
        socket.wait_for(lambda frame: '["restarting"]' in frame)
        with pytest.raises(OSError), RawSocket(own.url, own.token("maya")):
            pass
