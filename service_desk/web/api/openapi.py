"""The description of the API (OpenAPI 3.1), made from its code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .describe import SCHEMAS

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
        schemas = made["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        made["components"]["schemas"] = dict(sorted({**schemas, **SCHEMAS}.items()))
        api.openapi_schema = made
    return api.openapi_schema
