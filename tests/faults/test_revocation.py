"""Whoever may no longer look gets no further data, on sockets that stay open while others work on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import httpx
from websockets.exceptions import ConnectionClosed

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.domain.times import now
from service_desk.domain.users import Role, UserSession
from service_desk.queries.sessions import who_is
from service_desk.store.change import housekeeping

from ..caller import WIRE, Caller, basis, update_of
from ..figures import Figure
from ..raw_socket import fresh_key
from ..running_desk import COOKIE, RunningDesk
from ..typist import Typist
from .scale import scaled

GRACE_SECONDS = 2.0
WATCHED_SECONDS = 1.5
"""How long sockets are watched after the grace."""
TRIALS = scaled(5, 20)
"""Of each kind."""
AT_ONCE = 5
PACE_SECONDS = 0.1
WORD = "Leaking"


class Watched(Caller):
    """A dispatcher's tab on the list of calls. `heard` has the moment of every frame of data.

    Who was ended may get none at all; whose role was lowered none of others' calls.
    """

    def __init__(self, desk: RunningDesk, username: str, kind: str = "") -> None:
        super().__init__(desk.url, desk.token(username))
        self.kind = kind
        self.user_id = desk.people[username].id
        actor = who_is(self.token or "")
        assert actor is not None and actor.session_id is not None
        self.session_id: int = actor.session_id
        self.heard: list[float] = []
        self.ended_at = float("inf")
        self._over = threading.Event()

    def watch(self) -> None:
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5)

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                frame = self._receive(0.2)
            except TimeoutError:
                continue
            except ConnectionClosed:
                return
            delta = update_of(frame).get("delta")
            if WORD in str(delta) or (delta and self.ended_at < time.monotonic() and self.kind in GONE):
                self.heard.append(time.monotonic())

    def late(self) -> list[float]:
        """Seconds after the end at which data came that should not have."""
        after = (at - self.ended_at for at in self.heard)
        return [seconds for seconds in after if seconds > GRACE_SECONDS]


End = Callable[[RunningDesk, Caller, Watched], None]


def sign_out(desk: RunningDesk, _dana: Caller, who: Watched) -> None:
    headers = {"Cookie": f"{COOKIE}={who.token}", "Origin": desk.url}
    assert httpx.post(f"{desk.url}/auth/sign-out", headers=headers).status_code == 303


def deactivate(_desk: RunningDesk, dana: Caller, who: Watched) -> None:
    dana.call("deactivate.save", {"form": {"basis": basis(who.user_id), "key": fresh_key()}})


def revoke(_desk: RunningDesk, dana: Caller, who: Watched) -> None:
    dana.call("security_page.sign_out", {"session_id": who.session_id, "key": fresh_key()})


def let_expire(_desk: RunningDesk, _dana: Caller, who: Watched) -> None:
    with housekeeping() as session:
        row = session.get(UserSession, who.session_id)
        assert row is not None
        row.expires_at = now() + timedelta(milliseconds=10)


def lower(_desk: RunningDesk, dana: Caller, who: Watched) -> None:
    form = {"basis": basis(who.user_id, role="dispatcher"), "role": "engineer", "key": fresh_key()}
    dana.call("edit_user.save", {"form": form})


GONE = ("sign-out", "deactivation", "revocation", "expiry")
ENDS: dict[str, End] = {
    "sign-out": sign_out,
    "deactivation": deactivate,
    "revocation": revoke,
    "expiry": let_expire,
    "lower role": lower,
}


@contextmanager
def busy(desk: RunningDesk, category: int) -> Iterator[None]:
    """Maya logs one call after another for as long as the block lasts."""
    over = threading.Event()

    def log_calls() -> None:
        with Typist(desk.url, desk.token("maya")) as maya:
            number = 0
            while not over.wait(PACE_SECONDS):
                number += 1
                maya.log_call(f"{WORD} tap {number}", category, f"+1415555{number % 10_000:04d}")

    thread = threading.Thread(target=log_calls, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


def test_no_data_two_seconds_after_the_end(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk = rehearsal_desk
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Plumbing"})
    tried: list[Watched] = []
    with busy(desk, category):
        while len(tried) < TRIALS * len(ENDS):
            tried += one_round(desk)
    for kind in ENDS:
        after = [at - who.ended_at for who in tried if who.kind == kind for at in who.heard]
        figure(f"live revocation: last data after {kind}", max(0.0, *after), "s")
    late = {who.kind: who.late() for who in tried if who.late()}
    figure("live revocation: trials", len(tried))
    figure("live revocation: data frames 2 s after", sum(map(len, late.values())))
    assert not late


def one_round(desk: RunningDesk) -> list[Watched]:
    """AT_ONCE of each kind watch, and lose what they may one after the other, beside one who keeps it."""
    kinds = list(ENDS) * AT_ONCE
    names = desk.hire_many(len(kinds) + 1, roles=(Role.DISPATCHER,))
    with ExitStack() as open_sockets:
        people = zip(names, ["", *kinds], strict=True)
        seats = [open_sockets.enter_context(Watched(desk, name, kind)) for name, kind in people]
        for seat in seats:
            seat.settle()
            seat.watch()
        kept, tried = seats[0], seats[1:]
        _until(lambda: all(seat.heard for seat in seats), "everybody sees the calls")
        with Caller(desk.url, desk.token("dana")) as dana:
            dana.settle("/security")
            for seat in tried:
                seat.ended_at = time.monotonic()
                ENDS[seat.kind](desk, dana, seat)
        time.sleep(GRACE_SECONDS)
        before = len(kept.heard)
        for seat in tried:
            _ask_again(seat)
        time.sleep(WATCHED_SECONDS)
        assert len(kept.heard) > before, "nothing happened that could have leaked"
        for seat in seats:
            seat.stop()
    return tried


def _ask_again(seat: Watched) -> None:
    """A socket that was left open may try, and so may its cookie."""
    try:
        seat.send(WIRE["calls_page.look"])
    except ConnectionClosed:
        return


def _until(done: Callable[[], bool], what: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"not in time: {what}"
        time.sleep(0.02)
