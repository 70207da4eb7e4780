"""The headers of commands: the key by which a repetition is known, and the version on which it is based."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Annotated

from fastapi import Header

from .problems import Problem

REPEATED = "Idempotency-Replayed"
SEQ = "Journal-Seq"

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Anything that no other command of yours has, 1 to 255 characters: a UUID, for one. Sent again "
        f"with the same key, the command is not done again, for 7 days; the answer then has `{REPEATED}: true`."
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        description="The `ETag` of the record as you read it. If it was changed since: 412, nothing done."
    ),
]
_TAG = re.compile(r'\s*(W/)?"?([0-9]{1,10})"?\s*')
_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


def key_of(sent: str | None) -> str:
    """The key under which the command is stored; one of the server's own when none was sent. Raises Problem."""
    if sent is None:
        return secrets.token_urlsafe(24)
    if not _KEY.fullmatch(sent):
        raise Problem(400, "An Idempotency-Key has 1 to 255 printable ASCII characters.")
    # Quoted or not, as the draft of the header wants it or as most clients send it, it is the same key.
    bare = sent[1:-1] if len(sent) > 2 and sent[0] == sent[-1] == '"' else sent
    # Hashed, so that any text will do, and no page's own key can be met.
    return hashlib.sha256(f"api {bare}".encode()).hexdigest()


def versions_of(sent: str | None) -> frozenset[int] | None:
    """The versions that are good enough; None when any is. Raises Problem."""
    if sent is None or sent.strip() == "*":
        return None
    found = [_TAG.fullmatch(part) for part in sent.split(",")[:20]]
    if any(tag is None for tag in found):
        raise Problem(400, 'If-Match takes the ETag of a record, such as "7".')
    # A weak tag never matches here (RFC 9110, 13.1.1).
    return frozenset(int(tag[2]) for tag in found if tag is not None and not tag[1])


def etag(version: int) -> str:
    """The version as an ETag."""
    return f'"{version}"'
