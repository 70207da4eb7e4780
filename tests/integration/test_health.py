"""What /healthz says: whether the database answers, and Redis where there is one."""

from __future__ import annotations

import pytest

from service_desk.store.database import Database, disconnect
from service_desk.web import health
from tests.door import Door


@pytest.fixture
def door(database: Database) -> Door:
    return Door()


def test_it_tells_whether_the_database_answers(door: Door) -> None:
    for path in ("/healthz", "/health"):
        answer = door.get(path)
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["version"] and "redis" not in answer.json()
    disconnect()
    answer = door.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_without_redis_the_desk_is_as_well_as_its_database(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_redis_answers", lambda: False)
    answer = door.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert (answer.json()["database"], answer.json()["redis"]) == ("ok", "unreachable")
    disconnect()
    answer = door.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["redis"] == "unreachable"


def test_redis_that_answers_is_said_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_redis_answers", lambda: True)
    told = door.get("/healthz").json()
    assert (told["status"], told["redis"]) == ("ok", "ok")
