"""No other site's page gets in with somebody's cookie: over the socket, by polling, or with a form."""

from __future__ import annotations

import uuid

import httpx
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from service_desk.queries.sessions import who_is

from ..figures import Figure
from ..running_desk import COOKIE, PASSWORD, RunningDesk

TRICKS = (
    "http://evil.example",
    "null",
    "http://localhost:{port}.evil.example",
    "https://localhost:{port}",
    "http://localhost:{port}@evil.example",
    "http://localhost",
)


def test_no_foreign_origin_is_accepted(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk = rehearsal_desk
    token, accepted = desk.token("dana"), 0
    cookie = {"Cookie": f"{COOKIE}={token}"}
    for trick in TRICKS:
        origin = trick.format(port=desk.port)
        accepted += opens_a_socket(desk, origin, cookie)
        asks = f"{desk.url}/_event/?EIO=4&transport=polling&token={uuid.uuid4()}"
        accepted += httpx.get(asks, headers={**cookie, "Origin": origin}).status_code < 400
        for path, form in (
            ("/auth/sign-out", {}),
            ("/auth/sign-in", {"username": "dana", "password": PASSWORD}),
            ("/second-factor", {"step": "begin", "password": PASSWORD}),
        ):
            answer = httpx.post(desk.url + path, data=form, headers={**cookie, "Origin": origin})
            accepted += answer.status_code != 403
    assert who_is(token) is not None, "somebody else's page signed her out"
    assert opens_a_socket(desk, desk.url, cookie), "the desk's own page can't get in"
    figure("origin allow-list: foreign origins tried", len(TRICKS))
    figure("origin allow-list: accepted on socket, polling and forms", accepted)
    assert accepted == 0


def opens_a_socket(desk: RunningDesk, origin: str, cookie: dict[str, str]) -> bool:
    address = f"ws://localhost:{desk.port}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    try:
        with connect(address, additional_headers=cookie, origin=origin):
            return True
    except InvalidStatus as refused:
        assert refused.response.status_code in (400, 403)
        return False
