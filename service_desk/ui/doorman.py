"""At the socket's door: who comes in, and what those are told who can't stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import HTTPConnection

from ..live.presence import Presence
from ..live.socket import ReflexPost
from . import browser


class SocketDoorman:
    """Shows sockets out: the reason first, then the door."""

    def __init__(self, post: ReflexPost) -> None:
        self.post = post

    async def show_out(self, sid: str, reason: str) -> None:
        await self.post.tell(sid, browser.leave(f"/sign-in?reason={reason}"))
        await self.post.disconnect(sid)

    async def let_rest(self, sid: str, most: int) -> None:
        """The page stays as it is, and comes back when somebody looks at it or asks it to."""
        await self.post.tell(sid, browser.rest(f"You have this desk open in more than {most} tabs."))
        await self.post.disconnect(sid)


class SocketPorter:
    """Looks at everybody who connects, before Reflex does."""

    def __init__(
        self,
        post: ReflexPost,
        presence: Presence,
        token_of: Callable[[HTTPConnection], str | None],
        address_of: Callable[[HTTPConnection], str],
        note_refusal: Callable[[str, str], None],
    ) -> None:
        self.post = post
        self.presence = presence
        self.token_of = token_of
        self.address_of = address_of
        self.note_refusal = note_refusal

    def token_in(self, environ: dict[str, Any]) -> str | None:
        return self.token_of(HTTPConnection(environ["asgi.scope"]))

    def address_in(self, environ: dict[str, Any]) -> str:
        return self.address_of(HTTPConnection(environ["asgi.scope"]))

    async def person_of(self, token: str) -> int | None:
        actor = await self.presence.recognise(token)
        return actor.id if actor else None

    async def admit(self, sid: str, environ: dict[str, Any]) -> list[Any]:
        token = self.token_in(environ)
        if token is not None and await self.presence.arrive(sid, token) is not None:
            return []
        reason = await self.presence.reason(token) if token else "expired"
        return [browser.leave(f"/sign-in?reason={reason}")]

    async def say(self, sid: str, sentence: str) -> None:
        self.note_refusal(sid, sentence)
        await self.post.tell(sid, browser.complain(sentence))
