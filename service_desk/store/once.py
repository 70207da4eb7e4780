"""Commands carried out exactly once: a repetition is answered with what the first one did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Table, update
from sqlalchemy.dialects import postgresql, sqlite

from ..domain.commands import Command, is_key
from ..domain.errors import Busy, DeskError, Invalid, SavedOtherwise
from ..domain.times import now
from .database import current
from .session import DeskSession, UnjournaledWriteError

NO_KEY = "Nothing was saved: this page is out of date. Load it again, then send this once more."
OTHERWISE = "This was saved already, with other words. Look at what was saved before you save it again."
_TABLE: Table = Command.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: its answer, the journal's number of the change (None when nothing differed afterwards),
    and whether this was a repetition."""

    result: Any
    seq: int | None
    repeated: bool = False


class CarriedOutError(Exception):
    """Ends an action whose command was carried out already. Only `once` sees it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("this command was carried out already")
        self.outcome = outcome


@dataclass(slots=True)
class Taking:
    """One command on its way, from its key to what came of it."""

    user_id: int
    key: str
    payload_hash: str
    is_new: bool = False
    """The key was made just now, so that nobody sent it before and nobody will: there is nothing to keep."""
    outcome: Outcome | None = None
    is_taken: bool = False

    def begin(self, session: DeskSession) -> None:
        """Take the key for this transaction. Another transaction with the same key is waited for.

        Raises:
            CarriedOutError: the command is stored already.
            SavedOtherwise: the key is stored with other words.
        """
        if self.is_taken:
            raise UnjournaledWriteError("a command makes one change: a second one could be made twice")
        self.is_taken = True
        if self.is_new:
            return
        # On SQLite one writer at a time gets here; on PostgreSQL the insert waits for the other's commit.
        row = {"user_id": self.user_id, "key": self.key, "payload_hash": self.payload_hash, "at": now()}
        mine = _insert(session).values(row).on_conflict_do_nothing().returning(_TABLE.c.key)
        if session.connection().scalar(mine) is not None:
            return
        found = self.stored_in(session)
        if found is None:
            raise RuntimeError("a command is neither new nor known")
        raise CarriedOutError(found)

    def complete(self, session: DeskSession, seq: int | None) -> None:
        """Store what came of it, in the transaction that did it."""
        self.outcome = Outcome(session.result, seq)
        if self.is_new:
            return
        mine = (_TABLE.c.user_id == self.user_id) & (_TABLE.c.key == self.key)
        session.connection().execute(update(_TABLE).where(mine).values(result=session.result, seq=seq))

    def stored(self) -> Outcome | None:
        """What was done under this key, if it was; SavedOtherwise when that was something else."""
        with current().reading() as session:
            return self.stored_in(session)

    def stored_in(self, session: DeskSession) -> Outcome | None:
        known = session.get(Command, (self.user_id, self.key))
        if known is None:
            return None
        if known.payload_hash != self.payload_hash:
            raise SavedOtherwise(OTHERWISE)
        return Outcome(known.result, known.seq, repeated=True)


_taking: ContextVar[Taking | None] = ContextVar("taking", default=None)


def taking() -> Taking | None:
    """The command that `store.change` carries out in this thread; None for changes that no screen asked for."""
    return _taking.get()


def once(
    user_id: int, key: object, words: Any, action: Callable[[], Any], *, is_new: bool = False
) -> Outcome:
    """Run an action that makes one change, unless this user sent this key before.

    `words` says what is to be done, as JSON, without secrets (`payload_hash`). What counts as the action's result is
    what it gave to `session.answer`, so that the first answer and its repetition are equal. A refused action leaves
    nothing: the key may be sent again with better words. With `is_new` the key was made just now and is told to nobody.

    Raises:
        Invalid: the key is none.
        SavedOtherwise: the key was sent before with other words.
        DeskError: the action was refused.
    """
    command = Taking(user_id, read_key(key), payload_hash(words), is_new)
    # First of all, since what an action reads before its change is not as it was then: a password, for one.
    known = None if is_new else command.stored()
    return known or _carried_out(command, action)


def read_key(key: object) -> str:
    """The key that a browser made.

    Raises:
        Invalid: it is none.
    """
    if not is_key(key):
        raise Invalid(NO_KEY)
    return key


def _carried_out(command: Taking, action: Callable[[], Any]) -> Outcome:
    token = _taking.set(command)
    try:
        action()
    except CarriedOutError as known:
        return known.outcome
    except Busy:
        raise
    except DeskError:
        # Its twin may have been quicker, and have changed what this one was refused for.
        if not command.is_new and (found := command.stored()):
            return found
        raise
    finally:
        _taking.reset(token)
    if command.outcome is None:
        raise UnjournaledWriteError("a command makes one change, and this one made none")
    return command.outcome


def payload_hash(words: Any) -> str:
    """The SHA-256 of what is to be done, however its fields are ordered.

    It is stored, and quick to try: a password must not be in `words` but what is as slow to guess as its own hash.
    """
    told = json.dumps(words, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _insert(session: DeskSession) -> Any:
    dialect = session.connection().dialect.name
    insert: Callable[[Table], Insert] = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(_TABLE)
