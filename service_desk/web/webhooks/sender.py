"""One event on its way to one receiver."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

import httpx

from ... import __version__
from ...actions.webhook_turns import Attempt
from ...domain.times import now
from ...domain.webhooks import sign
from ...queries.webhooks import Parcel
from .transport import TOTAL_SECONDS, NotSentError

READ_AT_MOST = 1024
READ_SECONDS = 1.0
"""Bytes of an answer, and how long they are waited for. What it says is not used; reading nothing would cut connections
that could end in order."""


async def send(client: httpx.AsyncClient, parcel: Parcel, event: dict[str, Any], message_id: str) -> Attempt:
    """POST the event, signed anew each time. Whatever happens, an attempt comes of it."""
    began, at = time.perf_counter(), now()
    status, error = None, ""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            status = await _post(client, parcel, event, message_id)
        error = _complaint(status)
    except (httpx.TimeoutException, TimeoutError):
        error = f"The receiver did not answer within {TOTAL_SECONDS:.0f} seconds."
    except NotSentError as refusal:
        error = str(refusal)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as fault:
        error = _sentence(fault)
    milliseconds = round((time.perf_counter() - began) * 1000)
    return Attempt(event["seq"], event["name"], at, status, error, milliseconds)


async def _post(client: httpx.AsyncClient, parcel: Parcel, event: dict[str, Any], message_id: str) -> int:
    told = {"type": event["name"], "timestamp": event["at"], "data": event}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(time.time())
    headers = {
        "content-type": "application/json",
        "user-agent": f"Service-Desk/{__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(parcel.secrets, message_id, timestamp, body),
    }
    async with client.stream("POST", parcel.url, content=body, headers=headers) as response:
        # The event was taken, or not, whatever becomes of the rest.
        with contextlib.suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(READ_SECONDS):
                async for _ in response.aiter_raw(READ_AT_MOST):
                    break
        return response.status_code


def _complaint(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver answered {status}: redirects are not followed."
    return f"The receiver answered {status}."


def _sentence(fault: Exception) -> str:
    if isinstance(fault, httpx.ConnectError):
        said = str(fault).lower()
        if "certificate" in said or "ssl" in said or "tls" in said:
            return "The receiver’s certificate is not valid for its name."
        return "The receiver could not be reached."
    if isinstance(fault, httpx.HTTPError):
        return "The connection broke before the receiver answered."
    return "The receiver’s address can't be used."
