"""Addresses that the desk sends to: which may be named, and which machines may stand behind them."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 500
NO_ADDRESS = "This is not an address such as https://example.com/hook."
NOT_PRIVATE = "This address leads to this machine or into a private network, where nothing is sent."
NO_PASSWORD = "Leave out the name and password: an address is shown to every admin."
ONLY_HTTPS = "The address must start with https://, or others could read what is sent."

_NOT_OUTSIDE = tuple(
    ipaddress.ip_network(text) for text in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)
"""What Python takes for public: the host behind a machine at Azure, protocols' own addresses (Oracle has its metadata
there), relays that are no more, and documentation."""
_EMBEDS_IPV4 = ipaddress.IPv6Network("64:ff9b::/96")


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as 10.0.0.0/24, or single addresses, as the settings have them."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def check_url(url: str, *, allow_http: bool, networks: Iterable[Network] = ()) -> str:
    """The address as it may be kept.

    A host that is a number in whatever spelling is judged here; a name only where it is looked up, at each sending.

    Raises:
        ValueError: with the sentence that says what is wrong.
    """
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        raise ValueError(NO_ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(NO_ADDRESS) from None
    if not host or port == 0 or parts.fragment:
        raise ValueError(NO_ADDRESS)
    if parts.scheme not in (("https", "http") if allow_http else ("https",)):
        raise ValueError(ONLY_HTTPS)
    if "@" in parts.netloc:
        raise ValueError(NO_PASSWORD)
    literal = spelt_out(host)
    if literal is not None and not may_send_to(literal, networks):
        raise ValueError(NOT_PRIVATE)
    return url


def spelt_out(host: str) -> Address | None:
    """The address that a host means without being looked up: 127.0.0.1, and also 0x7f.1, 017700000001, 2130706433."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def may_send_to(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Whether the address belongs to the public Internet, or to one of the networks that are allowed."""
    return all(_is_public(each) or _is_in(each, networks) for each in _meant(address))


def _meant(address: Address) -> list[Address]:
    """The address itself, and the IPv4 address that packets to it may reach instead."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _EMBEDS_IPV4:
        return [ipaddress.IPv4Address(address.packed[-4:])]
    inside = [address.sixtofour, *(address.teredo or ())]
    return [address, *(each for each in inside if each)]


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        _is_in(address, _NOT_OUTSIDE)
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)
    )


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
