"""Guessing passwords: how often, from where, for how long, and what the time it takes tells."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlmodel import func, select

from service_desk.actions import passwords, sessions
from service_desk.actions.users import create_user
from service_desk.domain.security import ThrottleHit
from service_desk.domain.users import Role
from service_desk.store.database import Database, current
from service_desk.store.migrate import upgrade
from tests.door import PASSWORD, Door
from tests.factories import make_user
from tests.figures import FULL, Figure
from tests.running_desk import PASSWORD as WORD
from tests.running_desk import RunningDesk

WRONG = {"username": "dana", "password": "guess"}
PAIRS = 500 if FULL else 25
RIGHT = {"username": "dana", "password": PASSWORD}


@pytest.fixture
def dana(database: Database) -> int:
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    return create_user(make_user(Role.ADMIN), form)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really compared with a hash."""
    seen: list[str] = []
    verify = passwords.verify_password

    def note(hashed: str | None, password: str) -> bool:
        seen.append(password)
        return verify(hashed, password)

    monkeypatch.setattr(sessions, "verify_password", note)
    return seen


def hits() -> int:
    with current().reading() as session:
        return session.exec(select(func.count()).select_from(ThrottleHit)).one()


def test_of_a_thousand_guesses_from_one_place_ten_are_tried(
    dana: int, checked: list[str], figure: Figure
) -> None:
    door = Door()
    codes = [door.post("/auth/sign-in", data=WRONG).status_code for _ in range(1_000)]
    assert codes == [401] * 10 + [429] * 990
    figure("guessing: tried of 1,000 guesses from one place", len(checked))
    assert checked == ["guess"] * 10
    assert hits() == 20
    assert Door(address="192.0.2.7").post("/auth/sign-in", data=RIGHT).status_code == 303


def test_of_a_thousand_guesses_at_once_from_twenty_places_ten_each_are_tried(
    dana: int, checked: list[str]
) -> None:
    for number in range(20):
        codes = Door(address=f"203.0.113.{number}").post_at_once("/auth/sign-in", 50, data=WRONG)
        assert sorted(codes) == [401] * 10 + [429] * 40
    assert len(checked) == 200
    assert Door(address="192.0.2.7").post("/auth/sign-in", data=RIGHT).status_code == 303


def test_signing_in_forgets_the_accounts_guesses_and_writes_nothing_of_its_own(dana: int) -> None:
    door = Door()
    for _ in range(9):
        door.post("/auth/sign-in", data=WRONG)
    assert door.post("/auth/sign-in", data=RIGHT).status_code == 303
    assert hits() == 9, "those of the address stay"
    codes = [door.post("/auth/sign-in", data=WRONG).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_hits_that_count_no_more_are_swept_away(dana: int) -> None:
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        for _ in range(3):
            for number in range(10):
                Door(address=f"203.0.113.{number}").post("/auth/sign-in", data=WRONG)
            clock.shift(2 * 3600)
        assert hits() == 20


def test_what_was_typed_as_a_username_is_not_stored(dana: int) -> None:
    Door().post("/auth/sign-in", data={"username": "oops-my-password", "password": "x"})
    with current().reading() as session:
        assert "oops" not in str(session.exec(select(ThrottleHit.key)).all())


def test_a_restart_forgives_nothing(tmp_path: Path) -> None:
    desk = RunningDesk(tmp_path)
    desk.do_without_pages()
    upgrade(desk.database_url)
    desk.open_store()
    desk.hire(username="dana", name="Dana Ortiz", role=Role.ADMIN)
    desk.close_store()
    desk.start()
    try:
        wrong = [_guess(desk, "wrong") for _ in range(10)]
        desk.stop()
        desk.start()
        assert wrong == [401] * 10
        assert _guess(desk, WORD) == 429
    finally:
        desk.stop()


def _guess(desk: RunningDesk, password: str) -> int:
    form = urlencode({"username": "dana", "password": password}).encode()
    try:
        with urlopen(Request(f"{desk.url}/auth/sign-in", form, {"Origin": desk.url}), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    database: Database, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr(
        passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    )
    passwords.warm_up()
    form = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}
    create_user(make_user(Role.ADMIN), form)
    took: dict[str, list[float]] = {"dana": [], "nobody": []}
    for number in range(PAIRS):
        door = Door(address=f"203.0.{113 + number // 250}.{number % 250}")
        for username, times in took.items():
            started = time.perf_counter()
            assert door.post("/auth/sign-in", data=WRONG | {"username": username}).status_code == 401
            times.append(time.perf_counter() - started)
    known, unknown = (statistics.median(times) for times in took.values())
    figure("passwords: wrong ones tried, for half of them no user exists", sum(map(len, took.values())))
    figure("passwords: an answer for a user takes, median", known, "s")
    figure("passwords: an answer for nobody takes, median", unknown, "s")
    assert 0.7 < known / unknown < 1.4, f"{known * 1000:.1f} ms, {unknown * 1000:.1f} ms"


def test_after_warming_up_nobodys_password_needs_no_hash_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Counting(PasswordHasher):
        hashed = 0

        def hash(self, *given: object, **more: object) -> str:
            Counting.hashed += 1
            return super().hash(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    passwords.warm_up()
    assert Counting.hashed == 1
    assert not passwords.verify_password(None, "guess")
    assert Counting.hashed == 1
