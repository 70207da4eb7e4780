"""The desk under measurement: its server, one who acts, one who looks on in Chromium, and the crowd around them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.store.migrate import upgrade
from tests.running_desk import COOKIE, PEOPLE, RunningDesk
from tests.typist import Typist

from .stamped import COMMITS
from .timings import PAUSE_SECONDS, Frames, Timings

WATCH = Path(__file__).with_name("watch.js").read_text()
CALLS = 40
# The crowd is one person with a thousand tabs, all opened at once.
A_CROWD = {"SERVICE_DESK_EVENTS_PER_SECOND": "1000000", "SERVICE_DESK_SOCKETS_PER_USER": "10000"}


@contextmanager
def crowd(base: str, token: str, count: int) -> Iterator[None]:
    """`count` more sessions, all with their page open, for as long as the block lasts."""
    command = [sys.executable, "-m", "bench.crowd", base, token, str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as people:
        assert people.stdin and people.stdout
        if people.stdout.readline().strip() != "ready":
            raise RuntimeError("the crowd did not come")
        yield
        people.stdin.close()


class DeskRun:
    """A desk with a page full of calls, one after another of which is changed by Maya while Lena looks on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
        self.commits = self.folder / "commits"
        self.desk = RunningDesk(self.folder, {COMMITS: str(self.commits)} | A_CROWD, module="bench.stamped")
        self.number = 0
        self.was: dict[int, str] = {}
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> DeskRun:
        upgrade(self.desk.database_url)
        self.desk.open_store()
        for username, (name, role) in PEOPLE.items():
            self.desk.hire(username=username, name=name, role=role)
        dana = self.desk.people["dana"]
        category = create_category(dana, CategoryKind.CALL, {"name": "Network"})
        for number in range(CALLS):
            form = {"phone": f"+1 415 555 {2000 + number}", "customer_name": f"Customer {number}"}
            problem = f"No internet on floor {number}"
            self.was[create_call(dana, {**form, "category_id": category, "problem": problem})] = problem
        self.tokens = {username: self.desk.token(username) for username in ("maya", "lena")}
        self.desk.close_store()
        self.desk.start()
        self.typist = Typist(self.desk.url, self.tokens["maya"]).__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.typist.__exit__()
        self.desk.stop()

    def resident_kb(self) -> int:
        """The server's memory."""
        assert self.desk.process is not None
        status = Path(f"/proc/{self.desk.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def look_on(self, chromium: Browser, frames: Frames) -> Page:
        """Lena's page of calls, watched from inside, and every frame that it receives."""
        context = chromium.new_context(viewport={"width": 1280, "height": 1400})
        context.add_cookies([{"name": COOKIE, "value": self.tokens["lena"], "url": self.desk.url}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", frames.take))
        page.goto(f"{self.desk.url}/calls")
        page.get_by_role("status").filter(has_text="Live").wait_for()
        return page

    def change_calls(self, page: Page, changes: int) -> Timings:
        """Change one call after another and see when each stood in the page."""
        sent: dict[int, int] = {}
        shown = sorted(self.was)[-20:]
        page.evaluate("bench.rendered.length = 0")
        commits_before = len(self.commits.read_text().splitlines())
        for turn in range(changes):
            self.number += 1
            call = shown[turn % len(shown)]
            problem = f"Change {self.number} of what the customer said"
            sent[self.number] = time.time_ns()
            self.typist.edit_call(call, {"problem": self.was[call]}, problem=problem)
            self.was[call] = problem
            time.sleep(PAUSE_SECONDS)
        page.wait_for_function(f"{self.number} in bench.seen")
        committed = [int(line.split()[1]) for line in self.commits.read_text().splitlines()[commits_before:]]
        seen = {int(key): at for key, at in page.evaluate("bench.seen").items()}
        return Timings.of(sent, committed, seen, page.evaluate("bench.rendered"))

    def crowd(self, count: int) -> Any:
        return crowd(self.desk.url, f"{COOKIE}={self.tokens['lena']}", count)
