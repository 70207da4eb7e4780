"""Forms as plain HTML sends them: bounded, and refused with a sentence."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 16 * 1024
MOST_FIELDS = 20
PATIENCE_SECONDS = 10
HOME = "/calls"


class BadForm(Exception):
    """The form can't be read. `status` is the answer's, `sentence` what a person reads."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a urlencoded form; of a field sent twice the first. Raises BadForm."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadForm(400, "This is not a form that can be read here. Use the page itself.")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            body = await _bounded_body(request)
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except (TimeoutError, ClientDisconnect, ValueError):
        raise BadForm(400, "This form could not be read. Send it again.") from None
    return dict(reversed(pairs))


async def _bounded_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadForm(413, "This form is too large. Nothing was read.")
    return body


def local_path(text: str | None) -> str:
    """The path within the desk that `text` names, else the start page. Never leads to another site."""
    path = text or ""
    # A browser reads "//host" and "/\host" as another site, and drops tabs and newlines before it looks:
    # nothing but printable ASCII without the backslash, and no second slash.
    if not re.fullmatch(r"/(?!/)[!-\[\]-~]{0,500}", path):
        return HOME
    return HOME if re.match(r"/(sign-in|setup|auth|healthz?|metrics)?(?![^/?#])", path) else path
