"""What a sign-in is made of, and that its time runs out on sockets that stay open."""

from __future__ import annotations

import base64
import hashlib
import time
from datetime import timedelta

import pytest
from sqlmodel import col, select

from service_desk.actions.sessions import sign_in
from service_desk.actions.users import create_user
from service_desk.config import settings
from service_desk.domain.access import Actor
from service_desk.domain.times import now
from service_desk.domain.users import Role, UserSession
from service_desk.queries.sessions import who_is
from service_desk.store.change import housekeeping
from service_desk.store.database import Database, current

from ..caller import WIRE, Caller
from ..door import PASSWORD, Door
from ..factories import make_user
from ..raw_socket import HYDRATE
from ..running_desk import RunningDesk
from .second_steps import set_up


@pytest.fixture
def dana(database: Database) -> int:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return create_user(make_user(Role.ADMIN), form)


def test_a_token_is_256_random_bits_of_which_the_hash_is_kept(dana: int) -> None:
    tokens = [sign_in("dana", PASSWORD) for _ in range(20)]
    bits = [base64.urlsafe_b64decode(token + "=") for token in tokens]
    assert {len(each) for each in bits} == {32} and len(set(bits)) == 20
    with current().reading() as session:
        kept = session.exec(select(UserSession.token_hash).order_by(col(UserSession.id))).all()
    assert list(kept) == [hashlib.sha256(token.encode()).hexdigest() for token in tokens]


def test_behind_a_proxy_with_tls_the_cookie_is_secure(dana: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_DESK_PUBLIC_URL", "https://desk.example")
    settings.cache_clear()
    try:
        door = Door()
        origin = {"origin": "https://desk.example"}
        given = door.post(
            "/auth/sign-in", data={"username": "dana", "password": PASSWORD}, headers=origin
        ).headers["set-cookie"]
        assert given.startswith("service_desk_session=")
        attributes = {part.strip().lower() for part in given.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/", f"max-age={7 * 86_400}"} <= attributes
        assert not [part for part in attributes if part.startswith("domain")]
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize(
    ("field", "past"), [("last_used_at", timedelta(hours=8)), ("expires_at", timedelta(0))]
)
def test_time_runs_out_on_an_open_socket_within_two_seconds(
    desk: RunningDesk, field: str, past: timedelta
) -> None:
    token = desk.token("lena")
    actor = who_is(token)
    assert actor is not None
    with Caller(desk.url, token) as lena:
        lena.settle()
        with housekeeping() as session:
            row = session.get(UserSession, actor.session_id)
            setattr(row, field, now() - past)
        started = time.monotonic()
        lena.wait_for(lambda frame: "/sign-in?reason=expired" in frame, 4)
        assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("does", "in_use"),
    [("comes back", False), ("opens a page", True), ("goes on to another", True), ("looks", True)],
)
def test_only_what_somebody_does_keeps_a_sign_in_in_use(desk: RunningDesk, does: str, in_use: bool) -> None:
    """A page whose connection is lost comes back by itself, also where nobody has been for hours."""
    token = desk.token("lena")
    actor = who_is(token)
    assert actor is not None
    before = now() - timedelta(hours=5)
    with housekeeping() as session:
        session.get_one(UserSession, actor.session_id).last_used_at = before
    on_load = f"{HYDRATE.rpartition('.')[0]}.reflex___state____on_load_internal_state.on_load_internal"
    with Caller(desk.url, token) as lena:
        lena.settle()
        acts = {
            "comes back": (HYDRATE, {}),
            "opens a page": (HYDRATE, {"hashes": ["0"]}),
            "goes on to another": (on_load, {}),
            "looks": (WIRE["calls_page.look"], {}),
        }
        lena.send(*acts[does])
        lena.settle()

    def used_since() -> bool:
        with current().reading() as session:
            return session.get_one(UserSession, actor.session_id).last_used_at > before

    until = time.monotonic() + (5 if in_use else 0)
    while not used_since() and time.monotonic() < until:
        time.sleep(0.02)
    assert used_since() == in_use


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "service_desk_code_3000"),
        ({"SERVICE_DESK_PORT": "3001"}, "service_desk_code_3001"),
        ({"SERVICE_DESK_PUBLIC_URL": "http://localhost:3000"}, "service_desk_code_3000"),
        ({"SERVICE_DESK_PUBLIC_URL": "http://localhost"}, "service_desk_code"),
        ({"SERVICE_DESK_SESSION_COOKIE": "own"}, "own_code"),
    ],
)
def test_two_desks_on_one_host_take_no_ticket_from_each_other(
    dana: int, environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(Actor(dana, Role.DISPATCHER, "Dana O."))
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    try:
        given, origin = {"username": "dana", "password": PASSWORD}, {"origin": settings().origins[0]}
        named = Door().post("/auth/sign-in", data=given, headers=origin).headers["set-cookie"]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert named.partition("=")[0] == name
