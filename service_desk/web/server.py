"""Starts the server: pages, socket and HTTP on one port, in this process."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp

from service_desk import __version__
from service_desk.config import Settings
from service_desk.log import get_logger
from service_desk.web import frontend
from service_desk.web.wire import DeskWire

log = get_logger(__name__)

MAX_FRAME_BYTES = 256 * 1024
# A dead link is noticed after one interval and one timeout, by the server in the worst case after one more.
PING_SECONDS = 6
GOODBYE_SECONDS = 2
# How long a client may take nothing of what was sent to it, before the connection is cut.
UNTAKEN_SECONDS = 30
# How long a thread that reads for one screen may keep the event loop, which serves all of them, waiting.
SWITCH_SECONDS = 0.0005
# Objects before a collection of the youngest, and how many of those before one of the older: each page that comes makes
# thousands that stay, and looking through all of them again and again would keep everybody waiting.
COLLECTED_AFTER = (5_000, 10, 10)


class PortTaken(Exception):
    """The address can't be listened on; the message is a sentence."""


Farewell = Callable[[Callable[[], bool]], Awaitable[None]]
"""What is done before the connections are closed; the function that it gets says whether there is a hurry."""


class DeskServer(uvicorn.Server):
    """Says where the desk is once it answers, and lets it end its work before it closes its connections."""

    def __init__(self, config: uvicorn.Config, farewell: Farewell) -> None:
        super().__init__(config)
        self.farewell = farewell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then tell the people."""
        await super().startup(sockets)
        if self.started:
            # What is here now stays: full collections needn't look at it, and stall the sockets less.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECTED_AFTER)
            sys.setswitchinterval(SWITCH_SECONDS)
            # As in the link for the first admin: a sign-in holds for the name by which it was made.
            host = "localhost" if self.config.host == "127.0.0.1" else self.config.host
            host = f"[{host}]" if ":" in host else host
            address = f"http://{host}:{self.config.port}"
            print(f"Service Desk is ready at {address}", flush=True)
            log.info("started", version=__version__, address=address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, say goodbye, then close."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        await self.farewell(lambda: self.force_exit)
        await super().shutdown(sockets)


def prepare_reflex() -> None:
    """Tell Reflex, before it is imported, to serve the pages as they were built."""
    os.environ.update(
        {
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_WEB_WORKDIR": str(frontend.web_dir()),
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
    )


def run(settings: Settings, load: Callable[[], tuple[ASGIApp, Farewell]]) -> None:
    """Serve what `load` gives until told to stop, with its farewell then. Raises PortTaken.

    `load` is called once Reflex is prepared, and must be what imports it.
    """
    prepare_reflex()
    with listen(settings.host, settings.port) as listener:
        asgi, farewell = load()
        server = DeskServer(_config(asgi, settings), farewell)
        # uvicorn raises the signal again once everything has ended; by then there is nothing left to end.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        server.run(sockets=[listener])
    log.info("stopped")


def listen(host: str, port: int) -> socket.socket:
    """Take the port, before the long imports, so that a taken one is told at once. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Every connection inherits it. What nobody takes stays in the kernel, some MB of it, until this is over.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_SECONDS * 1000)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as refused:
        listener.close()
        raise PortTaken(f"Can't listen on {host}:{port}: {refused.strerror}.") from None
    return listener


def _config(asgi: ASGIApp, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        asgi,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        ws=DeskWire,
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        # Engine.IO has its own ping; a second one would only cost packets.
        ws_ping_interval=None,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Who a proxy says is asking counts only where a proxy is meant to stand.
        proxy_headers=settings.public_url is not None,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )
