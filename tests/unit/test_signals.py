"""Signals that come before the desk is up."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest
import uvicorn

from service_desk.config import Settings
from service_desk.web import server

from ..running_desk import free_port

RELOADED = """
import signal, typer
from service_desk.commands import serve

def build(force):
    signal.raise_signal(signal.SIGHUP)
    print("went on", flush=True)
    raise typer.Exit(0)

serve._build = build
serve.serve(None, None, None, False)
"""


def test_a_reload_during_the_start_does_not_end_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RELOADED], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "went on\n", (ran.returncode, ran.stderr)


def test_a_stop_that_comes_just_before_the_loop_runs_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def begin(self: uvicorn.Server, sockets: Any) -> None:
        signal.raise_signal(signal.SIGTERM)
        told.append(self.should_exit)

    async def application(*_: object) -> None: ...

    async def farewell(_: object) -> None: ...

    monkeypatch.setattr(uvicorn.Server, "run", begin)
    monkeypatch.setattr(server, "prepare_reflex", lambda _: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(Settings(host="127.0.0.1", port=free_port()), lambda: (application, farewell))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert told == [True]
