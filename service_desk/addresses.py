"""What can be said of an address from its letters alone."""

import ipaddress
from urllib.parse import urlsplit

REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


def origin_of(address: str) -> str:
    """`https://desk.example:8443/x` as `https://desk.example:8443`; ValueError without scheme and host."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address!r} must be a full address such as https://desk.example")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def is_local(host: str) -> bool:
    """Whether only this machine itself can be meant."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().endswith(".localhost")


def is_network(text: str) -> bool:
    """Whether it is an address or a network such as 10.0.0.0/24."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def redis_is_known(address: str) -> bool:
    """Whether it can be the address of a Redis."""
    try:
        parts = urlsplit(address)
        return address.startswith(REDIS_SCHEMES) and parts.port != 0
    except ValueError:
        return False
