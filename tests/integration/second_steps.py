"""What people do at the second step: read a page, type a code."""

from __future__ import annotations

import re

import httpx
import pyotp

from service_desk.actions.second_factor import begin_second_factor, confirm_second_factor
from service_desk.domain.access import Actor
from service_desk.domain.times import now
from tests.door import Door
from tests.raw_socket import fresh_key


def code_of(secret: str, steps: int = 0) -> str:
    """The code that an app shows, or showed or will show so many half minutes from now."""
    return pyotp.TOTP(secret).at(int(now().timestamp()) + 30 * steps)


def secret_in(page: httpx.Response) -> str:
    """The key that a page shows to set it up."""
    return re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)[0].replace(" ", "")


def codes_in(page: httpx.Response) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([a-z2-9-]+)</code>", page.text)


def set_up(actor: Actor) -> tuple[str, list[str]]:
    """Turn it on: the secret and the recovery codes. The code of the step before is the one used up."""
    secret = begin_second_factor(actor)
    return secret, confirm_second_factor(actor, code_of(secret, -1))


def step(door: Door, step: str, **typed: str) -> httpx.Response:
    """What the page of one's own second factor answers to a form of its own."""
    return door.post("/second-factor", data={"step": step, "key": fresh_key(), **typed})
