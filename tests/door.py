"""The front door without the screens: the HTTP routes, and what holds for every answer, round one page."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from service_desk.config import settings
from service_desk.web.routes import routes
from service_desk.web.security import Security

PASSWORD = "correct horse battery"
ORIGIN = "http://localhost:3000"
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Door:
    """A browser at the desk's own address, without a cookie; it follows no redirects."""

    def __init__(self, scheme: str = "http", address: str = "203.0.113.5") -> None:
        page = Route("/{path:path}", _page, methods=["GET", "POST"])
        app = Security(Starlette(routes=[*routes, page]))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 50_000)),
            base_url=f"{scheme}://localhost:3000",
            headers={"origin": ORIGIN},
        )

    def bring(self, token: str) -> None:
        """Come with this token."""
        self.client.cookies.set(settings().cookie, token)

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return asyncio.run(self.client.request(method, path, **sent))

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self.ask("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.ask("POST", path, **sent)

    def post_at_once(self, path: str, times: int, **sent: Any) -> list[int]:
        """The statuses of many equal posts that all wait for each other."""
        return [answer.status_code for answer in self.answers_at_once(path, times, **sent)]

    def answers_at_once(self, path: str, times: int, **sent: Any) -> list[httpx.Response]:
        """What those posts are answered."""

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*(self.client.post(path, **sent) for _ in range(times)))

        return asyncio.run(all_of_them())


async def _page(_request: Request) -> Response:
    return PlainTextResponse("the page")


def cookie_of(answer: httpx.Response) -> str | None:
    """The value that an answer gives the sign-in's cookie; empty when it takes it away, None without any."""
    for header in answer.headers.get_list("set-cookie"):
        name, _, rest = header.partition("=")
        if name == settings().cookie:
            return rest.partition(";")[0].strip('"')
    return None
