"""Behind a proxy everybody counts by their own address, if the proxy is one that is named."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from service_desk.domain.security import SecurityEvent
from service_desk.store.database import current
from service_desk.store.migrate import upgrade

from ..running_desk import RunningDesk

PROXY = "127.0.0.2"
VISITOR = "203.0.113.9"
PUBLIC = "https://desk.example"


@contextlib.contextmanager
def behind_a_proxy(folder: Path, trusted: str) -> Iterator[RunningDesk]:
    upgrade(f"sqlite:///{folder / 'desk.db'}")
    desk = RunningDesk(
        folder, {"SERVICE_DESK_PUBLIC_URL": PUBLIC, "SERVICE_DESK_TRUSTED_PROXIES": trusted}, 0
    )
    desk.do_without_pages()
    desk.open_store()
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()
        desk.close_store()


def guess(desk: RunningDesk) -> str:
    """A wrong guess through the proxy; the address that the door book has for it."""
    headers = {"X-Forwarded-For": VISITOR, "X-Forwarded-Proto": "https", "Origin": PUBLIC}
    with httpx.Client(transport=httpx.HTTPTransport(local_address=PROXY), headers=headers) as proxy:
        proxy.post(f"{desk.url}/auth/sign-in", data={"username": "nobody", "password": "a wrong guess"})
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with current().reading() as session:
            if found := session.exec(select(SecurityEvent.address)).first():
                return found
        time.sleep(0.05)
    raise TimeoutError("the guess was not noted")


@pytest.mark.parametrize(("trusted", "noted"), [(f"{PROXY}/32", VISITOR), ("10.0.0.0/8", PROXY)])
def test_a_visitor_counts_by_the_address_that_a_trusted_proxy_tells(
    tmp_path: Path, trusted: str, noted: str
) -> None:
    with behind_a_proxy(tmp_path, trusted) as desk:
        assert guess(desk) == noted
        assert ("not in SERVICE_DESK_TRUSTED_PROXIES" in desk.log.read_text()) == (noted == PROXY)
