"""The description of the API (OpenAPI 3.1), made from its code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .describe import SCHEMAS
from .problems import MEDIA_TYPE

VERSION = "1"
ABOUT = """\
The desk for programs: the same rights, rules and sentences as on its screens, and every change is on them at once.

Send an access token with each request: `Authorization: Bearer sdk_…`. What its owner may not see does not exist: 404.
Lists are read newest first; `next` is the `cursor` of the next page. Times are UTC, ISO 8601.
Refusals are problem details (RFC 9457) with a sentence for people."""


def describe(api: FastAPI, prefix: str) -> dict[str, Any]:
    """The document, made once."""
    if api.openapi_schema is None:
        made = get_openapi(
            title=api.title,
            version=api.version,
            openapi_version="3.1.0",
            description=ABOUT,
            routes=api.routes,
            servers=[{"url": prefix}],
        )
        _leave_out_unsaid(made)
        _say_plainly(made)
        made["components"]["schemas"] = dict(sorted({**made["components"]["schemas"], **SCHEMAS}.items()))
        api.openapi_schema = made
    return api.openapi_schema


def _leave_out_unsaid(made: dict[str, Any]) -> None:
    """Without the refusals that FastAPI believes every operation to have, in a form of its own."""
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
    for operation in (each for path in made["paths"].values() for each in path.values()):
        if MEDIA_TYPE not in operation["responses"].get("422", {}).get("content", {}):
            operation["responses"].pop("422", None)


def _say_plainly(made: dict[str, Any]) -> None:
    """FastAPI makes titles of functions' names: List Carry Ins. People read: List carry-ins."""
    for operation in (each for path in made["paths"].values() for each in path.values()):
        words = operation["operationId"].replace("_", " ").replace("carry in", "carry-in")
        operation["summary"] = words[0].upper() + words[1:]
