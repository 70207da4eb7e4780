"""A real receiver of webhooks: an HTTP server in a thread, which does to each request what the test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        told = json.loads(self.body)
        event: dict[str, Any] = told["data"]
        assert (told["type"], told["timestamp"]) == (event["name"], event["at"])
        return event

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver would check it, written without anything of the desk's."""
        message = ".".join((self.headers["webhook-id"], self.headers["webhook-timestamp"])).encode()
        key = base64.b64decode(secret[len("whsec_") :])
        wanted = hmac.new(key, message + b"." + self.body, hashlib.sha256).digest()
        given = [part.split(",", 1) for part in self.headers["webhook-signature"].split()]
        return any(
            version == "v1" and hmac.compare_digest(base64.b64decode(mac), wanted) for version, mac in given
        )


@dataclass
class Receiver:
    """`answer` says which status to answer, after whatever it waits for; `got` has what came, in its order."""

    answer: Callable[[Got], int] = lambda _: 204
    got: list[Got] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                got = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                receiver.got.append(got)
                self.send_response(receiver.answer(got))
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Clients that have gone are part of the tests."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def seqs(self) -> list[int]:
        """The numbers of the changes that came."""
        return [got.event["seq"] for got in self.got]


def until(condition: Callable[..., bool], what: str, seconds: float = 20) -> None:
    """Wait in a thread until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)
