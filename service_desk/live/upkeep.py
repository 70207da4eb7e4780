"""Each second: whether the database answers, said on every screen, and read again what couldn't be read meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..domain.errors import Busy
from .hub import Hub
from .presence import Presence


class Upkeep:
    """`tell` says to every browser whether what it shows may be older than it should be."""

    def __init__(self, hub: Hub, presence: Presence, tell: Callable[[bool], Awaitable[None]]) -> None:
        self.hub = hub
        self.presence = presence
        self.tell = tell
        self.behind = False

    async def check(self) -> None:
        """Cheap while all is well: one number is read."""
        try:
            await self.hub.catch_up()
        except Busy:
            await self._say(True)
            return
        unread = [room for room in self.hub.rooms.values() if room.unread]
        for room in unread:
            self.hub.refresh(room)
        if self.behind and not unread:
            await self._ask_for_those_refused()
        await self._say(bool(unread))

    async def _ask_for_those_refused(self) -> None:
        """Pages that were opened meanwhile have nothing yet, and don't ask by themselves."""
        for sid in self.hub.unanswered():
            if actor := self.presence.who(sid):
                await self.hub.ask_again(sid, actor)

    async def _say(self, behind: bool) -> None:
        # Again and again while it lasts, for those who have come since.
        if behind or self.behind:
            await self.tell(behind)
        self.behind = behind
