"""What several processes of a desk share over Redis, put together: the news, who is here, the states of tabs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reflex.app import App

from .config import settings
from .live.absent import AbsentTabs
from .live.elsewhere import Elsewhere
from .live.far import FarNews
from .live.hub import Hub
from .live.presence import Presence
from .live.redis_bus import RedisBus
from .live.redis_link import quick_redis
from .live.socket import ReflexPost
from .web.tab_states import keep_listening, share_states


class Sharing:
    """One process's part in it."""

    def __init__(self, app: App, post: ReflexPost, hub: Hub, presence: Presence) -> None:
        self.app = app
        self.redis = quick_redis(settings().redis_address)
        self.bus = RedisBus(self.redis)
        self.states = share_states(app, self.redis)
        self.elsewhere = Elsewhere(self.bus, presence.pairs, presence.hear_elsewhere, presence.hear_left)
        presence.elsewhere = self.elsewhere.people
        presence.tell_here = self.elsewhere.tell_soon
        post.absent = AbsentTabs(lambda tab: hub.soon(hub.spawn, self.states.forget_absent(tab)))
        far = FarNews(hub)
        self.bus.on("news", lambda _, pairs: [far.hear(seq) for seq, _ in pairs[:1]])
        self.bus.on("ended", lambda _, pairs: presence.hear_ended(number for number, _ in pairs))
        self.bus.on("doors", lambda *_: presence.tell_doors())
        self.bus.on("tokens", lambda *_: presence.hear_tokens())

    def redis_answers(self) -> bool:
        """Whether Redis answered last, and this process hears the others."""
        return self.bus.is_heard and not self.redis.is_away

    def tell_ended(self, session_ids: tuple[int, ...]) -> None:
        """Tell the other processes that these sign-ins were ended. From any thread."""
        self.bus.say_soon("ended", " ".join(map(str, session_ids)))

    def tell_doors(self) -> None:
        """Tell the other processes that there are new lines in the door book."""
        self.bus.say("doors")

    def tell_tokens(self) -> None:
        """Tell the other processes that access tokens were made or ended. From any thread."""
        self.bus.say_soon("tokens")

    def on_sent(self, listener: Callable[[], None]) -> None:
        """Call `listener` when another process has sent to webhooks."""
        self.bus.on("sent", lambda *_: listener())

    def tell_sent(self) -> None:
        """Tell the other processes that the webhooks' logs have new lines."""
        self.bus.say("sent")

    def begin(self) -> list[asyncio.Task[None]]:
        """What runs for as long as the process does."""
        own = [asyncio.create_task(self.bus.run()), asyncio.create_task(self.elsewhere.keep_telling())]
        return own + keep_listening(self.app, self.states)

    async def end(self) -> None:
        """Tell the others that this process has nobody any more."""
        self.elsewhere.say_goodbye()
        await self.bus.settle()
        self.redis.give_up()
