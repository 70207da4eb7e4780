"""Connections that lay idle are asked whether they still stand; those just used are believed."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS = 1.0
"""A question to the server before every use would be a fifth of all that is sent to it."""
_BACK_AT = "desk_back_at"


def ping_the_idle(engine: Engine) -> None:
    """Ask each connection that was not used for IDLE_SECONDS; when one is dead, all that are open are made anew.

    One that dies sooner fails the statement, which is told as a busy desk, and has all others made anew as well.
    """
    dialect = engine.dialect

    def note(_connection: Any, record: Any) -> None:
        record.info[_BACK_AT] = monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get(_BACK_AT, monotonic()) < IDLE_SECONDS:
            return
        try:
            stands = dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError() from fault
        if not stands:
            raise InvalidatePoolError()

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)
