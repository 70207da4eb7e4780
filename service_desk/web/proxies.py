"""Proxies in front of the desk: whose word counts about where somebody comes from."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from ..config import settings
from ..log import get_logger

log = get_logger(__name__)

_told: set[str] = set()
MOST_TOLD = 10
"""Addresses that are named in the log. Strangers can send the header too."""


def note_untrusted(request: HTTPConnection) -> None:
    """Say once that a proxy is not believed: everybody behind it would count as one address.

    uvicorn has put the visitor's address in place of a trusted proxy's before this is asked.
    """
    forwarded = request.headers.get("x-forwarded-for")
    if forwarded is None or settings().public_url is None or request.client is None:
        return
    host = request.client.host
    believed = host in {part.strip().strip("[]") for part in forwarded.split(",")}
    if not believed and host not in _told and len(_told) < MOST_TOLD:
        _told.add(host)
        log.warning("not in SERVICE_DESK_TRUSTED_PROXIES: its X-Forwarded-For is not believed", address=host)
