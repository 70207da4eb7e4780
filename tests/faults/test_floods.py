"""Sockets that send more, or stranger things, than any page: they are bounded, and nobody else notices."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from service_desk.actions import passwords
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.live.lines import BURST_SECONDS, MOST_DROPPED, REST, TOO_MUCH

from ..caller import Caller, sentences
from ..factories import make_call
from ..figures import Figure
from ..log_lines import LogLines
from ..running_desk import RunningDesk
from .bare_wire import BareWire
from .conftest import CHEAP, a_desk
from .nuisance import EVENT, MALFORMED, joined, let_loose
from .onlookers import somebody_at_work
from .scale import scaled
from .usage import resident_bytes

OTHERS_WAIT_SECONDS = scaled(2.0, 0.3)
"""What 99 of 100 changes of others may take at most; looser beside other tests."""
FRAMES_A_SIGN_IN = 20
METRICS_TOKEN = "a token for the collector"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One server for all floods, without pages; the store has no part in them, so SQLite will do."""
    folder = tmp_path_factory.mktemp("floods")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        metrics = {"SERVICE_DESK_METRICS_TOKEN": METRICS_TOKEN}
        with a_desk(folder, f"sqlite:///{folder / 'desk.db'}", environment=metrics) as running:
            yield running


@pytest.fixture
def category(desk: RunningDesk) -> int:
    """A category with a call, so that renaming it changes a row of the list."""
    dana = desk.people["dana"]
    made = create_category(dana, CategoryKind.CALL, {"name": f"Network {uuid4()}"})
    make_call(dana, category_id=made)
    return made


def dropped(desk: RunningDesk) -> int:
    """How many events the server has read and thrown away so far, as it says itself."""
    told = httpx.get(f"{desk.url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
    samples = (each for family in text_string_to_metric_families(told) for each in family.samples)
    return int(next(each.value for each in samples if "dropped" in each.labels.values()))


def test_fifty_thousand_events_disturb_nobody(desk: RunningDesk, category: int, figure: Figure) -> None:
    count, log, before = scaled(5_000, 50_000), LogLines(desk), resident_bytes(desk)
    # A sign-in rests when a socket of it was cut, so each goes on until then and the next one comes.
    tokens = [desk.token("fay") for _ in range(count // MOST_DROPPED)]
    read, started = dropped(desk), time.monotonic()
    with somebody_at_work(desk, category) as waits:
        cut = let_loose("flood", desk.url, tokens, 2 * MOST_DROPPED)
        took = time.monotonic() - started
        time.sleep(1)
    read, lines = dropped(desk) - read, log.lines()
    figure("flood of events: events that the server read", read)
    figure("flood of events: sockets that were cut", cut)
    figure("flood of events: a second", read / took)
    figure("flood of events: log lines", len(lines))
    figure("flood of events: others wait, median", waits.median, "s")
    figure("flood of events: others wait, p99", waits.p99, "s")
    figure("flood of events: memory grew by", (resident_bytes(desk) - before) / 1e6, "MB")
    assert cut == len(tokens)
    assert read >= count
    assert len(lines) <= 100
    assert not [line for line in lines if "Traceback" in line or "ERROR" in line]
    assert waits.p99 < OTHERS_WAIT_SECONDS
    assert resident_bytes(desk) - before < 30e6


def test_a_socket_that_is_too_fast_is_told_once_a_second_and_goes_on(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("fay")) as fay:
        fay.settle()
        for _ in range(400):
            fay.send("no.such.handler")
        told = sentences(fay.listen(0.5))
        assert 1 <= sum(TOO_MUCH in each for each in told) <= 2
        time.sleep(BURST_SECONDS)
        assert sentences(fay.call("calls_page.start", {}))


def test_a_socket_that_goes_on_is_cut_and_its_sign_in_rests(desk: RunningDesk) -> None:
    token = desk.token("fay")
    with joined(desk.url, token) as fay:
        with contextlib.suppress(OSError):
            for _ in range(MOST_DROPPED + 200):
                fay.send(EVENT)
        assert fay.is_ended(5)
    with BareWire(desk.url, token) as again:
        assert again.is_refused
    time.sleep(REST.get_expiry())
    with Caller(desk.url, token) as fay_later:
        fay_later.settle()


def test_ten_tabs_that_come_back_at_once_are_not_too_fast(desk: RunningDesk, figure: Figure) -> None:
    token = desk.token("fay")
    with contextlib.ExitStack() as tabs:
        all_ten = [tabs.enter_context(Caller(desk.url, token)) for _ in range(10)]
        for tab in all_ten:
            tab.open_page()
        for tab in all_ten:
            tab.wait_for(lambda frame: '"is_hydrated_rx_state_":true' in frame)
            assert TOO_MUCH not in "".join(tab.frames)


def test_ten_thousand_malformed_frames_are_a_few_lines_in_the_log(
    desk: RunningDesk, category: int, figure: Figure
) -> None:
    count, log, before = scaled(500, 10_000), LogLines(desk), resident_bytes(desk)
    # One sign-in may not connect that often.
    tokens = [desk.token("fay") for _ in range(count // FRAMES_A_SIGN_IN)]
    with somebody_at_work(desk, category) as waits:
        looked_at = let_loose("babble", desk.url, tokens, count)
    lines = log.lines()
    figure("malformed frames: sent, each over a socket of its own", count)
    figure("malformed frames: that made the server end their socket", looked_at)
    figure("malformed frames: log lines", len(lines))
    figure("malformed frames: others wait, median", waits.median, "s")
    figure("malformed frames: others wait, p99", waits.p99, "s")
    figure("malformed frames: memory grew by", (resident_bytes(desk) - before) / 1e6, "MB")
    assert looked_at == count
    assert len(lines) <= 100
    assert not [line for line in lines if "Traceback" in line or "ERROR" in line]
    assert waits.p99 < OTHERS_WAIT_SECONDS
    assert resident_bytes(desk) - before < 30e6


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_no_page_sends_ends_the_socket(desk: RunningDesk, kind: str) -> None:
    with joined(desk.url, desk.token("fay")) as wire:
        wire.send_bytes(MALFORMED[kind])
        assert wire.is_ended(5)
