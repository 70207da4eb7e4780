"""A browser where WebSockets are blocked, reduced to its requests."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import httpx

from .raw_socket import HYDRATE
from .running_desk import COOKIE


class Polling:
    """One Engine.IO connection by long-polling."""

    def __init__(self, base: str, token: str | None, **options: Any) -> None:
        cookies = {COOKIE: token} if token else {}
        self.http = httpx.Client(base_url=base, cookies=cookies, timeout=10, **options)
        self.own = {"Origin": base}
        self.query = {"EIO": "4", "transport": "polling", "token": str(uuid.uuid4())}

    def open(self) -> httpx.Response:
        answer = self.get()
        if answer.status_code == 200:
            self.query["sid"] = json.loads(answer.text[1:])["sid"]
        return answer

    def get(self, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
        return self.http.get("/_event/", params=self.query | more, headers=headers or {})

    def post(self, body: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.http.post(
            "/_event/", params=self.query, content=body, headers=self.own if headers is None else headers
        )

    def listen_for(self, wanted: str) -> str:
        until, heard = time.monotonic() + 10, ""
        while wanted not in heard:
            assert time.monotonic() < until, f"never heard {wanted!r}"
            heard += self.get().text
        return heard

    def open_page(self) -> None:
        """Connect, and be shown the list of calls."""
        assert self.open().status_code == 200
        assert self.post("40/_event,").text.lower() == "ok"
        self.listen_for("40/_event,")
        address = {"pathname": "/calls", "asPath": "/calls", "query": {}}
        self.post(
            "42/_event," + json.dumps(["event", {"name": HYDRATE, "payload": {}, "router_data": address}])
        )
        self.listen_for("call_list")
