"""Shows somebody out: the reason first, then the door."""

from __future__ import annotations

from ..live.socket import ReflexPost
from . import browser


class SocketDoorman:
    def __init__(self, post: ReflexPost) -> None:
        self.post = post

    async def show_out(self, sid: str, reason: str) -> None:
        await self.post.tell(sid, browser.leave(f"/sign-in?reason={reason}"))
        await self.post.disconnect(sid)
