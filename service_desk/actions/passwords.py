"""Passwords: hashed with argon2id, and never one that would be guessed soon."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic import BeforeValidator, Field
from zxcvbn import zxcvbn

from ..domain.errors import Invalid

SHORTEST, LONGEST = 10, 200
COMMON = "This would be guessed soon. A few words that have nothing to do with each other are better."
SAFE = 3
"""The least of zxcvbn's scores that is good enough: more than a hundred million guesses."""
LOOKED_AT = 72
OUR_WORDS = ["service", "desk", "service desk", "servicedesk"]
# zxcvbn tries every way to read these as letters, which takes it seconds where there are many kinds of them. Beyond a
# few it sees the keys they are typed with instead, so that rows of keys and repetitions stay what they are.
_SYMBOLS = "!|@$+%([{<"
_KEYS = str.maketrans(_SYMBOLS, "1\\24=59],,")
MOST_SYMBOLS = 4

# The second of the profiles that OWASP recommends: about 25 ms and 19 MiB each, so run it off the event loop.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


_SECRET = {"format": "password", "writeOnly": True}


def _typed(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("Write this as text.")
    if not value:
        raise ValueError("Fill this in.")
    if len(value) > LONGEST:
        raise ValueError(f"At most {LONGEST} characters.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise ValueError("This holds characters that can't be kept. Type it again.")
    return value


_Sent = Annotated[str, Field(min_length=1, max_length=LONGEST, json_schema_extra=_SECRET)]
Typed = Annotated[str, BeforeValidator(_typed, json_schema_input_type=_Sent)]
"""A password in a draft, kept as typed, spaces included. `check_password` tells whether it is good enough."""


def check_password(password: str, username: str, field: str = "password") -> None:
    """Raises Invalid, with the sentence beside `field`, unless the password is good enough."""
    if sentence := _weakness(password, username):
        raise Invalid("Choose another password.", {field: sentence})


def _weakness(password: str, username: str) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters."
    if username.casefold() in password.casefold() and len(password) - len(username) < 4:
        return "Don't use the username as the password."
    return COMMON if _is_guessed_soon(password, username) else None


def _is_guessed_soon(password: str, username: str) -> bool:
    if len(set(_SYMBOLS) & set(password)) > MOST_SYMBOLS:
        password = password.translate(_KEYS)
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[username, *OUR_WORDS])
    return bool(found["score"] < SAFE)


def hash_password(password: str) -> str:
    """The argon2id hash. Takes tens of milliseconds."""
    return HASHER.hash(_composed(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash. Takes as long when there is no such user (None)."""
    try:
        fits = HASHER.verify(hashed or _nobodys(HASHER), _composed(password[: LONGEST + 1]))
    except (Argon2Error, InvalidHashError):
        return False
    return fits and hashed is not None


def warm_up() -> None:
    """Hash nobody's password now, so that the first guess at an unknown name takes no longer than the others."""
    _nobodys(HASHER)


@lru_cache(maxsize=2)
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's password")


def _composed(password: str) -> bytes:
    # The same key gives a composed letter on one keyboard and a combined one on another.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
