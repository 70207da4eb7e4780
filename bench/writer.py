"""Whoever changes calls while a thousand look on: a program that uses the HTTP API."""

from __future__ import annotations

from .targets import Caller


class Writer:
    def __init__(self, port: int, token: str) -> None:
        self._caller = Caller(port)
        self._headers = {"Authorization": f"Bearer {token}"}

    def write(self, call: int, problem: str) -> None:
        """Raises RuntimeError when it is refused."""
        self._caller.ask("PATCH", f"/api/v1/calls/{call}", {"problem": problem}, self._headers)
