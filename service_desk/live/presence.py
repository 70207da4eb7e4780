"""Who is at the desk now: which socket belongs to whose sign-in, and for how long it still may."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol

from ..domain.access import Actor
from ..domain.journal import Touched
from ..queries.answer import Answer
from ..queries.sessions import who_are, who_is
from ..queries.users import colleagues
from .gate import off_loop
from .hub import Hub
from .views import View, answers

TRUST_SECONDS = 15
"""How long a sign-in is believed without asking the store. News of its user ends the trust at once."""


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Everybody who ever worked here: for names, pickers and who is online."""


@dataclass(slots=True)
class _SignIn:
    actor: Actor
    asked_at: float


class Doorman(Protocol):
    """Shows one socket out."""

    async def show_out(self, sid: str, reason: str) -> None: ...


class Presence:
    def __init__(self, hub: Hub, doorman: Doorman) -> None:
        self.hub = hub
        self.doorman = doorman
        self._sign_ins: dict[str, _SignIn] = {}
        self._tokens: dict[str, str] = {}
        self._online: frozenset[int] = frozenset()
        hub.on_touched.append(self._take)
        answers(Colleagues, View("colleagues", self._colleagues, _user_touched))

    async def arrive(self, sid: str, token: str) -> Actor | None:
        """The actor behind an event of this socket, or None when the sign-in is over."""
        known = self._sign_ins.get(token)
        if known is None or time.monotonic() - known.asked_at > TRUST_SECONDS:
            actor = await off_loop(who_is, token)
            if actor is None:
                self._sign_ins.pop(token, None)
                return None
            known = self._sign_ins[token] = _SignIn(actor, time.monotonic())
        if self._tokens.get(sid) != token:
            self._tokens[sid] = token
            self._tell_who_is_online(at_once=True)
        return known.actor

    async def gone(self, sid: str) -> None:
        token = self._tokens.pop(sid, None)
        if token is not None and token not in self._tokens.values():
            self._sign_ins.pop(token, None)
        await self.hub.drop(sid)

    async def check(self) -> None:
        """Ask the store about every open sign-in; show out those that are over, ask anew for those that changed."""
        tokens = set(self._tokens.values())
        if tokens:
            await self._check(tokens)
        self._tell_who_is_online(at_once=False)

    async def _take(self, touched: tuple[Touched, ...]) -> None:
        people = {each.row_id for each in touched if each.entity == "user"}
        if people:
            await self._check({t for t, known in self._sign_ins.items() if known.actor.id in people})

    async def _check(self, tokens: set[str]) -> None:
        now_valid = await off_loop(who_are, tokens)
        by_token: dict[str, list[str]] = defaultdict(list)
        for sid, token in self._tokens.items():
            by_token[token].append(sid)
        for token in tokens:
            actor, known = now_valid.get(token), self._sign_ins.get(token)
            if actor is None:
                self._sign_ins.pop(token, None)
                await asyncio.gather(*(self._show_out(sid) for sid in by_token[token]))
                continue
            self._sign_ins[token] = _SignIn(actor, time.monotonic())
            if known is not None and known.actor.role != actor.role:
                await asyncio.gather(*(self.hub.ask_again(sid, actor) for sid in by_token[token]))

    async def _show_out(self, sid: str) -> None:
        await self.hub.drop(sid)
        self._tokens.pop(sid, None)
        await self.doorman.show_out(sid, "ended")

    def _tell_who_is_online(self, *, at_once: bool) -> None:
        online = frozenset(
            known.actor.id for t in set(self._tokens.values()) if (known := self._sign_ins.get(t))
        )
        # Somebody who reloads the page is away for a moment only: going offline waits for the slow check.
        if online - self._online if at_once else online != self._online:
            self._online = online | self._online if at_once else online
            for room in list(self.hub.rooms.values()):
                if isinstance(room.question, Colleagues):
                    self.hub.refresh(room)

    def _colleagues(self, actor: Actor, _question: Colleagues) -> Answer:
        found = colleagues(actor)
        rows = {key: {**row, "online": key in self._online} for key, row in found.rows.items()}
        return Answer(found.seq, found.order, rows, {**found.extra, "online": len(self._online)})


def _user_touched(touched: Touched, _scope: object, _question: object) -> bool:
    return touched.entity == "user"
