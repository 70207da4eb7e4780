"""Many edit one call at the same time: nothing is overwritten unseen, and no accepted edit is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Lock
from typing import Any

from service_desk.actions.calls import edit_call
from service_desk.actions.commands import carry_out
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.errors import Busy, Conflict
from service_desk.domain.journal import Touch
from service_desk.domain.users import Role
from service_desk.store.database import Database

from ..factories import make_call, make_user
from ..figures import Figure
from ..raw_socket import fresh_key
from ..readings import all_rows, stored
from .looking import watched
from .scale import scaled

CLIENTS = 8
FIELDS = ("problem", "site_address")


class Edits:
    """Clients who edit one call until enough was tried, each with what they last saw of it."""

    def __init__(self, call_id: int, tries: int) -> None:
        self.call_id = call_id
        self.left = iter(range(tries))
        self.numbers = count()
        self.lock = Lock()
        self.accepted: dict[int, tuple[str, str, str]] = {}
        self.conflicts = 0

    def work(self, actor: Actor, seed: int) -> None:
        chance = random.Random(seed)
        seen = stored(Call, self.call_id)
        while self._goes_on():
            field, text = chance.choice(FIELDS), f"Edit {next(self.numbers)}"
            if self._try(actor, seen, field, text) or chance.random() < 0.8:
                seen = stored(Call, self.call_id)

    def _goes_on(self) -> bool:
        with self.lock:
            return next(self.left, None) is not None

    def _try(self, actor: Actor, seen: Call, field: str, text: str) -> bool:
        before = getattr(seen, field)
        edit = {"version": seen.version, "was": {field: before}, "changes": {field: text}}
        try:
            outcome = patient(carry_out, actor, fresh_key(), edit_call, self.call_id, **edit)
        except Conflict as conflict:
            assert conflict.by, "nobody is named"
            assert set(conflict.theirs) == {field}
            with self.lock:
                self.conflicts += 1
            return False
        with self.lock:
            self.accepted[outcome.seq] = field, before, text
        return True


def patient(action: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Tries again while the store is busy, with the same key."""
    while True:
        try:
            return action(*given, **more)
        except Busy:
            continue


def test_no_accepted_edit_is_lost(database: Database, figure: Figure) -> None:
    people = [make_user(Role.DISPATCHER, f"Editor {number}") for number in range(CLIENTS)]
    call_id = make_call(people[0], address="1 Elm Street")
    edits = Edits(call_id, scaled(300, 5000))

    def work() -> None:
        with ThreadPoolExecutor(CLIENTS) as threads:
            for each in [threads.submit(edits.work, actor, seed) for seed, actor in enumerate(people)]:
                each.result()

    url = database.url.render_as_string(hide_password=False)
    # Not its own page: that reads a history of hundreds of edits again with each of them.
    watched(url, {"tab": (people[0], "/calls")}, work)
    lost = stored(Call, call_id).version - 1 - len(edits.accepted)
    figure("concurrent edits: lost updates", lost)
    figure("concurrent edits: accepted", len(edits.accepted))
    figure("concurrent edits: conflicts shown", edits.conflicts)
    assert lost == 0
    assert edits.accepted and edits.conflicts
    # Each replaced exactly what its client had seen.
    assert told_by_the_journal(call_id) == edits.accepted


def told_by_the_journal(call_id: int) -> dict[int, tuple[str, str, str]]:
    """Number → field, text before and text after of each edit; the first entry is the call itself."""
    touches = [each for each in all_rows(Touch) if (each.entity, each.row_id) == ("call", call_id)]
    return {
        each.seq: (field, old, new)
        for each in sorted(touches, key=lambda touch: touch.seq)[1:]
        for field, (old, new) in each.changed.items()
    }
