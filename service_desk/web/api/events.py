"""The stream of events: everything that happens at the desk, as it happens, by the rights of the token's owner."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse

from ...domain.errors import Invalid
from ...live.gate import off_loop
from ...queries.journal import last_seq
from ..streams import MOST_PER_TOKEN, Stream, streams
from .auth import Asker
from .describe import Responses, refusals
from .problems import Problem
from .shapes import Unsent

router = APIRouter(tags=["events"])

AHEAD = (
    "The desk has not come to this number yet. If it was restored from a backup, begin anew without a number."
)
NO_NUMBER = "The number after which to begin must be the whole number of a change, at least 0."
TOO_MANY = f"This access token has {MOST_PER_TOKEN} streams open already. Close one first."
STOPPING = "The server restarts. Try again in a moment."
_NUMBER = {"pattern": "^[0-9]{1,18}$"}
After = Annotated[
    str | Unsent,
    Query(
        description="Begin after the change of this number; without it, with what comes now.",
        json_schema_extra=_NUMBER,
    ),
]
LastEventId = Annotated[
    str | Unsent,
    Header(
        alias="Last-Event-ID",
        description="Where a stream was cut: goes before `after`.",
        json_schema_extra=_NUMBER,
    ),
]
_ANSWERS: Responses = {
    200: {
        "description": "One event for each change, with its number as `id`, its name as `event`, and JSON as `data`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **refusals(401, 422, 429, 503),
}


@router.get("/events", response_class=EventSourceResponse, responses=_ANSWERS, operation_id="stream_events")
async def stream_events(asker: Asker, after: After = None, last_event_id: LastEventId = None) -> Stream:
    """Follow what happens, cut to what the token's owner may see at each moment.

    The stream ends when the token does. It can be resumed after the last event that was received: none is left out,
    and none comes twice.
    """
    wake = streams.wake
    if streams.closing or wake is None:
        raise Problem(503, STOPPING, headers={"Retry-After": "5"})
    here = await off_loop(last_seq)
    seq = _number(last_event_id or after, here)
    if streams.of_token(asker.token_id) >= MOST_PER_TOKEN:
        raise Problem(429, TOO_MANY, headers={"Retry-After": "60"})
    return Stream(asker, seq, wake)


def _number(text: str | None, here: int) -> int:
    """The number meant; the journal's own when none was sent. Raises Invalid."""
    if text is None:
        return here
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Invalid(NO_NUMBER, {"after": NO_NUMBER})
    if int(text) > here:
        raise Invalid(AHEAD, {"after": AHEAD})
    return int(text)
