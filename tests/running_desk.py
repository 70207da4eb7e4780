"""A real desk in a process of its own, and the people who sit at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from service_desk.actions.passwords import hash_password
from service_desk.actions.sessions import sign_in
from service_desk.config import ROOT
from service_desk.domain.access import Actor
from service_desk.domain.users import Role, User
from service_desk.store.change import change
from service_desk.store.database import connect, disconnect

PASSWORD = "a long enough word"
COOKIE = "service_desk_session"
PEOPLE = {
    "dana": ("Dana Ortiz", Role.ADMIN),
    "maya": ("Maya Singh", Role.DISPATCHER),
    "lena": ("Lena Park", Role.DISPATCHER),
    "fay": ("Fay Moore", Role.FRONT_DESK),
    "ravi": ("Ravi Kumar", Role.ENGINEER),
    "jo": ("Jo Tran", Role.ENGINEER),
}


OWNERS: dict[str, int] = {}
"""Whose each of the tokens is that were made for tests: the user's id."""


@dataclass
class RunningDesk:
    """A server on a free port with its own database: SQLite in its folder, unless `store` is another's address.

    `people` are actors, by username.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    people: dict[str, Actor] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    module: str = "service_desk"
    """What is run with `serve`."""
    store: str = ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database_url(self) -> str:
        return self.store or f"sqlite:///{self.folder / 'desk.db'}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def open_store(self) -> None:
        """Read and change the desk's database from this process too; its server then learns late of it."""
        connect(self.database_url)

    def close_store(self) -> None:
        disconnect()

    def hire(self, *, username: str, name: str, role: Role) -> Actor:
        """Somebody who can sign in with PASSWORD. The store must be open, the server need not run."""
        with change(None, "create user") as session:
            user = User(username=username, full_name=name, role=role, password_hash=_hash())
            session.add(user)
        self.people[username] = Actor(user.key, role, name)
        return self.people[username]

    def hire_many(self, count: int, *, roles: tuple[Role, ...] = tuple(Role)) -> list[str]:
        """So many more who can sign in, their roles in turn. Returns their usernames."""
        first = len(self.people)
        names = [f"person{first + number}" for number in range(count)]
        for number, name in enumerate(names):
            self.hire(username=name, name=name.capitalize(), role=roles[number % len(roles)])
        return names

    def token(self, username: str) -> str:
        """A new sign-in of this user. The store must be open."""
        token = sign_in(username, PASSWORD, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0")
        OWNERS[token] = self.people[username].id
        return token

    def do_without_pages(self) -> None:
        """For bare sockets and plain HTTP: the pages need not be built."""
        pages = self.folder / "web" / "build" / "client" / "index.html"
        pages.parent.mkdir(parents=True)
        pages.write_text("<!doctype html>")
        self.environment |= {
            "SERVICE_DESK_WEB_DIR": str(self.folder / "web"),
            "SERVICE_DESK_SKIP_BUILD": "1",
        }

    def start(self, port: int = 0) -> None:
        self.port = port or free_port()
        environment = {
            **os.environ,
            "SERVICE_DESK_DATABASE_URL": self.database_url,
            "SERVICE_DESK_SESSION_COOKIE": COOKIE,
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None

    def kill(self) -> None:
        """End the server as a power cut would: nothing is flushed, nobody is told."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
            self.process = None

    def restart(self) -> None:
        """Start again on the same port, after a stop or a kill."""
        self.stop()
        self.start(self.port)

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        until = time.monotonic() + 180
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once:\n{self.log.read_text()[-4000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError(f"the server did not answer:\n{self.log.read_text()[-4000:]}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


_hashes: list[str] = []


def _hash() -> str:
    if not _hashes:
        _hashes.append(hash_password(PASSWORD))
    return _hashes[0]
