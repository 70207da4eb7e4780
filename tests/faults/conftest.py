"""Desks to rehearse faults on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from service_desk.actions import passwords
from service_desk.store.database import Database
from service_desk.store.migrate import upgrade

from ..running_desk import PEOPLE, RunningDesk, free_port
from ..seats import sit
from ..stores import new_database
from . import checker

__all__ = ["sit"]

NOTHING: Mapping[str, str] = {}
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply, so that crowds can be hired and sign in."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture(autouse=True)
def judged(request: pytest.FixtureRequest) -> Iterator[None]:
    """No rehearsal can forget the judge: its database is looked at as it was left, also where a module shares it."""
    names = {"database", "desk"} & set(request.fixturenames)
    urls = [_url_of(request.getfixturevalue(name)) for name in names]
    yield
    for url in urls:
        checker.expect_sound(url)


def _url_of(store: Database | RunningDesk) -> str:
    return (
        store.database_url
        if isinstance(store, RunningDesk)
        else store.url.render_as_string(hide_password=False)
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def rehearsal_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningDesk]:
    """A running desk with PEOPLE, on a database of its own, for bare sockets: its pages are never built.

    Its store is open in the test's process too.
    """
    with new_database(request.param, tmp_path) as url, a_desk(tmp_path, url) as desk:
        yield desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """A running desk with PEOPLE and its pages, for Chromium, on SQLite; its store is open here too."""
    with new_database("sqlite", tmp_path) as url, a_desk(tmp_path, url, pages=True) as desk:
        yield desk


@contextmanager
def a_desk(
    folder: Path,
    url: str,
    *,
    pages: bool = False,
    environment: Mapping[str, str] = NOTHING,
    module: str = "service_desk",
    port: int = 0,
) -> Iterator[RunningDesk]:
    """A running desk with PEOPLE on the database at `url`, which is migrated first.

    It ends as in a power cut, and then the judge looks at what it left.
    """
    settings = {**environment, **({} if pages else without_pages(folder))}
    desk = RunningDesk(folder, settings, store=url, module=module)
    upgrade(url)
    desk.open_store()
    try:
        for username, (name, role) in PEOPLE.items():
            desk.hire(username=username, name=name, role=role)
        desk.start(port or free_port())
        yield desk
    finally:
        desk.kill()
        desk.close_store()
    checker.expect_sound(url)


def without_pages(folder: Path) -> dict[str, str]:
    """Settings of a server that serves an empty page, so that nothing has to be built."""
    page = folder / "web" / "build" / "client" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("<!doctype html>")
    return {"SERVICE_DESK_WEB_DIR": str(folder / "web"), "SERVICE_DESK_SKIP_BUILD": "1"}
