"""The judge of every rehearsal finds what it is there for, and no desk of a rehearsal ends without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service_desk.domain.users import Role
from service_desk.store.database import Database, current

from ..factories import make_call, make_user
from ..hub_room import edit
from . import checker
from .checker import Acknowledged, Screen
from .conftest import a_desk
from .looking import watched


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_a_desk_whose_rows_were_changed_behind_its_back_fails_its_rehearsal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    behind_its_back = "UPDATE \"user\" SET full_name = 'Mallory' WHERE username = 'jo'"
    told = pytest.raises(AssertionError, match="The journal replayed gives the rows as they are")
    with told, a_desk(tmp_path, url), current().engine.begin() as connection:
        connection.exec_driver_sql(behind_its_back)


def test_what_was_acknowledged_and_is_not_stored_is_found(database: Database) -> None:
    maya = make_user(Role.DISPATCHER)
    call = make_call(maya, problem="Stored")
    kept = Acknowledged("create call", "call", call, "problem", "Stored")
    lost = Acknowledged("create call", "call", call, "problem", "Lost")
    unkeyed = Acknowledged("create call", "call", call, key="a key that nobody sent")
    assert checker.acknowledged_off(url_of(database), [kept]) == []
    assert len(checker.acknowledged_off(url_of(database), [lost])) == 1
    assert len(checker.acknowledged_off(url_of(database), [unkeyed])) == 1


def test_what_was_stored_twice_is_found(database: Database) -> None:
    maya = make_user(Role.DISPATCHER)
    call = make_call(maya, problem="One")
    for words in ("Two", "One", "Two"):
        edit(maya, call, problem=words)
    twice = Acknowledged("edit call", "call", call, "problem", "Two")
    assert "stored 2 times" in str(checker.acknowledged_off(url_of(database), [twice]))


def test_a_screen_that_missed_a_change_is_found(database: Database) -> None:
    maya = make_user(Role.DISPATCHER)
    call, url = make_call(maya, problem="Before"), url_of(database)
    seen: list[Screen] = []
    tabs = {"tab": (maya, f"/calls/{call}")}
    watched(url, tabs, lambda: None, seen.extend)
    assert checker.screens_off(url, seen) == []
    edit(maya, call, problem="After")
    assert "After" in str(checker.screens_off(url, seen))
