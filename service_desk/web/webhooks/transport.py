"""Connections to public addresses only: a name is looked up here, judged, and connected to at exactly that address.

Looked up a second time by somebody else, a name could meanwhile lead into the private network.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from ...config import settings
from ...domain.addresses import NOT_PRIVATE, ONLY_HTTPS, Address, may_send_to, networks_of

Resolve = Callable[[str, int], Awaitable[list[Address]]]

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
MOST_ADDRESSES = 3
"""Of one name, so many are tried."""
UNKNOWN_NAME = "The receiver’s name could not be found."

# A resolver may hang for half a minute: nothing else of the desk waits behind it.
_RESOLVING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolver")


class NotSentError(Exception):
    """Nothing was sent; the message is a sentence."""


class PublicOnly(httpx.AsyncBaseTransport):
    """Speaks TLS for the name in the address, to a machine whose address was checked."""

    def __init__(self, inner: httpx.AsyncBaseTransport, resolve: Resolve) -> None:
        self.inner = inner
        self.resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme != "https" and not settings().webhook_allow_http:
            raise NotSentError(ONLY_HTTPS)
        host = url.raw_host.decode("ascii").strip("[]")
        found = await self.resolve(host, url.port or (443 if url.scheme == "https" else 80))
        networks = networks_of(settings().webhook_private_networks)
        if not all(may_send_to(address, networks) for address in found):
            raise NotSentError(NOT_PRIVATE)
        # The certificate must be the name's, not the number's.
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._send_to(found[:MOST_ADDRESSES], request, url)

    async def _send_to(self, places: list[Address], request: httpx.Request, url: httpx.URL) -> httpx.Response:
        """To the first of them that can be reached."""
        for place in places[:-1]:
            request.url = url.copy_with(host=str(place))
            with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self.inner.handle_async_request(request)
        request.url = url.copy_with(host=str(places[-1]))
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def look_up(host: str, port: int) -> list[Address]:
    """The addresses of a host. Numbers in odd spellings are looked up as the system would.

    Raises:
        NotSentError: it has none.
    """
    loop = asyncio.get_running_loop()
    asked = loop.run_in_executor(
        _RESOLVING, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    )
    try:
        found = await asked
    except (OSError, UnicodeError):
        raise NotSentError(UNKNOWN_NAME) from None
    numbers = dict.fromkeys(str(place[4][0]).partition("%")[0] for place in found)
    return [ipaddress.ip_address(number) for number in numbers]


def new_client(resolve: Resolve = look_up) -> httpx.AsyncClient:
    """A client that follows no redirect, uses no proxy and keeps no connection.

    A kept connection belongs to an address: it would be used for another name there, whose certificate nobody checked.
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    inner = httpx.AsyncHTTPTransport(verify=httpx.create_ssl_context(), limits=limits, trust_env=False)
    times = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    transport = PublicOnly(inner, resolve)
    return httpx.AsyncClient(transport=transport, timeout=times, follow_redirects=False, trust_env=False)
