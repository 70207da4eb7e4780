"""How a migration runs: in one transaction, one process at a time, on SQLite and PostgreSQL alike."""

from typing import Any

from sqlalchemy import Connection, String, text
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeDecorator

from alembic import context
from service_desk.config import settings
from service_desk.store.migrate import metadata, migrating_engine
from service_desk.store.texts import keeps_texts

# Any number will do, as long as every start of the desk uses the same.
ONE_AT_A_TIME = 7_340_128


def plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations must not depend on today's models: types are written as the database knows them."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    stored = item.impl_instance
    return f"sa.String(length={stored.length})" if isinstance(stored, String) else f"sa.{stored!r}"


def is_modelled(name: str | None, kind: str, _parents: Any) -> bool:
    """The texts that are searched have no models."""
    return kind != "table" or name is None or not keeps_texts(name)


def can_be_compared(thing: Any, _name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    """SQLite tells of an index only the columns, and not in which direction they go."""
    is_sqlite = context.get_context().dialect.name == "sqlite"
    return kind != "index" or not is_sqlite or "DESC" not in f"{CreateIndex(thing)}"


def run(connection: Connection) -> None:
    """Bring `connection` to the revision that was asked for."""
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=True,
        render_item=plain_type,
        include_name=is_modelled,
        include_object=can_be_compared,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.run_migrations()


def write(dialect: str) -> None:
    """Write the statements instead, for somebody else's transaction."""
    context.configure(dialect_name=dialect, literal_binds=True, transactional_ddl=False)
    with context.begin_transaction():
        context.run_migrations()


url = context.config.attributes.get("url") or settings().database_url
if context.is_offline_mode():
    write(make_url(url).get_backend_name())
else:
    engine = migrating_engine(url)
    try:
        with engine.connect() as opened:
            run(opened)
    finally:
        engine.dispose()
