"""The activity: what was done, by whom, to what you may see."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from ...actions.undo import undo
from ...domain.ids import MAX_ID
from ...live.gate import off_loop
from ...queries.activity import ENTITIES, ActivityQuestion, activity_before
from .auth import Asker
from .describe import LISTED, UNDONE, body_of
from .headers import IdempotencyKey
from .pages import Page, Paging, page_of
from .problems import Problem
from .resource import Body, Nothing, carried_out, nothing_in, told
from .shapes import FromRow, Id, Unsent

NO_KIND = "Say which kind of record: kind=call, for one."


class Entry(FromRow):
    """One change. `name` is the name by which it is known outside, in events and webhooks too."""

    seq: int = Field(description="Its number in the journal, rising in the order of the changes.")
    at: str
    actor_id: int | None
    actor: str
    verb: str
    name: str
    entity: str
    record_id: int
    number: str = Field(description="What people call the record: C-7; empty for those without a number.")
    title: str
    text: str = Field(description="What was done, in words that follow the actor's name.")

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        return {"seq": row["id"]}


def _written_out(value: object) -> object:
    # Left to itself pydantic takes any number for a Unix time.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write the day as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_written_out), Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class ActivityFilters(Paging):
    person: Id | Unsent = Field(None, description="Who did it.")
    kind: Literal[ENTITIES] | Unsent = None  # type: ignore[valid-type]
    record: Id | Unsent = Field(None, description="One record of that kind.")
    day: Day | Unsent = Field(None, description="A day, UTC.")

    def question(self) -> ActivityQuestion:
        if self.record and not self.kind:
            raise Problem(422, NO_KIND, errors={"kind": NO_KIND})
        return ActivityQuestion(self.person or 0, self.kind or "", self.day.isoformat() if self.day else "")


class Undone(BaseModel):
    said: str = Field(description="What holds again.")


router = APIRouter(tags=["activity"])


@router.get("/activity", responses=LISTED, operation_id="list_activity")
async def list_activity(
    asker: Asker, request: Request, response: Response, filters: Annotated[ActivityFilters, Query()]
) -> Page[Entry]:
    """What was done to what you may see, newest first."""
    given = filters.question(), filters.record or 0, filters.before, filters.limit
    return page_of(await off_loop(activity_before, asker, *given), Entry, request, response)


@router.post(
    "/activity/{seq}/undo",
    responses=UNDONE,
    operation_id="undo_step",
    openapi_extra={"requestBody": body_of(Nothing)},
)
async def undo_step(
    seq: Annotated[int, Path(ge=1, le=MAX_ID)],
    asker: Asker,
    body: Body,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Undone:
    """Take back the step with this number, while its outcome stands."""
    nothing_in(body)
    done = await carried_out(asker, ["/activity", seq], idempotency_key, undo, seq)
    response.headers.update(told(done))
    return Undone(said=done.result)
