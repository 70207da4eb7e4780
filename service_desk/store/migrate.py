"""Brings a database to the schema that this version of the desk needs."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from alembic import command

from .. import domain

_ROOT = Path(__file__).resolve().parents[2]


def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing up to `revision`. All of it or nothing; several processes may call it at once."""
    command.upgrade(config_of(url), revision)


def script(url: str, since: str | None) -> str:
    """What `upgrade` would do to a database of the revision `since`, as SQL without a transaction of its own."""
    config, written = config_of(url), StringIO()
    config.output_buffer = written
    command.upgrade(config, f"{since}:head", sql=True)
    return written.getvalue()


def downgrade(url: str, revision: str) -> None:
    """Take back everything after `revision`; "base" empties the database."""
    command.downgrade(config_of(url), revision)


def check(url: str) -> None:
    """Raises alembic.util.CommandError when the models and the migrated database differ."""
    command.check(config_of(url))


def metadata() -> MetaData:
    """Every table of the desk: those of each module in `domain`."""
    for module in iter_modules(domain.__path__, f"{domain.__name__}."):
        import_module(module.name)
    return SQLModel.metadata


def migrating_engine(url: str) -> Engine:
    """An engine for schema changes: foreign keys rest while SQLite rebuilds a table, and it locks at once."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, poolclass=NullPool)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _lock_at_once)
    return engine


def config_of(url: str) -> Config:
    """What Alembic needs to know of this database and of the migrations."""
    config = Config(str(_ROOT / "alembic.ini"))
    # Not as an option of the file: a percent sign in a password would be read as an interpolation.
    config.attributes["url"] = url
    return config


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _lock_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
