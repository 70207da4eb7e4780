"""The headers of commands: the key by which a repetition is known, and the version on which it is based."""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated

from fastapi import Header
from pydantic import Field

from .shapes import Unsent

REPEATED = "Idempotency-Replayed"
SEQ = "Journal-Seq"

_TAG = '(?:W/)?"?[0-9]{1,10}"?'
IdempotencyKey = Annotated[
    Annotated[str, Field(pattern="^[!-~]([ -~]{0,253}[!-~])?$")] | Unsent,
    Header(
        alias="Idempotency-Key",
        description="Anything that no other command of yours has, 1 to 255 characters: a UUID, for one. Sent again "
        f"with the same key, the command is not done again, for 7 days; the answer then has `{REPEATED}: true`.",
    ),
]
IfMatch = Annotated[
    Annotated[str, Field(pattern=rf"^(\*|{_TAG}( ?, ?{_TAG}){{0,19}})$")] | Unsent,
    Header(
        alias="If-Match",
        description="The `ETag` of the record as you read it. If it was changed since: 412, nothing done.",
    ),
]


def key_of(sent: str | None) -> str:
    """The key under which the command is stored; one of the server's own when none was sent."""
    if sent is None:
        return secrets.token_urlsafe(24)
    # Quoted or not, as the draft of the header wants it or as most clients send it, it is the same key.
    bare = sent[1:-1] if len(sent) > 2 and sent[0] == sent[-1] == '"' else sent
    # Hashed, so that any text will do, and no page's own key can be met.
    return hashlib.sha256(f"api {bare}".encode()).hexdigest()


def versions_of(sent: str | None) -> frozenset[int] | None:
    """The versions that are good enough; None when any is."""
    if sent is None or sent == "*":
        return None
    tags = (part.strip() for part in sent.split(","))
    # A weak tag never matches here (RFC 9110, 13.1.1).
    return frozenset(int(tag.strip('"')) for tag in tags if not tag.startswith("W/"))


def etag(version: int) -> str:
    """The version as an ETag."""
    return f'"{version}"'
