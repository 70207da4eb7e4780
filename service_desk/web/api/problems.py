"""Refusals as problem details (RFC 9457): a status, a title, the sentence that people read, and a reference."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from ... import reference
from ...domain.errors import (
    Busy,
    Conflict,
    DeskError,
    Forbidden,
    Invalid,
    NotFound,
    Outdated,
    Refused,
    SavedOtherwise,
)

MEDIA_TYPE = "application/problem+json"
STATUS: tuple[tuple[type[DeskError], int], ...] = (
    (SavedOtherwise, 422),
    (Outdated, 412),
    (Invalid, 422),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Refused, 409),
    (Busy, 503),
)
"""Kind of refusal → status; the first that fits."""
AGAIN_SECONDS = 5


class ProblemDetails(BaseModel):
    """What every refusal looks like."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})

    type: str = Field("about:blank", description="Always `about:blank`: the status says what kind it is.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="One sentence for people: what was wrong, and what to do.")
    instance: str = Field(description="The path that was asked for.")
    reference: str = Field(description="By which the desk's log knows the request; also in `X-Request-ID`.")
    errors: dict[str, str] = Field(default={}, description="One sentence for each field that is wrong.")


class Problem(Exception):
    """An answer that refuses. `more` are further members of the problem."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.errors, self.headers, self.more = errors or {}, headers or {}, more


def of_refusal(refusal: DeskError) -> Problem:
    """What the desk refuses, as the problem that says so. One worth reporting is logged."""
    status = next((status for kind, status in STATUS if isinstance(refusal, kind)), 400)
    # The reference stands in a member of its own.
    reference.told(refusal)
    headers = {"Retry-After": str(AGAIN_SECONDS)} if status == 503 else {}
    theirs = {"theirs": refusal.theirs, "by": refusal.by} if isinstance(refusal, Conflict) else {}
    return Problem(status, refusal.sentence, errors=refusal.fields, headers=headers, **theirs)


def answer_with(problem: Problem, request: Request) -> JSONResponse:
    """The answer that a problem is."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.url.path,
        "reference": reference.current(),
        "errors": problem.errors,
        **problem.more,
    }
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)
