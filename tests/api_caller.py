"""A program that uses the HTTP API: the real routes behind the real front door, in the test's own process."""

from __future__ import annotations

from typing import Any

import httpx

from service_desk.actions.api_tokens import create_token
from service_desk.domain.access import Actor
from service_desk.domain.api_tokens import new_token

from .door import Door

API = "/api/v1"


def token_of(actor: Actor, name: str = "a script", days: int = 90) -> str:
    """A new access token of this person."""
    token = new_token()
    create_token(actor, {"name": name, "days": days}, token)
    return token


class Program(Door):
    """Somebody's program: it sends a token and no cookie, Origin or Accept of a browser's."""

    def __init__(self, token: str | None = None, address: str = "203.0.113.5") -> None:
        super().__init__(address=address)
        del self.client.headers["origin"]
        if token is not None:
            self.client.headers["authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; `if_match="…"` is the header If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if body is None else {"json": body}
        return self.ask(method, API + path, headers=named, **sent)
