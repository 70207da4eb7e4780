"""The body of a request: bounded JSON, read strictly. What the fields may hold is the action's to judge."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from .problems import Problem

MOST_BYTES = 64 * 1024
MOST_LEVELS = 20
MOST_DIGITS = 100
PATIENCE_SECONDS = 10
JSON = "application/json"


async def read_body(request: Request) -> dict[str, Any]:
    """The object that was sent; an empty body is an empty object.

    Raises:
        Problem: 400 when it is no JSON object, 408, 413 or 415.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            sent = await _bounded(request)
    except TimeoutError:
        raise Problem(408, "The rest of this request did not come. Send it again.") from None
    except ClientDisconnect:
        raise Problem(400, "The rest of this request did not come.") from None
    if not sent:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(415, f"Send the body as {JSON}.", headers={"Accept": JSON})
    return _object(sent)


async def _bounded(request: Request) -> bytes:
    sent = bytearray()
    async for chunk in request.stream():
        sent += chunk
        if len(sent) > MOST_BYTES:
            raise Problem(413, f"This is more than {MOST_BYTES // 1024} KB. Nothing was done.")
    return bytes(sent)


def _object(sent: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            sent.decode(), parse_constant=_no_number, parse_int=_bounded_int, object_pairs_hook=_each_once
        )
    except RecursionError:
        raise Problem(400, _TOO_DEEP) from None
    except ValueError as wrong:
        raise Problem(400, f"The body is no JSON that can be read: {str(wrong)[:100]}.") from None
    if not isinstance(found, dict):
        raise Problem(400, "Send a JSON object.")
    if _levels(found) > MOST_LEVELS:
        raise Problem(400, _TOO_DEEP)
    return found


_TOO_DEEP = f"The body is nested more than {MOST_LEVELS} levels deep."


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number is too long")
    return int(digits)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _levels(value: Any) -> int:
    """How deep it is nested. Looked at level by level, so that no depth overflows the stack."""
    level, here = 0, [value]
    while here:
        level += 1
        here = [
            inner
            for each in here
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return level
