"""The desk under measurement: a thousand calls, dispatchers who look at them, and one who changes them."""

from __future__ import annotations

import json
import tempfile
import threading
import uuid
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from service_desk.actions.sessions import sign_in
from service_desk.domain.calls import OPEN_CALL
from service_desk.domain.users import Role
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.store.migrate import upgrade
from tests.api_caller import token_of
from tests.running_desk import COOKIE, PASSWORD, RunningDesk

from .big_desk import fill
from .cores import SERVER, on_core
from .crowd import HYDRATE
from .spread import Look
from .stamped import COMMITS
from .targets import marked
from .writer import Writer

CALLS = 1000
TABS = 10
"""Open pages of each person: as many as the desk lets live."""
CHANGED = 20
FIRST_PAGE = Look("")


class DeskTarget:
    """`looks` are the addresses that the sessions have open, in turn; `changed` the calls that are changed in turn."""

    def __init__(self, name: str, store: str, people: int, looks: Sequence[Look] = (FIRST_PAGE,)) -> None:
        self.name, self.looks = name, looks
        self.folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
        self.commits = self.folder / "commits"
        # A whole company opens its pages within seconds, from one address.
        given = {COMMITS: str(self.commits), "SERVICE_DESK_EVENTS_PER_SECOND": "100000"}
        self.desk = RunningDesk(self.folder, given, module="bench.stamped", store=store)
        self.desk.do_without_pages()
        self.people = people
        self.shown_by: dict[Look, frozenset[int]] = {}
        self._made: dict[int, list[int]] = defaultdict(list)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        upgrade(self.desk.database_url)
        fill(self.desk.database_url, CALLS)
        self.desk.open_store()
        names = self.desk.hire_many(self.people + 1, roles=(Role.DISPATCHER,))
        self.tokens = [sign_in(name, PASSWORD, "bench") for name in names[1:]]
        reader = self.desk.people[names[0]]
        page = list_calls(reader, CallsQuestion())
        self.changed = list(page.order)[:CHANGED]
        if len(self.looks) > 1:
            answers = [look.answer(reader) for look in self.looks]
            rows = [row for answer in answers for row in answer.rows.values() if row["status"] in OPEN_CALL]
            seen = sorted({row["id"] for row in rows})
            self.changed = seen[:: len(seen) // (2 * CHANGED)]
        self.shown_by = {look: look.shows(reader) for look in self.looks}
        token = token_of(reader)
        self.desk.close_store()
        with on_core(SERVER):
            self.desk.start()
        assert self.desk.process
        self.port, self.pid = self.desk.port, self.desk.process.pid
        self._writer = Writer(self.port, token)
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.stop()

    def sessions(self, first: int, count: int) -> Sequence[dict[str, Any]]:
        return [self._session(number) for number in range(first, first + count)]

    def look_of(self, session: int) -> Look:
        return self.looks[session % len(self.looks)]

    def call_of(self, number: int) -> int:
        return int(self.changed[number % len(self.changed)])

    def shows(self, session: int, number: int) -> bool:
        """Whether this change must reach this session."""
        return self.call_of(number) in self.shown_by[self.look_of(session)]

    def change(self, number: int) -> None:
        call = self.call_of(number)
        with self._lock:
            self._made[call].append(number)
        self._writer.write(call, marked(number))

    def committed(self) -> dict[int, int]:
        """The commits of one call are in the order of its changes, which are seconds apart."""
        found, left = {}, {call: iter(numbers) for call, numbers in self._made.items()}
        for line in self.commits.read_text().splitlines():
            _, _, at, call = line.split()[:4]
            found[next(left[int(call)])] = int(at)
        return found

    def _session(self, number: int) -> dict[str, Any]:
        address = f"/calls{self.look_of(number).query}"
        router = {"pathname": "/calls", "asPath": address, "query": {}}
        event = json.dumps(["event", {"name": HYDRATE, "payload": {}, "router_data": router}])
        return {
            "path": f"/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}",
            "cookie": f"{COOKIE}={self.tokens[number // TABS % len(self.tokens)]}",
            "steps": [["40/_event,", "40/_event,{"], [f"42/_event,{event}", '"is_hydrated_rx_state_":true']],
        }
