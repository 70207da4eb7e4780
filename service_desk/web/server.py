"""Starts the server: pages, socket and HTTP on one port, in this process."""

import asyncio
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
from service_desk.web import frontend, worker
from service_desk.web.passing import DeskHttp, Passing
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
ACCEPT_NO_MORE = signal.SIGUSR1
"""Leaves those who come to newer processes."""


class PortTaken(Exception):
    """The address can't be listened on; the message is a sentence."""


Farewell = Callable[[Callable[[], bool]], Awaitable[None]]
"""What is done before the connections are closed; the function that it gets says whether there is a hurry."""


class DeskServer(uvicorn.Server):
    """Says where the desk is once it answers, and lets it end its work before it closes its connections."""

    def __init__(self, config: uvicorn.Config, farewell: Farewell, place: worker.Place | None = None) -> None:
        super().__init__(config)
        self.farewell, self.place = farewell, place

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then tell the people, or the parent."""
        if self.place is not None:
            self.place.end_with_parent()
        await super().startup(sockets)
        if self.started:
            # What is here now stays: full collections needn't look at it, and stall the sockets less.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECTED_AFTER)
            sys.setswitchinterval(SWITCH_SECONDS)
            if self.place is not None:
                self._join(self.place)
                return
            # As in the link for the first admin: a sign-in holds for the name by which it was made.
            say_ready(self.config.host, self.config.port)

    def _join(self, place: worker.Place) -> None:
        """Take part in the work of several processes."""
        loop = asyncio.get_running_loop()

        def make(begun: bytes) -> DeskHttp:
            protocol = DeskHttp(self.config, self.server_state, self.lifespan.state, _loop=loop)
            protocol.given = begun
            return protocol

        DeskHttp.passing = Passing(place.folder, place.number, place.slot)
        DeskHttp.passing.open(make)
        loop.add_signal_handler(ACCEPT_NO_MORE, self._accept_no_more)
        log.info("started", version=__version__, worker=place.number)
        place.tell_ready()

    def _accept_no_more(self) -> None:
        for server in self.servers:
            server.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, say goodbye, then close."""
        self._accept_no_more()
        for listener in sockets or []:
            listener.close()
        await self.farewell(lambda: self.force_exit)
        if DeskHttp.passing is not None:
            DeskHttp.passing.close()
        await super().shutdown(sockets)


def say_ready(host: str, port: int) -> None:
    """Tell the people where the desk is."""
    host = "localhost" if host == "127.0.0.1" else host
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"Service Desk is ready at {address}", flush=True)
    log.info("started", version=__version__, address=address)


def prepare_reflex(redis: str = "") -> None:
    """Tell Reflex, before it is imported, to serve the pages as they were built, and where to keep what it holds of
    each tab: in the Redis at this address, else in this process."""
    os.environ.pop("REFLEX_REDIS_URL", None)
    if redis:
        os.environ["REFLEX_REDIS_URL"] = redis
    os.environ.update(
        {
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_STATE_MANAGER_MODE": "redis" if redis else "memory",
            # What a process holds back would be lost with it, and keep others from the tab.
            "REFLEX_OPLOCK_ENABLED": "false",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_WEB_WORKDIR": str(frontend.web_dir()),
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
    )


def run(settings: Settings, load: Callable[[], tuple[ASGIApp, Farewell]]) -> None:
    """Serve what `load` gives until told to stop, with its farewell then. Raises PortTaken.

    `load` is called once Reflex is prepared, and must be what imports it. One of several processes shares their port.
    """
    prepare_reflex(settings.redis_address)
    place = worker.place()
    with place.take_listener() if place else listen(settings.host, settings.port) as listener:
        asgi, farewell = load()
        server = DeskServer(_config(asgi, settings), farewell, place)
        # One that comes before uvicorn listens ends the server too. uvicorn raises the signal again once everything has
        # ended; by then there is nothing left to end.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, server.handle_exit)
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
        http=DeskHttp,
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
