"""Databases of a test's own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from .conftest import POSTGRES


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database without any table: "sqlite" in the folder, or "postgresql", dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}"
        return
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"service_desk_test_{secrets.token_hex(6)}"
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError as fault:
        pytest.skip(f"PostgreSQL can't be reached: {fault.orig}")
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
