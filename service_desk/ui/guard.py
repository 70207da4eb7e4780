"""The guard: who is this, and may they at all? Everything not listed is denied."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from types import CodeType
from typing import Any, TypeVar

import reflex as rx
from reflex.app import App
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.middleware import Middleware
from reflex.state import BaseState, EventHandlerSetVar, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from .. import figures, reference
from ..domain.access import Actor, Permission
from ..live.presence import Presence
from ..log import get_logger
from . import browser, faults, inbox
from .keys import key_in

log = get_logger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

# By identity, since handlers with the same words in the same line of two files have equal code; the code is kept
# beside its id, so that no other can come to have that id.
_needs: dict[int, tuple[CodeType, Permission]] = {}
_ROOT = "reflex___state____state"
OWN_HANDLERS = {
    f"{_ROOT}.hydrate": Permission.SIGNED_IN,
    f"{_ROOT}.hydrate_and_load": Permission.SIGNED_IN,
    f"{_ROOT}.set_is_hydrated": Permission.SIGNED_IN,
    f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal": Permission.SIGNED_IN,
    f"{_ROOT}.reflex___state____on_load_internal_state.set_is_hydrated": Permission.SIGNED_IN,
}
"""Reflex's own handlers that a page needs. Its others (setting variables, reporting errors) are denied."""

_actor: ContextVar[Actor] = ContextVar("actor")


class UnlistedHandlerError(RuntimeError):
    """A public method of a state has no permission, so anybody could call it."""


def handler(permission: Permission) -> Callable[[F], Any]:
    """Make a method an event handler for those who have the permission."""

    def register(method: F) -> Any:
        _needs[id(method.__code__)] = method.__code__, permission
        return rx.event(method)

    return register


def actor() -> Actor:
    """The signed-in user whose event is being handled."""
    return _actor.get()


def permissions() -> dict[str, Permission | None]:
    """Every handler that Reflex knows by its wire name, with the permission it needs; None is denied to all.

    Raises:
        UnlistedHandlerError: a handler of ours is not listed.
    """
    table: dict[str, Permission | None] = {}
    for name, registered in RegistrationContext.get().event_handlers.items():
        needed = _needed(registered.handler.fn) or OWN_HANDLERS.get(name)
        ours = not isinstance(registered.handler, EventHandlerSetVar)
        if (
            needed is None
            and ours
            and any(state.__module__.startswith("service_desk") for state in registered.states)
        ):
            raise UnlistedHandlerError(f"{name} has no permission: mark it with @handler(Permission.…)")
        table[name] = needed
    return table


def _needed(method: Callable[..., Any]) -> Permission | None:
    _, needed = _needs.get(id(getattr(method, "__code__", None)), (None, None))
    return needed


class Owner(rx.State):
    """Whose tab this is. A token replayed by somebody else finds an empty state, not the owner's."""

    _session_id: int | None = None


class Guard(Middleware):
    """Resolves the cookie on every event and lets through only what its user may do."""

    def __init__(
        self,
        presence: Presence,
        token_of: Callable[[str], str | None],
        note_refusal: Callable[[int, str, str], None],
    ) -> None:
        """`note_refusal` is told who was refused what: the user's id, their address, the handler's name."""
        self.presence = presence
        self.token_of = token_of
        self.note_refusal = note_refusal
        self.table = permissions()
        known = RegistrationContext.get().event_handlers
        self.takes = {
            name: inbox.arguments_of(known[name].handler.fn) for name, needed in self.table.items() if needed
        }

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        faults.begin_event()
        router = state.router_data
        sid = str(router.get(RouteVar.SESSION_ID, ""))
        token = self.token_of(str((router.get(RouteVar.HEADERS) or {}).get(RouteVar.COOKIE, "")))
        actor = await self.presence.arrive(sid, token) if token else None
        if actor is None:
            reason = await self.presence.reason(token) if token else "expired"
            return _answer(browser.leave(f"/sign-in?reason={reason}"))
        address = str(router.get(RouteVar.CLIENT_IP, ""))
        reference.on_behalf_of(reference.Asker(actor.id, address, event.name))
        if refusal := self._refusal(event, actor):
            figures.DENIALS.add(actor.role.value)
            log.warning("refused an event", handler=event.name, told=refusal)
            self.note_refusal(actor.id, address, event.name)
            # What is refused here is answered: the page must not send it again by itself.
            key = key_in(event.payload)
            told = browser.complain(reference.attach(refusal))
            return _answer(*([browser.heard(key)] if key else []), told)
        owner = await state.get_state(Owner)
        if owner._session_id not in (None, actor.session_id):
            await _forget(app, state)
        owner._session_id = actor.session_id
        _actor.set(actor)
        return None

    def read(self, data: object) -> dict[str, Any]:
        """What a browser sent, as an event for a handler that exists. Raises Invalid."""
        reference.begin()
        return inbox.read_event(data, self.table)

    def _refusal(self, event: Event, actor: Actor) -> str:
        """Why this event is refused to this user; empty when it is not."""
        needed = self.table.get(event.name)
        if needed is None:
            return inbox.NOT_HERE
        if not actor.may(needed):
            return f"You may not {needed.value}."
        return "" if self.takes[event.name].fit(event.payload) else inbox.UNREADABLE


async def _forget(app: App, state: BaseState) -> None:
    """Reset everything that the tab holds, also what was not loaded for this event."""
    root = state._get_root_state()
    if isinstance(app.state_manager, StateManagerRedis):
        tab = BaseStateToken(ident=state.router_data[RouteVar.CLIENT_TOKEN], cls=type(root))
        root = await app.state_manager.get_state(tab, for_state_instance=root)
    root.reset()


def _answer(*specs: Any) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(list(specs)))
