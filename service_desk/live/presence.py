"""Who is at the desk now: which socket belongs to whose sign-in, and for how long it still may."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ..config import settings
from ..domain.access import Actor
from ..domain.errors import Busy, DeskError
from ..domain.journal import Touched
from ..queries.answer import Answer
from ..queries.security import DoorsQuestion, list_all_sessions
from ..queries.sessions import who_are, who_is, why_ended
from ..queries.users import colleagues
from .gate import off_loop
from .hub import Hub
from .online import Colleagues, Online
from .questions import AllSignIns, AllTokens, OwnSignIns, OwnTokens
from .views import View, answers

TRUST_SECONDS = 15
"""How long a sign-in is believed without asking the store. News of its user ends the trust at once."""

NOTE_SECONDS = 60
"""How often the use of a sign-in is noted, so that only those who are away reach the idle limit."""


@dataclass(slots=True)
class _SignIn:
    actor: Actor
    asked_at: float
    noted_at: float = float("-inf")


class Doorman(Protocol):
    """Shows one socket out, for good or until it is looked at again."""

    async def show_out(self, sid: str, reason: str) -> None: ...
    async def let_rest(self, sid: str, most: int) -> None: ...


class Presence:
    """`note_use` is told that a sign-in is used, in a thread."""

    def __init__(self, hub: Hub, doorman: Doorman, note_use: Callable[[Actor], None]) -> None:
        self.hub = hub
        self.doorman = doorman
        self.note_use = note_use
        self._sign_ins: dict[str, _SignIn] = {}
        self._tokens: dict[str, str] = {}
        self.online = Online(hub, self._here)
        self._heard = 0
        self._checking = asyncio.Lock()
        self.elsewhere: Callable[[], frozenset[tuple[int, int]]] = frozenset
        """Users and their sign-ins in other processes, which `tell_here` tells of those here."""
        self.tell_here: Callable[[], object] = bool
        hub.on_touched.append(self._take)
        answers(Colleagues, View("colleagues", self._colleagues, _user_touched, by_role=True))
        answers(AllSignIns, View("all sign-ins", self._all_sign_ins, _user_touched, timed=True))

    async def arrive(self, sid: str, token: str) -> Actor | None:
        """The actor behind an event of this socket, or None when the sign-in is over."""
        came = self._tokens.get(sid) != token
        actor = await self.recognise(token)
        known = self._sign_ins.get(token)
        if actor is None or known is None or not self.hub.post.is_here(sid):
            # Gone during the wait: what it sent last is still done, but nobody is at the desk with it.
            return actor
        first = token not in self._tokens.values()
        # Who was heard of last is kept last.
        self._tokens.pop(sid, None)
        self._tokens[sid] = token
        if came:
            self.online.tell_arrivals()
            self.tell_here()
            if first:
                self._tell_sign_ins()
            await self._make_room(actor)
        return actor

    def note_use_of(self, sid: str) -> None:
        """Somebody did something at this socket's page: its sign-in is in use."""
        known = self._sign_ins.get(self._tokens.get(sid, ""))
        if known is not None and time.monotonic() - known.noted_at > NOTE_SECONDS:
            known.noted_at = time.monotonic()
            self.hub.spawn(self._note(known.actor))

    async def recognise(self, token: str) -> Actor | None:
        """The actor behind a token, or None when the sign-in is over; asks the store every TRUST_SECONDS."""
        known = self._sign_ins.get(token)
        if known is not None and time.monotonic() - known.asked_at <= TRUST_SECONDS:
            return known.actor
        try:
            actor = await self._ask_who(token)
        except Busy:
            # While the store can't be asked nothing can be seen or done either: the form's own answer says so.
            if known is None or self._sign_ins.get(token) is not known:
                raise
            return known.actor
        if actor is not None:
            return (await self._know(token, actor)).actor
        if known is not None:
            await self._show_out(token, known.actor)
        return None

    def who(self, sid: str) -> Actor | None:
        """Whose socket this is, as far as is known without asking the store."""
        known = self._sign_ins.get(self._tokens.get(sid, ""))
        return known.actor if known else None

    async def gone(self, sid: str) -> None:
        token = self._tokens.pop(sid, None)
        if token is not None and token not in self._tokens.values():
            self._sign_ins.pop(token, None)
            self.tell_here()
        await self.hub.drop(sid)

    def sign_ins(self) -> int:
        """How many sign-ins have an open page here."""
        return len(set(self._tokens.values()))

    async def reason(self, token: str) -> str:
        """Why this sign-in is over, for the sign-in page."""
        return await off_loop(why_ended, token)

    def hear_ended(self, session_ids: Iterable[int]) -> None:
        """These sign-ins were ended. Called from any thread."""
        self.hub.soon(self._end, frozenset(session_ids))

    def hear_tokens(self) -> None:
        """Access tokens were made or ended. Called from any thread."""
        self.hub.soon(self._tell_tokens)

    async def check_sign_ins(self) -> None:
        """Ask the store about every open sign-in: show out those that are over, heed new roles."""
        await self._check(lambda _: True)
        self._forget_absent()

    def tell_doors(self) -> None:
        """Say that there are new lines in the door book, and perhaps sign-ins that have no socket yet."""
        self.hub.refresh_all(DoorsQuestion)
        self._tell_sign_ins()

    def pairs(self) -> frozenset[tuple[int, int]]:
        """The users who are here, each with the id of a sign-in; for the other processes."""
        return frozenset((actor.id, actor.session_id or 0) for actor in self._actors())

    def hear_elsewhere(self) -> None:
        """Somebody came to another process."""
        self.online.tell_arrivals()
        self._tell_sign_ins()

    def hear_left(self) -> None:
        """Somebody left another process, or it ended."""
        self._tell_sign_ins()
        self.online.tell_later()

    def _tell_sign_ins(self) -> None:
        self.hub.refresh_all(OwnSignIns)
        self.hub.refresh_all(AllSignIns)

    def _tell_tokens(self) -> None:
        self.hub.refresh_all(OwnTokens)
        self.hub.refresh_all(AllTokens)

    def _here(self) -> frozenset[int]:
        own = frozenset(actor.id for actor in self._actors())
        return own | {user for user, _ in self.elsewhere()}

    def _actors(self) -> list[Actor]:
        """Who is at the desk in this process, once for each sign-in."""
        tokens = frozenset(self._tokens.values())
        return [known.actor for token in tokens if (known := self._sign_ins.get(token))]

    async def _ask_who(self, token: str) -> Actor | None:
        while True:
            heard = self._heard
            actor = await off_loop(who_is, token)
            # What was read while news came in may be older than the news.
            if heard == self._heard:
                return actor

    async def _know(self, token: str, actor: Actor) -> _SignIn:
        """Keep what the store says of a sign-in; a new role asks everything on its screens anew."""
        known = self._sign_ins.get(token)
        if known is None:
            known = self._sign_ins[token] = _SignIn(actor, time.monotonic())
            return known
        before, known.actor, known.asked_at = known.actor, actor, time.monotonic()
        if before.role != actor.role:
            await asyncio.gather(*(self.hub.ask_again(sid, actor) for sid in self._sockets(token)))
        return known

    async def _take(self, touched: tuple[Touched, ...]) -> None:
        people = {each.row_id for each in touched if each.entity == "user"}
        if people:
            self._heard += 1
            await self._check(lambda actor: actor.id in people)

    def _end(self, session_ids: frozenset[int]) -> None:
        self._heard += 1
        self.hub.spawn(self._check(lambda actor: actor.session_id in session_ids))
        self._tell_sign_ins()

    async def _check(self, concerns: Callable[[Actor], bool]) -> None:
        # One after the other, so that an older reading is never believed after a newer one.
        async with self._checking:
            tokens = {token for token, known in self._sign_ins.items() if concerns(known.actor)}
            valid = await off_loop(who_are, tokens) if tokens else {}
            for token in tokens:
                if actor := valid.get(token):
                    await self._know(token, actor)
                elif known := self._sign_ins.get(token):
                    await self._show_out(token, known.actor)

    async def _show_out(self, token: str, actor: Actor) -> None:
        self._sign_ins.pop(token, None)
        sids = self._sockets(token)
        for sid in sids:
            self._tokens.pop(sid)
            await self.hub.drop(sid)
        self.online.tell_goodbye(actor.id)
        self.tell_here()
        reason = await self.reason(token) if sids else ""
        # A socket that has gone meanwhile must not keep the others in.
        await asyncio.gather(*(self.doorman.show_out(sid, reason) for sid in sids), return_exceptions=True)

    def _sockets(self, token: str) -> list[str]:
        return [sid for sid, its in self._tokens.items() if its == token]

    async def _make_room(self, actor: Actor) -> None:
        """Let the tabs rest that somebody has used least lately, so that the one they look at always works.

        What a broken line has left behind is among them, so it never keeps its owner from coming back.
        """
        most = settings().sockets_per_user
        own = [sid for sid, token in self._tokens.items() if self._is_of(token, actor.id)]
        for sid in own[:-most]:
            self._tokens.pop(sid, None)
            await self.hub.drop(sid)
            self.hub.spawn(self.doorman.let_rest(sid, most))

    def _is_of(self, token: str, user_id: int) -> bool:
        known = self._sign_ins.get(token)
        return known is not None and known.actor.id == user_id

    def _forget_absent(self) -> None:
        """Sign-ins that were recognised, but whose socket never came or went while it was waiting."""
        here, now = set(self._tokens.values()), time.monotonic()
        for token, known in list(self._sign_ins.items()):
            if token not in here and now - known.asked_at > TRUST_SECONDS:
                del self._sign_ins[token]

    async def _note(self, actor: Actor) -> None:
        with contextlib.suppress(DeskError):
            await off_loop(self.note_use, actor)

    def _colleagues(self, actor: Actor, _question: Colleagues) -> Answer:
        found = colleagues(actor)
        rows = {key: {**row, "online": key in self.online.people} for key, row in found.rows.items()}
        return Answer(found.seq, found.order, rows, {**found.extra, "online": len(self.online.people)})

    def _all_sign_ins(self, actor: Actor, question: AllSignIns) -> Answer:
        found = list_all_sessions(actor, question.page)
        here = {actor.session_id for actor in self._actors()} | {number for _, number in self.elsewhere()}
        rows = {key: {**row, "online": key in here} for key, row in found.rows.items()}
        return Answer(found.seq, found.order, rows, found.extra)


def _user_touched(touched: Touched, _scope: object, _question: object) -> bool:
    return touched.entity == "user"
