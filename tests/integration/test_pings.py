"""A connection that died while nobody used it is nobody's trouble."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from service_desk.queries.answer import read_seq
from service_desk.store import pings
from service_desk.store.database import connect, current, disconnect
from service_desk.store.migrate import upgrade
from tests.stores import new_database


def test_a_connection_that_died_while_it_lay_idle_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_database("postgresql", tmp_path) as url:
        upgrade(url)
        connect(url)
        try:
            before = backend()
            end_backend(url, before)
            monkeypatch.setattr(pings, "IDLE_SECONDS", 0.0)
            assert backend() != before
        finally:
            disconnect()


def backend() -> int:
    """The server's process behind the connection that is used, after a question like any other."""
    with current().reading() as session:
        read_seq(session)
        return int(session.connection().scalar(text("SELECT pg_backend_pid()")) or 0)


def end_backend(url: str, number: int) -> None:
    engine = create_engine(url)
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    engine.dispose()
