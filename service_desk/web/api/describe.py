"""What the description of the API says of every operation: bodies from the drafts, headers, and refusals."""

from __future__ import annotations

from typing import Any

from ...actions.drafts import Draft
from .headers import REPEATED, SEQ
from .problems import MEDIA_TYPE, ProblemDetails

Responses = dict[int | str, dict[str, Any]]

SCHEMAS: dict[str, dict[str, Any]] = {ProblemDetails.__name__: ProblemDetails.model_json_schema()}
"""What the operations refer to and FastAPI doesn't know of."""

_WORDS = {
    400: "The request can't be read.",
    401: "No access token that is good.",
    403: "You may not do this.",
    404: "There is none, or you may not see it.",
    408: "The rest of the request did not come in time.",
    409: "The state of the record does not allow it, or somebody else changed the same field meanwhile (`theirs`).",
    412: "The record was changed since you read it (`If-Match`).",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field is wrong (`errors`), or the Idempotency-Key was sent before with another body.",
    429: "Too many requests; `Retry-After` says when again.",
    503: "The database does not take it now; `Retry-After` says when again.",
}
_HEADERS = {
    "ETag": ("The version of the record, for `If-Match`.", "string"),
    "Location": ("The path of the new record.", "string"),
    "Link": ("The next page, `rel=next`.", "string"),
    SEQ: ("The number of the change in the journal; not there when nothing differs.", "integer"),
    REPEATED: ("`true` when the command had been done before.", "string"),
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def refusals(*statuses: int) -> Responses:
    """How each of these is described."""
    content = {MEDIA_TYPE: {"schema": _ref(ProblemDetails.__name__)}}
    return {status: {"description": _WORDS[status], "content": content} for status in sorted(statuses)}


def with_headers(words: str, *names: str) -> dict[str, Any]:
    """A good answer with these headers."""
    told = {name: {"description": _HEADERS[name][0], "schema": {"type": _HEADERS[name][1]}} for name in names}
    return {"description": words, "headers": told}


_ALWAYS = (401, 429, 503)
_COMMAND = (400, 403, 408, 409, 413, 415, 422, *_ALWAYS)
_GONE = {204: with_headers("Done; you may not see the record any more.", SEQ, REPEATED)}

OPEN: Responses = {200: {"description": "What it is."}, **refusals(*_ALWAYS)}
LISTED: Responses = {200: with_headers("One page.", "Link"), **refusals(403, 422, *_ALWAYS)}
READ: Responses = {200: with_headers("The record.", "ETag"), **refusals(403, 404, *_ALWAYS)}
MADE: Responses = {
    201: with_headers("The new record.", "Location", "ETag", SEQ, REPEATED),
    **_GONE,
    **refusals(*_COMMAND),
}
TAKEN: Responses = {
    200: with_headers("The record as it is now.", "ETag", SEQ, REPEATED),
    **_GONE,
    **refusals(*_COMMAND, 404, 412),
}
UNDONE: Responses = {
    200: with_headers("What holds again.", SEQ, REPEATED),
    **refusals(*_COMMAND, 404),
}


def body_of(draft: type[Draft]) -> dict[str, Any]:
    """The body of a command that takes this draft."""
    schema = draft.model_json_schema()
    SCHEMAS[draft.__name__] = schema
    return _body(draft.__name__, bool(schema.get("required")))


def edit_body_of(draft: type[Draft]) -> dict[str, Any]:
    """The body of an edit: any of the draft's fields, and `was`."""
    schema = draft.model_json_schema()
    for field in schema["properties"].values():
        field.pop("default", None)
    schema.pop("required", None)
    schema["properties"]["was"] = {
        "type": "object",
        "description": "What the fields held when you read them. One that somebody has changed since is refused "
        "with 409 and what it holds now; without `was`, what is stored now is what you change.",
    }
    SCHEMAS[draft.__name__] = schema
    return _body(draft.__name__, False)


def _body(name: str, required: bool) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": _ref(name)}}, "required": required}
