"""The one place that knows how Reflex talks to browsers: rooms and prepared messages on its own namespace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from reflex.app import App, EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State, StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event, EventSpec
from socketio.packet import EVENT

from ..domain.errors import DeskError, Invalid
from ..log import get_logger
from .absent import AbsentTabs
from .delivery import Delivery
from .lines import TOO_MUCH, Doorkeeper, Lines
from .room import Changes, Whole

log = get_logger(__name__)

# What browsers are told when the server stops or can't read, as ui/link.js knows it.
RESTARTING = "restarting"
BEHIND = "behind"
UNHANDLED = "unhandled"
MOST_PENDING = 100
"""Events of one tab that may wait for the one that is being handled."""


def _comes_by_itself(event: dict[str, Any]) -> bool:
    """Whether it is what a page sends without anybody at it: when it is connected again (its first time it tells what
    it holds), or when a script of it fails."""
    name = event["name"].rpartition(".")[2]
    returns = name == "hydrate_and_load" and "hashes" not in event["payload"]
    return returns or name == "handle_frontend_exception"


class Porter(Doorkeeper, Protocol):
    async def admit(self, sid: str, environ: dict[str, Any]) -> list[EventSpec]:
        """Let a socket in, or say what its page is told before it must leave. Raises DeskError: not now."""
        ...


class ReflexPost:
    """Sends the hub's answers as state updates that the browser merges key by key."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.sent = 0
        self.refused = 0
        self.parting = False
        self.lines: Lines | None = None
        self.delivery: Delivery | None = None
        self.absent = AbsentTabs(self._forget)
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def dropped(self) -> int:
        """Events that came too fast."""
        return self.lines.dropped if self.lines else 0

    def sockets(self) -> int:
        """How many browsers are connected."""
        return len(self._namespace.sid_to_token)

    def packets_waiting(self) -> tuple[int, int]:
        """Packets that browsers have not taken yet: of all, and of the slowest."""
        waiting = [socket.queue.qsize() for socket in list(self._namespace.server.eio.sockets.values())]
        return sum(waiting), max(waiting, default=0)

    def events_waiting(self) -> int:
        """Events that came in and are not done yet."""
        processor = self.app.event_processor
        queue = processor._queue
        return (queue.qsize() if queue else 0) + sum(map(len, processor._token_queues.values()))

    def is_here(self, sid: str) -> bool:
        """Whether the socket is still connected, or is being let in."""
        name, manager = self._namespace.namespace, self._namespace.server.manager
        return bool(manager.is_connected(sid, name) or manager.is_pre_connected(sid, name))

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
        # Before there is somebody who watches the door, nobody has come in.
        if self.delivery is not None:
            self.delivery.give(self._encoded(slot, changes), to)

    def _encoded(self, slot: str, changes: Changes) -> str:
        """The Socket.IO packet that carries the changes as an update of the state that is the slot."""
        if isinstance(changes, Whole) and changes.encoded:
            return changes.encoded
        delta = {slot: {key + FIELD_MARKER: value for key, value in changes.items()}}
        namespace, update = self._namespace, StateUpdate(delta=delta)
        packet = namespace.server.packet_class(EVENT, ["event", update], namespace.namespace, binary=False)
        text = str(packet.encode())
        if isinstance(changes, Whole):
            changes.encoded = text
        return text

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
            tab, person = namespace.sid_to_token.get(sid), self.lines.person_at(sid) if self.lines else None
            await gone(sid)
            if (unlinking := before(sid)) is not None:
                await unlinking
            if tab and person:
                self.absent.leave(person, tab)

        namespace.on_disconnect = on_disconnect

    def address(self, sid: str) -> str:
        """Where a socket comes from; empty when it has gone already."""
        environ = self._namespace.server.get_environ(sid, self._namespace.namespace) or {}
        return str((environ.get("asgi.scope", {}).get("client") or [""])[0])

    def screen(
        self,
        read: Callable[[object], dict[str, Any]],
        refuse: Callable[[str], EventSpec],
        note_refusal: Callable[[str, str], None],
        note_use: Callable[[str], None],
    ) -> None:
        """Let `read` look at every event before Reflex does; what it refuses is answered and goes no further.

        `note_refusal` is told of the socket and of the sentence, `note_use` of the socket at which somebody did
        something: a page that only comes back after its connection was lost may stand where nobody is.
        """
        namespace = self._namespace
        take = namespace.on_event

        async def on_event(sid: str, data: object = None, *_: object) -> None:
            if self.parting:
                await namespace.emit(UNHANDLED, data, to=sid)
                return
            try:
                event = read(data)
                self._refuse_beyond(sid)
            except DeskError as refusal:
                self.refused += 1
                log.warning("refused what is no event of ours", told=refusal.sentence)
                note_refusal(sid, refusal.sentence)
                await self.tell(sid, refuse(refusal.sentence))
                return
            if not _comes_by_itself(event):
                note_use(sid)
            await take(sid, event)

        namespace.on_event = on_event

    def watch(self, porter: Porter) -> Lines:
        """Let the porter see everybody who connects; a stranger costs no state. Returns what keeps count of them."""
        namespace = self._namespace
        connect = namespace.on_connect
        self.lines = Lines(namespace.server, namespace.namespace, porter)
        self.delivery = Delivery(namespace.server, namespace.namespace, self.lines.lines)

        async def on_connect(sid: str, environ: dict[str, Any], auth: object = None) -> None:
            if self.parting:
                raise ConnectionRefusedError("The server restarts.")
            # A client can send an event of this name too, with headers of its own making.
            if environ is not namespace.server.get_environ(sid, namespace.namespace):
                return
            try:
                farewell = await porter.admit(sid, environ)
            except DeskError as busy:
                raise ConnectionRefusedError(busy.sentence) from None
            if farewell:
                self.refused += 1
                self._soon(self._see_off(sid, farewell))
            elif self.is_here(sid):
                await connect(sid, environ, auth)

        namespace.on_connect = on_connect
        return self.lines

    async def _see_off(self, sid: str, farewell: list[EventSpec]) -> None:
        """Runs once the client has been told that it is connected: before that it hears nothing."""
        await self.tell(sid, *farewell)
        await self.disconnect(sid)

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _forget(self, tab: str) -> None:
        """Let go of what Reflex keeps of a tab in this process, unless it is back or still at work."""
        manager = self.app.state_manager
        token = BaseStateToken(ident=tab, cls=State)
        if not isinstance(manager, StateManagerMemory) or tab in self._namespace.token_to_sid:
            return
        if tab not in self.app.event_processor._token_queues:
            manager._purge_token(token)

    def _refuse_beyond(self, sid: str) -> None:
        # Reflex keeps no count that is meant for others, and without a bound one slow answer lets thousands wait.
        queues = self.app.event_processor._token_queues
        if len(queues.get(self._namespace.sid_to_token.get(sid, ""), ())) >= MOST_PENDING:
            raise Invalid(TOO_MUCH)

    async def part(self) -> None:
        """Tell every socket that the server restarts. What they send from now on they get back, unhandled."""
        self.parting = True
        await self._namespace.emit(RESTARTING)

    async def tell_behind(self, behind: bool) -> None:
        """Tell every socket whether what it was sent may be older than it should be."""
        await self._namespace.emit(BEHIND, behind)

    async def hang_up(self) -> None:
        """Disconnect every socket, after what is on its way to it."""
        namespace = self._namespace
        everybody = namespace.server.manager.get_participants(namespace.namespace, None)
        for sid in [sid for sid, _ in everybody]:
            await namespace.disconnect(sid)

    def is_working(self) -> bool:
        """Whether an event is still being handled, or waits for it."""
        events = self.app.event_processor._futures.values()
        return any(not event.done() for event in events)

    def is_sending(self) -> bool:
        """Whether something still waits to be sent to a socket."""
        return any(not each.queue.empty() for each in self._namespace.server.eio.sockets.values())

    @property
    def _namespace(self) -> EventNamespace:
        namespace = self.app.event_namespace
        if namespace is None:
            raise RuntimeError("the app has no socket")
        return namespace
