"""What comes over the sockets and is refused stands in the door book within a second, however much it is."""

from __future__ import annotations

import contextlib
import time
import uuid
from datetime import datetime

import httpx
import pytest
from sqlmodel import col, select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from service_desk.domain.calls import Call
from service_desk.domain.security import Door, SecurityEvent
from service_desk.domain.times import now
from service_desk.store.database import current
from service_desk.ui.inbox import NOT_HERE

from ..caller import WIRE, Caller
from ..factories import make_call
from ..readings import stored
from ..running_desk import COOKIE, RunningDesk


@pytest.fixture
def begun() -> datetime:
    """When the test began: others have left lines in the same book."""
    return now()


def noted(user_id: int | None, kind: Door, since: datetime, seconds: float = 1.5) -> list[tuple[str, str]]:
    """Detail and address of the lines of this kind about this user, as soon as there are any."""
    wanted = select(SecurityEvent).where(
        col(SecurityEvent.user_id).is_(None) if user_id is None else SecurityEvent.user_id == user_id,
        SecurityEvent.kind == kind.value,
        col(SecurityEvent.last_at) >= since,
    )
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with current().reading() as session:
            if found := session.exec(wanted.order_by(col(SecurityEvent.id))).all():
                return [(line.detail, line.address) for line in found]
        time.sleep(0.05)
    return []


def test_a_denied_step_is_noted_with_who_tried_it_and_from_where(desk: RunningDesk, begun: datetime) -> None:
    with Caller(desk.url, desk.token("fay")) as fay:
        fay.settle()
        fay.call("new_user.save", {"form": {"username": "mallory"}})
    found = noted(desk.people["fay"].id, Door.STEP_DENIED, begun)
    assert ("new_user.save", "127.0.0.1") in found
    assert "mallory" not in str(found)


def test_a_page_for_admins_is_noted_when_another_opens_it(desk: RunningDesk, begun: datetime) -> None:
    with Caller(desk.url, desk.token("ravi")) as ravi:
        ravi.settle("/security")
    assert noted(desk.people["ravi"].id, Door.PAGE_DENIED, begun) == [("/security", "127.0.0.1")]


def test_who_tries_records_of_others_is_noted(desk: RunningDesk, begun: datetime) -> None:
    theirs = make_call(desk.people["dana"])
    jo = desk.people["jo"]
    with Caller(desk.url, desk.token("jo")) as caller:
        caller.settle()
        caller.call("complete_call.choose", {"call_id": theirs})
    assert ("complete_call.choose", "127.0.0.1") in noted(jo.id, Door.STEP_DENIED, begun)
    cookie = {"Cookie": f"{COOKIE}={desk.token('jo')}"}
    assert httpx.get(f"{desk.url}/plain/calls/{theirs}", headers=cookie).status_code == 404
    assert noted(jo.id, Door.PAGE_DENIED, begun) == [(f"/plain/calls/{theirs}", "127.0.0.1")]


@pytest.mark.parametrize("record", ["calls", "customers"])
def test_who_walks_through_the_pages_of_records_of_others_is_noted(
    desk: RunningDesk, begun: datetime, record: str
) -> None:
    call = make_call(desk.people["dana"])
    path = f"/{record}/{call if record == 'calls' else stored(Call, call).customer_id}"
    with Caller(desk.url, desk.token("jo")) as jo:
        jo.settle(path)
    assert (path, "127.0.0.1") in noted(desk.people["jo"].id, Door.PAGE_DENIED, begun)


def test_a_handler_that_does_not_exist_is_noted_without_its_name(desk: RunningDesk, begun: datetime) -> None:
    with Caller(desk.url, desk.token("jo")) as jo:
        jo.settle()
        jo.send("my_password_is_swordfish")
        jo.wait_for(lambda frame: NOT_HERE in frame)
    assert noted(desk.people["jo"].id, Door.STEP_DENIED, begun) == [(NOT_HERE, "127.0.0.1")]


def test_a_foreign_origin_at_the_socket_is_noted(desk: RunningDesk, begun: datetime) -> None:
    address = f"ws://localhost:{desk.port}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    cookie = {"Cookie": f"{COOKIE}={desk.token('dana')}"}
    with (
        pytest.raises(InvalidStatus),
        connect(address, additional_headers=cookie, origin="http://evil.example"),
    ):
        pass
    told = ("the socket from http://evil.example", "127.0.0.1")
    assert told in noted(None, Door.FOREIGN_ORIGIN, begun)


def test_a_flood_of_denied_steps_makes_few_rows(desk: RunningDesk, begun: datetime) -> None:
    lena = desk.people["lena"]
    with Caller(desk.url, desk.token("lena")) as socket, contextlib.suppress(ConnectionClosed):
        socket.settle()
        for _ in range(3_000):
            socket.send(WIRE["new_user.save"], {"form": {}})
        socket.listen(1)
    assert noted(lena.id, Door.TOO_MUCH_SENT, begun) == [("", "127.0.0.1")]
    assert len(noted(lena.id, Door.STEP_DENIED, begun)) <= 2
