"""Commands from the screens: any action, carried out exactly once for each key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from argon2.low_level import Type, hash_secret_raw

from ..domain.access import Actor
from ..domain.errors import Conflict, Invalid, Outdated, SentByAnother
from ..store.expected import Expected, expecting
from ..store.once import NO_KEY, Outcome, once, read_key
from . import passwords

SECRET_FIELDS = frozenset({"password", "repeated", "current", "new", "code"})
"""Fields whose text nobody may find out from the store."""

ANOTHERS = "Nothing was saved: this was sent in somebody else’s name. Look at it, then send it once more."
_OWNED = re.compile(r"([0-9]{1,19})\.(.*)", re.DOTALL)


def own_key(actor: Actor, key: object) -> str:
    """The key of a command by which a page says whose it is: the user's id, a dot, and the key itself.

    A page outlives a sign-in: what waited in it for a connection may come in under the next one's cookie.

    Raises:
        SentByAnother: the page was somebody else's when this was pressed.
        Invalid: it doesn't say whose it is, or is none.
    """
    said = _OWNED.fullmatch(key) if isinstance(key, str) else None
    if said is None:
        raise Invalid(NO_KEY)
    if int(said[1]) != actor.id:
        raise SentByAnother(ANOTHERS)
    return read_key(said[2])


def carry_out(
    actor: Actor,
    key: object,
    action: Callable[..., Any],
    *given: Any,
    said: Any = None,
    is_new: bool = False,
    **more: Any,
) -> Outcome:
    """Run `action(actor, *given, **more)` unless the actor sent this key before; what it did, either way.

    `said` is what the screen sent, where that is not `given` and `more` themselves: a repetition is told by it.
    `is_new` says that nobody can have sent this key: it was made just now.

    Raises:
        Invalid: the key is none.
        SavedOtherwise: the key was sent before with other words.
        DeskError: the action was refused. The key may be sent again with better words.
    """
    name = f"{action.__module__}.{action.__qualname__}"
    words = _unreadable([name, said or [given, more]], read_key(key))
    return once(actor.id, key, words, lambda: action(actor, *given, **more), is_new=is_new)


def on_version(
    action: Callable[..., Any],
    entity: str,
    row_id: int,
    versions: frozenset[int],
    version_of: Callable[..., int | None],
) -> Callable[..., Any]:
    """The action, done only while the record has one of these versions; known by the action's own name.

    `version_of(actor, row_id)` reads the present one, None where there is none for the actor. What changes between
    that and the action's own change is seen there.

    Raises, when it is called:
        Outdated: the record has another version.
    """
    expected = Expected(entity, row_id, versions)

    @wraps(action)
    def strict(actor: Actor, *given: Any, **more: Any) -> Any:
        expected.check(version_of(actor, row_id))
        try:
            with expecting(expected):
                return action(actor, *given, **more)
        except Conflict as conflict:
            raise Outdated(conflict.sentence) from conflict

    return strict


def _unreadable(words: Any, key: str) -> Any:
    """The words, with each secret as slow to guess as a password's own hash, and equal for an equal key.

    Left out instead, a second password sent with the first one's key would be answered as saved, and wasn't.
    """
    if isinstance(words, list | tuple):
        return [_unreadable(each, key) for each in words]
    if not isinstance(words, dict):
        return words
    return {
        name: _slow_hash(value, key)
        if name in SECRET_FIELDS and isinstance(value, str)
        else _unreadable(value, key)
        for name, value in words.items()
    }


def _slow_hash(secret: str, key: str) -> str:
    # The salt must be the same when the form is sent again, after a restart too. A key is never made twice.
    salt = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    known = passwords.HASHER
    typed = secret.encode("utf-8", "backslashreplace")
    cost = known.time_cost, known.memory_cost, known.parallelism
    return hash_secret_raw(typed, salt, *cost, hash_len=32, type=Type.ID).hex()
