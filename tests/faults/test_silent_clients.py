"""Clients that never read, never join or are nobody: they cost next to nothing, and nobody else notices."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import uuid
from collections.abc import Iterator

import pytest

from service_desk.actions import passwords
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.live.lines import CONNECTING_SECONDS, WITHOUT_PLACE_SECONDS
from service_desk.web.wire import STALLED_SECONDS

from ..caller import SHOWN_OUT, WIRE, Caller, basis
from ..factories import make_call
from ..figures import Figure
from ..log_lines import LogLines
from ..raw_socket import HYDRATE, RawSocket, fresh_key
from ..running_desk import RunningDesk
from .bare_wire import BareWire
from .conftest import CHEAP, a_desk
from .crowd import wait_until
from .scale import scaled
from .usage import open_sockets, resident_bytes

ROWS = 25
ROOM = 4096
OPEN = {
    "name": HYDRATE,
    "payload": {},
    "router_data": {"pathname": "/calls", "asPath": "/calls", "query": {}},
}
SILENT = 10
OTHERS_WAIT_SECONDS = scaled(2.0, 0.3)
"""What 99 of 100 changes of others may take at most; looser beside other tests."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One server, without pages; the store has no part in this, so SQLite will do."""
    folder = tmp_path_factory.mktemp("silent")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        with a_desk(folder, f"sqlite:///{folder / 'desk.db'}") as running:
            yield running


def test_clients_that_never_read_cost_little_and_nobody_waits_for_them(
    desk: RunningDesk, figure: Figure
) -> None:
    dana, wanted = desk.people["dana"], scaled(4e6, 20e6)
    category = create_category(dana, CategoryKind.CALL, {"name": "Network"})
    for _ in range(ROWS):
        make_call(dana, category_id=category, address="ж" * 300)
    names, log = desk.hire_many(SILENT), LogLines(desk)
    tokens = [desk.token(name) for name in names]
    with contextlib.ExitStack() as open_now, Caller(desk.url, desk.token("lena")) as lena:
        lena.settle()
        before, files = resident_bytes(desk), open_sockets(desk)
        silent = [open_now.enter_context(BareWire(desk.url, token, room=ROOM)) for token in tokens]
        for wire in silent:
            wire.send("40/_event,")
            wire.send("42/_event," + json.dumps(["event", OPEN]))
        waits, most, changed, name = [], 0, 0.0, "Network"
        while changed < wanted:
            with Caller(desk.url, desk.token("dana")) as dana_again:
                dana_again.settle("/categories")
                for _ in range(100):
                    wait, size, name = _rename(dana_again, lena, category, name)
                    waits.append(wait)
                    changed += size
                    most = max(most, resident_bytes(desk) - before)
        # They still read nothing, so only the server can have ended them.
        wait_until(
            lambda: open_sockets(desk) <= files,
            STALLED_SECONDS + 10,
            lambda: f"{open_sockets(desk) - files} sockets that never read were kept",
        )
    waits.sort()
    figure("a client that never reads: changes made", changed / 1e6, "MB")
    figure("a client that never reads: server memory for it, at most", most / SILENT / 1e6, "MB")
    figure("a client that never reads: others wait, median", waits[len(waits) // 2], "s")
    figure("a client that never reads: others wait, p99", waits[len(waits) * 99 // 100], "s")
    assert most / SILENT < 5e6
    assert waits[len(waits) * 99 // 100] < OTHERS_WAIT_SECONDS
    assert len(log.lines()) <= 2 * SILENT


def _rename(dana: Caller, lena: Caller, category: int, before: str) -> tuple[float, int, str]:
    """Change every row of the list. Returns the seconds until Lena sees it, its characters, and the new name."""
    name = f"Network {uuid.uuid4()}"
    form = {"basis": basis(category, name=before), "name": name, "key": fresh_key()}
    seen, started = len(lena.frames), time.monotonic()
    dana.send(WIRE["rename_category.save"], {"form": form}, "/categories")
    lena.wait_for(lambda frame: name in frame, 20)
    waited = time.monotonic() - started
    dana.wait_for(lambda frame: "answered" in frame, 20)
    # Slower than any limit of hers.
    time.sleep(1 / 25)
    return waited, sum(len(frame) for frame in lena.frames[seen:]), name


def test_who_connects_and_never_joins_is_closed(desk: RunningDesk) -> None:
    with BareWire(desk.url, desk.token("fay")) as wire:
        assert wire.is_ended(WITHOUT_PLACE_SECONDS + 5)


def test_who_was_shown_out_cannot_stay_on_the_line(desk: RunningDesk) -> None:
    with RawSocket(desk.url) as stranger:
        assert stranger.wait_for(lambda frame: frame.startswith("41/_event"))
        stranger.listen(WITHOUT_PLACE_SECONDS + 5)
        assert stranger.closed
    assert SHOWN_OUT in "".join(stranger.frames)


def test_strangers_cost_no_state_and_come_in_small_numbers(desk: RunningDesk, figure: Figure) -> None:
    time.sleep(CONNECTING_SECONDS)
    count, log = 300, LogLines(desk)
    before = resident_bytes(desk)
    with contextlib.ExitStack() as open_now:
        strangers = [open_now.enter_context(BareWire(desk.url)) for _ in range(count)]
        let_in = [wire for wire in strangers if not wire.is_refused]
        for wire in let_in:
            wire.send("40/_event,")
            with contextlib.suppress(OSError):
                wire.send("42/_event," + json.dumps(["event", OPEN]))
        with Caller(desk.url, desk.token("maya")) as maya:
            maya.settle()
        grown = resident_bytes(desk) - before
    figure("strangers: sockets of 300 that were answered", len(let_in))
    figure("strangers: memory for each of them", grown / len(let_in) / 1e3, "KB")
    assert len(let_in) <= 30
    assert len(log.lines()) <= 60


def test_a_tab_whose_sign_in_is_over_is_told_where_to_go(desk: RunningDesk) -> None:
    time.sleep(CONNECTING_SECONDS)
    with RawSocket(desk.url, "a" * 43) as stranger:
        stranger.wait_for(lambda frame: frame.startswith("41/_event"))
        assert SHOWN_OUT + "unknown" in "".join(stranger.frames)


def test_a_half_open_socket_is_dropped_by_the_next_ping(desk: RunningDesk) -> None:
    with BareWire(desk.url, desk.token("fay")) as wire:
        wire.send("40/_event,")
        wire.socket.settimeout(30)
        started, heard = time.monotonic(), b""
        with contextlib.suppress(socket.timeout, OSError):
            while part := wire.socket.recv(65536):
                heard += part
                if heard.rstrip().endswith(b"\x88\x02\x03\xe8") or b"\x88\x02\x03" in part:
                    break
        assert time.monotonic() - started < 20
