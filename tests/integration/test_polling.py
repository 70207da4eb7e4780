"""Long-polling is held to what holds for WebSockets: origins, sizes, and whose connection it is."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from service_desk.web.server import MAX_FRAME_BYTES

from ..polling import Polling
from ..raw_socket import RawSocket
from ..running_desk import RunningDesk

SILENCE_SECONDS = 20
ASK = '42/_event,["event",{"name":"nothing.of_ours","payload":{},"router_data":{"pathname":"/calls"}}]'
ANSWER = "toast"
"""What the desk says to an event of no handler."""


@pytest.fixture
def polling(desk: RunningDesk) -> Iterator[Polling]:
    """Somebody signed in, connected and shown the list of calls."""
    polling = Polling(desk.url, desk.token("maya"))
    polling.open_page()
    yield polling
    polling.http.close()


def test_a_post_from_another_origin_is_refused_and_does_nothing(polling: Polling) -> None:
    for named in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        assert polling.post("41/_event,", named).status_code == 403
    assert polling.post(ASK).status_code == 200
    polling.listen_for(ANSWER)


def test_another_origin_can_neither_open_nor_read(desk: RunningDesk, polling: Polling) -> None:
    foreign = {"Origin": "http://evil.example"}
    assert polling.get(foreign).status_code == 400
    assert Polling(desk.url, desk.token("maya")).get(foreign).status_code == 400
    assert "access-control-allow-origin" not in polling.get(foreign).headers


def test_a_connection_is_worth_nothing_without_the_cookie_it_was_opened_with(
    desk: RunningDesk, polling: Polling
) -> None:
    for token in (None, desk.token("lena"), desk.token("maya")):
        thief = Polling(desk.url, token)
        thief.query = polling.query
        assert thief.get().status_code == 403
        assert thief.post(ASK).status_code == 403
    assert polling.post(ASK).status_code == 200
    polling.listen_for(ANSWER)


def test_a_websocket_cannot_take_over_somebody_elses_connection(desk: RunningDesk, polling: Polling) -> None:
    thief = RawSocket(desk.url, desk.token("lena"), tab=f"x&sid={polling.query['sid']}")
    with pytest.raises(Exception, match="403"), thief:
        pass
    assert polling.post(ASK).status_code == 200


def test_what_it_says_is_never_wrapped_into_a_script(polling: Polling) -> None:
    assert polling.get(j="0").status_code == 403
    fresh = dict(polling.query)
    fresh.pop("sid")
    assert polling.http.get("/_event/", params=fresh | {"j": "0"}).status_code == 403


def test_a_body_beyond_the_limit_is_refused_unread(polling: Polling) -> None:
    assert polling.post("4" + "x" * MAX_FRAME_BYTES).status_code == 413
    polling.post(ASK)
    polling.listen_for(ANSWER)


def test_many_events_in_one_body_are_all_taken(polling: Polling) -> None:
    polling.post("\x1e".join([ASK] * 40))
    heard = ""
    while len(re.findall(ANSWER, heard)) < 40:
        heard += polling.get().text


def test_a_stranger_is_shown_out_over_polling_too(desk: RunningDesk) -> None:
    stranger = Polling(desk.url, None)
    stranger.open()
    stranger.post("40/_event,")
    stranger.listen_for("/sign-in")


def test_the_server_notices_within_twenty_seconds_that_nobody_answers(
    desk: RunningDesk, polling: Polling
) -> None:
    with RawSocket(desk.url, desk.token("maya")) as silent:
        begun = time.monotonic()
        with pytest.raises(ConnectionClosed):
            while True:
                silent.socket.recv(timeout=SILENCE_SECONDS)
        assert time.monotonic() - begun < SILENCE_SECONDS
    time.sleep(max(0.0, begun + SILENCE_SECONDS - time.monotonic()))
    assert polling.get().status_code == 400
