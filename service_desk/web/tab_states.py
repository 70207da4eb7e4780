"""What Reflex keeps of each tab, where processes share it: in Redis, and in this process while Redis is away.

A tab's socket is in one process at a time, so what that process remembers is as good as anything. A tab that goes over
to another process meanwhile begins anew there, as after a restart; nothing that was typed is in any of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from reflex.app import App
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State
from reflex_base.utils.exceptions import LockExpiredError

from ..live.redis_link import AWAY, FAILED, PATIENCE_SECONDS, QuickRedis
from ..log import get_logger

log = get_logger(__name__)

LOCK_SECONDS = 2.0
"""How long an event waits for its tab, which another process may be about to let go of."""
KEPT_SECONDS = 86_400
"""Each part of a tab's state goes so long after it was last written."""


def share_states(app: App, redis: QuickRedis) -> TabStates:
    """Keep the states of this app's tabs in Redis, over a client that nobody waits long for."""
    namespace = app.event_namespace
    assert namespace is not None
    states = TabStates(redis=redis, token_expiration=KEPT_SECONDS, app=app)
    app._state_manager = states
    namespace._token_manager.redis = redis
    namespace._token_manager.token_expiration = KEPT_SECONDS
    return states


def keep_listening(app: App, states: TabStates) -> list[asyncio.Task[None]]:
    """What Reflex hears from other processes, without giving up after a few failures, nor a line for each."""
    namespace = app.event_namespace
    assert namespace is not None
    tokens = namespace._token_manager
    tokens._lost_and_found_task = _calmly(
        lambda: tokens._subscribe_lost_and_found_updates(namespace.emit_update)
    )
    tokens._socket_record_task = _calmly(tokens._subscribe_socket_record_updates)
    states._lock_task = _calmly(states._subscribe_lock_updates)
    return [tokens._lost_and_found_task, tokens._socket_record_task, states._lock_task]


def _calmly(listen: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    async def keep_on() -> None:
        while True:
            with contextlib.suppress(*AWAY):
                await listen()
            await asyncio.sleep(PATIENCE_SECONDS)

    return asyncio.create_task(keep_on())


@dataclasses.dataclass
class TabStates(StateManagerRedis):
    """Reflex's own manager, with its memory manager for the time in which Redis is away."""

    app: App | None = None
    memory: StateManagerMemory = dataclasses.field(default_factory=StateManagerMemory, init=False)

    @contextlib.asynccontextmanager
    async def modify_state(self, token: Any, **context: Any) -> AsyncIterator[Any]:
        """A tab's state, locked. One that can't be written back is forgotten: the tab then has the one before."""
        token = self._coerce_token(token)
        shared = contextlib.AsyncExitStack()
        state = await self._enter(shared, token, context)
        if state is None:
            async with self.memory.modify_state(token) as kept:
                yield kept
            return
        fault: BaseException | None = None
        try:
            async with shared:
                try:
                    yield state
                except BaseException as raised:
                    fault = raised
                    raise
        except (*AWAY, LockExpiredError) as lost:
            if fault is not None and fault is not lost:
                raise fault from None
            if fault is lost:
                raise
            log.warning("the state of a tab could not be kept", why=type(lost).__name__)

    async def _enter(self, shared: contextlib.AsyncExitStack, token: Any, context: Any) -> Any:
        """The state from Redis; None while that is away."""
        for _ in range(2):
            with contextlib.suppress(*AWAY):
                if not self.redis.is_away:
                    await self._bring_back(token)
                    async with asyncio.timeout(LOCK_SECONDS):
                        return await shared.enter_async_context(super().modify_state(token, **context))
            if self.redis.is_away:
                break
            # Events of a tab are handled one after the other: who has it locked for so long has gone.
            with contextlib.suppress(*AWAY):
                await self.redis.delete(self._lock_key(token))
        return None

    async def _bring_back(self, token: Any) -> None:
        """What was remembered while Redis was away takes the place of what it holds: all of it, or parts of another
        sign-in's tab could come to light."""
        kept = self.memory.states.get(token.cache_key)
        if kept is None:
            return
        async with self.redis.pipeline(transaction=True) as writing:
            writing.delete(*keys_of(token))
            for key, text in self._collect_state_writes(token, kept):
                writing.set(key, text, ex=self.token_expiration)
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await writing.execute()
            except FAILED:
                self.redis.miss()
                raise
        self.memory._purge_token(token)

    async def forget_absent(self, tab: str) -> None:
        """Let go of everything that is kept of a tab, unless it is back, here or in another process."""
        assert self.app is not None and self.app.event_namespace is not None
        if await self.app.event_namespace._token_manager.is_token_connected(tab):
            return
        token = BaseStateToken(ident=tab, cls=State)
        if tab not in self.app.event_processor._token_queues:
            self.memory._purge_token(token)
            with contextlib.suppress(*AWAY):
                await self.redis.unlink(*keys_of(token))


def keys_of(token: Any) -> list[str]:
    """Under which keys the parts of a tab's state are kept."""
    return [token._state_key(state) for state in _with_substates(State)]


def _with_substates(state: type[BaseState]) -> Iterator[type[BaseState]]:
    yield state
    for below in state.get_substates():
        yield from _with_substates(below)
