"""Who asks: the owner of the access token in `Authorization: Bearer …`. No cookie counts here."""

from __future__ import annotations

import math
import time
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer
from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from ... import reference
from ...actions.api_tokens import note_token_use
from ...actions.doors import note
from ...config import settings
from ...domain.access import Actor
from ...domain.api_tokens import is_token
from ...domain.errors import Busy
from ...domain.security import Door
from ...domain.users import hash_token
from ...hits import HitsInMemory
from ...live.gate import off_loop
from ...queries.api_tokens import who_bears, whose_was
from ..shared_limits import SharedLimits
from ..throttle import PER_ADDRESS, TooOften, address_of
from .problems import Problem

NO_TOKEN = "Send an access token: “Authorization: Bearer sdk_…”. You make one on your profile page."
WRONG = "This access token is unknown, revoked or expired."
TOO_MANY = "This token asks more than {} times a second. Wait a moment, then go on."
NOTE_SECONDS = 60
MOST_KNOWN = 10_000

scheme = HTTPBearer(
    scheme_name="access_token",
    description="An access token, made on the profile page of its owner. It may what its owner may.",
    auto_error=False,
)


class Porter:
    """Recognises tokens and counts wrong ones by address. To be used from the event loop alone.

    The count of wrong ones is of this process: 256 random bits are not found by trying, so it only keeps the noise
    down. Whoever shares the address of somebody with a wrong token still gets in with one that has been good before.
    What a good one asks is counted by this process and, where they share a Redis, by all together.
    """

    def __init__(self) -> None:
        self.shared: SharedLimits | None = None
        self._limiter = MovingWindowRateLimiter(HitsInMemory())
        self._noted_at: dict[str, float] = {}

    async def recognise(self, token: str, address: str) -> Actor:
        """The token's owner as they may act now; asked of the store each time. Raises Problem."""
        hashed = hash_token(token)
        known = hashed in self._noted_at
        if known:
            await self._count(hashed)
        elif not self._limiter.test(PER_ADDRESS, "bearer", address):
            raise self._too_often(address)
        actor = await off_loop(who_bears, token)
        if actor is None:
            self._noted_at.pop(hashed, None)
            self._limiter.hit(PER_ADDRESS, "bearer", address)
            await _note_wrong(token, address)
            raise wrong_token()
        if not known:
            await self._count(hashed)
        await self._note_use(hashed, actor)
        return actor

    async def _count(self, hashed: str) -> None:
        # Before the store is asked, where the token is known: who asks too much costs next to nothing.
        rate = RateLimitItemPerSecond(settings().api_requests_per_second)
        window = rate, "token", hashed
        if not self._limiter.hit(*window) or (self.shared and not await self.shared.hit(*window)):
            raise Problem(429, TOO_MANY.format(rate.amount), headers={"Retry-After": "1"})

    def _too_often(self, address: str) -> Problem:
        note(Door.TOO_MANY_TRIES, None, address, "with access tokens")
        stats = self._limiter.get_window_stats(PER_ADDRESS, "bearer", address)
        often = TooOften(max(1, math.ceil(stats.reset_time - time.time())))
        return Problem(429, often.sentence, headers={"Retry-After": str(often.seconds)})

    async def _note_use(self, hashed: str, actor: Actor) -> None:
        at = time.monotonic()
        if at - self._noted_at.get(hashed, -math.inf) < NOTE_SECONDS:
            return
        if len(self._noted_at) >= MOST_KNOWN:
            self._noted_at.clear()
        self._noted_at[hashed] = at
        try:
            await off_loop(note_token_use, actor)
        except Busy:
            # Whoever only reads needn't hear of it.
            self._noted_at[hashed] = -math.inf


def wrong_token() -> Problem:
    """What somebody with an unknown token is answered, or with one that has just ended."""
    return Problem(401, WRONG, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


async def _note_wrong(token: str, address: str) -> None:
    # Never what was sent: people send the wrong secret.
    owner, name = await off_loop(whose_was, token) if is_token(token) else (None, "")
    note(Door.TOKEN_WRONG, owner, address, f"“{name}”, which has ended" if owner else "")


porter = Porter()


async def bearer(request: Request, _shown: Annotated[object, Depends(scheme)] = None) -> Actor:
    """The actor of this request; everything logged on its behalf names them.

    Raises:
        Problem: 401 without a good token, 429 after too many wrong ones.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Problem(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    address = address_of(request)
    actor = await porter.recognise(token.strip(), address)
    route = request.scope.get("route")
    step = f"{request.method} {getattr(route, 'path', '')}"
    reference.on_behalf_of(reference.Asker(actor.id, address, step))
    return actor


Asker = Annotated[Actor, Depends(bearer)]
"""As a parameter of an endpoint: who asks."""
