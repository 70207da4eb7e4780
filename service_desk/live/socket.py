"""The one place that knows how Reflex talks to browsers: rooms and prepared messages on its own namespace."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from reflex.app import App, EventNamespace
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event, EventSpec

from ..domain.errors import DeskError
from .room import Changes

log = logging.getLogger(__name__)


class ReflexPost:
    """Sends the hub's answers as state updates that the browser merges key by key."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.sent = 0

    def is_here(self, sid: str) -> bool:
        """Whether the socket is still connected."""
        namespace = self._namespace
        return bool(namespace.server.manager.is_connected(sid, namespace.namespace))

    async def enter(self, sid: str, room: str) -> bool:
        """Put a socket into a room. False when it has gone already."""
        try:
            await self._namespace.enter_room(sid, room)
        except (KeyError, ValueError):
            return False
        return True

    async def leave(self, sid: str, room: str) -> None:
        try:
            await self._namespace.leave_room(sid, room)
        except (KeyError, ValueError):
            return

    async def send(self, to: str, slot: str, changes: Changes) -> None:
        """Send changes to a socket or to a whole room; encoded once."""
        self.sent += 1
        delta = {slot: {key + FIELD_MARKER: value for key, value in changes.items()}}
        await self._namespace.emit("event", StateUpdate(delta=delta), to=to)

    async def tell(self, sid: str, *events: EventSpec) -> None:
        """Send browser events (a redirect, a toast) to one socket."""
        await self._namespace.emit("event", StateUpdate(events=Event.from_event_type(list(events))), to=sid)

    async def disconnect(self, sid: str) -> None:
        await self._namespace.disconnect(sid)

    def on_gone(self, gone: Any) -> None:
        """Call `await gone(sid)` when a socket has disconnected."""
        namespace = self._namespace
        before = namespace.on_disconnect

        async def on_disconnect(sid: str) -> Any:
            await gone(sid)
            return before(sid)

        namespace.on_disconnect = on_disconnect

    def screen(self, read: Callable[[object], dict[str, Any]], refuse: Callable[[str], EventSpec]) -> None:
        """Let `read` look at every event before Reflex does; what it refuses is answered and goes no further."""
        namespace = self._namespace
        connect, take = namespace.on_connect, namespace.on_event

        async def on_event(sid: str, data: object = None, *_: object) -> None:
            try:
                event = read(data)
            except DeskError as refusal:
                log.warning("refused an event of socket %s: %s", sid, refusal.sentence)
                await self.tell(sid, refuse(refusal.sentence))
                return
            await take(sid, event)

        async def on_connect(sid: str, environ: dict[str, Any], auth: object = None) -> None:
            # A client can send an event of this name too, with headers of its own making.
            if environ is namespace.server.get_environ(sid, namespace.namespace):
                await connect(sid, environ, auth)

        namespace.on_event = on_event
        namespace.on_connect = on_connect

    @property
    def _namespace(self) -> EventNamespace:
        namespace = self.app.event_namespace
        if namespace is None:
            raise RuntimeError("the app has no socket")
        return namespace
