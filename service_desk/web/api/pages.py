"""Lists in pages: newest first, read on with a cursor that nobody has to understand."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Generic, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ...domain.ids import as_id
from ...queries.answer import Answer
from ...queries.keyset import MOST
from .problems import Problem
from .shapes import Unsent

T = TypeVar("T", bound=BaseModel)

USUAL = 25
_NO_CURSOR = "This is no cursor of a list. Begin again without one."


class Paging(BaseModel):
    """What every list takes; a list adds its filters. What is unknown is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")
    cursor: str | Unsent = Field(
        None, max_length=40, description="`next` of the page before; the filters must be the same."
    )

    @property
    def before(self) -> int | None:
        """What the page is older than."""
        return None if self.cursor is None else _read(self.cursor)


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null at the end.")
    seq: int = Field(description="The number of the last change that is in it.")


def page_of(found: Answer, model: type[T], request: Request, response: Response) -> dict[str, Any]:
    """The answer of a list as a Page, with its Link header (RFC 8288)."""
    last = found.extra.get("next")
    cursor = None if last is None else _written(last)
    if cursor is not None:
        onward = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{onward.path}?{onward.query}>; rel="next"'
    items = [model.model_validate(found.rows[key]) for key in found.order]
    return {"items": items, "next": cursor, "seq": found.seq}


def _written(before: int) -> str:
    return base64.urlsafe_b64encode(f"before {before}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    number = as_id(text.removeprefix("before ")) if text.startswith("before ") else None
    if number is None:
        raise Problem(422, _NO_CURSOR, errors={"cursor": _NO_CURSOR})
    return number
