"""What is answered over plain HTTP, beside the pages and the socket."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from ..domain.errors import Busy
from .api.app import PREFIX, api, nothing_there, show_description
from .health import show_health
from .html import message
from .metrics import show_metrics
from .plain import plain_routes
from .second_factor import show_factor, take_step
from .second_step import show_code, take_code
from .setup import set_up, show_setup
from .sign_in import show_sign_in, sign_in, sign_out

Endpoint = Callable[[Request], Awaitable[Response]]


class Beneath(Mount):
    """All that is beneath a path. Starlette's own way leaves out what has a line break in it."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def _or_busy(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Busy as busy:
            return message(busy, 503, {"Retry-After": "5"})

    return answered


routes: list[BaseRoute] = [
    Route("/sign-in", _or_busy(show_sign_in)),
    Route("/auth/sign-in", _or_busy(sign_in), methods=["POST"]),
    Route("/sign-in/code", _or_busy(show_code)),
    Route("/auth/code", _or_busy(take_code), methods=["POST"]),
    Route("/second-factor", _or_busy(show_factor)),
    Route("/second-factor", _or_busy(take_step), methods=["POST"]),
    Route("/auth/sign-out", _or_busy(sign_out), methods=["POST"]),
    Route("/setup", _or_busy(show_setup)),
    Route("/setup", _or_busy(set_up), methods=["POST"]),
    *(Route(plain.path, _or_busy(plain.endpoint)) for plain in plain_routes()),
    # The first is the usual name for probes, the second the one that people try.
    Route("/healthz", show_health),
    Route("/health", show_health),
    Route("/metrics", show_metrics),
    Beneath(PREFIX, api),
    *(Route(path, show_description) for path in ("/api", PREFIX)),
    # What is no version of the API is no page either.
    Beneath("/api", nothing_there),
]
