"""What is answered over plain HTTP, beside the pages and the socket."""

from __future__ import annotations

from starlette.routing import Route

from .health import show_health
from .setup import set_up, show_setup
from .sign_in import show_sign_in, sign_in, sign_out

routes: list[Route] = [
    Route("/sign-in", show_sign_in),
    Route("/auth/sign-in", sign_in, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
    Route("/setup", show_setup),
    Route("/setup", set_up, methods=["POST"]),
    # The first is the usual name for probes, the second the one that people try.
    Route("/healthz", show_health),
    Route("/health", show_health),
]
