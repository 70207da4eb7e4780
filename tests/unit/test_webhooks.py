"""Webhooks without a desk: the signature, the waits, and which addresses may be sent to."""

from __future__ import annotations

import asyncio
import ipaddress
from itertools import pairwise

import httpx
import pytest

from service_desk.config import settings
from service_desk.domain.addresses import check_url, may_send_to, networks_of, spelt_out
from service_desk.domain.webhooks import WAITS, new_secret, sign, wait_after
from service_desk.web.webhooks import transport
from service_desk.web.webhooks.transport import NotSentError, PublicOnly, look_up


def test_the_signature_is_that_of_the_published_example() -> None:
    # In pieces, since it looks like a secret that was left lying about.
    secret, message = "whsec_" + "MfKQ9r8GKYqrTwjU" + "PD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    signed = sign([secret], message, 1614265330, b'{"test": 2432232314}')
    assert signed == "v1," + "g0hM9SsE+OTPJTGt" + "/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_give_two_signatures() -> None:
    first, second = new_secret(), new_secret()
    both = sign([first, second], "evt_1", 1, b"{}").split()
    assert both == [sign([first], "evt_1", 1, b"{}"), sign([second], "evt_1", 1, b"{}")]


def test_the_waits_between_attempts_grow_and_differ() -> None:
    drawn = [[wait_after(failures) for _ in range(50)] for failures in range(1, len(WAITS) + 1)]
    for base, waits in zip(WAITS, drawn, strict=True):
        assert all(0.8 * base <= wait <= 1.2 * base for wait in waits if wait) and len(set(waits)) > 10
    assert all(before < after for before, after in pairwise(WAITS))
    assert wait_after(len(WAITS) + 1) is None


def words(text: str) -> list[str]:
    return text.split()


REFUSED = words("""
127.0.0.1 127.1 0x7f.1 0x7f000001 017700000001 2130706433 127.0.0.1. ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1:: 10.0.0.1 0xa.1 172.16.0.1 192.168.1.1 100.64.0.1
169.254.169.254 0xa9fea9fe 2852039166 ::ffff:169.254.169.254 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254
0.0.0.0 0 :: 224.0.0.1 239.255.255.250 ff02::1 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 203.0.113.5 2001:db8::1
168.63.129.16 0xa83f8110 ::ffff:168.63.129.16 64:ff9b::a83f:8110 192.0.0.192 192.0.0.8 192.88.99.1 3fff::1
""")
PUBLIC = ["8.8.8.8", "1.1.1.1", "134744072", "2606:4700:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("host", REFUSED)
def test_an_address_that_is_not_public_is_refused_however_it_is_spelt(host: str) -> None:
    address = spelt_out(host)
    assert address is not None and not may_send_to(address)
    with pytest.raises(ValueError, match=r"private network|not an address"):
        check_url(f"https://{f'[{host}]' if ':' in host else host}/hook", allow_http=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_not(host: str) -> None:
    address = spelt_out(host)
    assert address is not None and may_send_to(address)


def test_only_the_networks_that_are_named_are_allowed_besides() -> None:
    networks = networks_of(["10.1.0.0/16", "fd00::/8", "192.168.7.7"])
    allowed = ("10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "192.168.7.7")
    assert all(may_send_to(ipaddress.ip_address(each), networks) for each in allowed)
    refused = ("10.2.0.1", "192.168.7.8", "127.0.0.1", "fe80::1")
    assert not any(may_send_to(ipaddress.ip_address(each), networks) for each in refused)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "//example.com/hook",
        "http://example.com/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "https://user:secret@example.com/",
        "https://example.com@127.0.0.1/",
        "https://127.0.0.1\\@example.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: x",
        "https://[::1/",
        "https://bücher.example/",
        "https://example.com/" + "x" * 500,
    ],
)
def test_what_is_no_address_for_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        check_url(url, allow_http=False)


class Names:
    """A name server that says something else each time."""

    def __init__(self, *answers: str) -> None:
        self.answers = iter(answers)
        self.asked = 0

    async def __call__(self, _host: str, _port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        self.asked += 1
        return [ipaddress.ip_address(each) for each in next(self.answers).split()]


class Wire(httpx.AsyncBaseTransport):
    """Notes where a request would have gone."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = str(request.extensions.get("sni_hostname"))
        self.requests.append((request.url.host, request.headers["host"], name))
        if request.url.host == "9.9.9.9":
            raise httpx.ConnectError("refused")
        return httpx.Response(204)


def post(names: Names, wire: Wire, url: str = "https://hooks.example:8443/x") -> None:
    async def story() -> None:
        async with httpx.AsyncClient(transport=PublicOnly(wire, names)) as client:
            await client.post(url, content=b"{}")

    asyncio.run(story())


def test_a_connection_goes_to_the_very_address_that_was_checked() -> None:
    names, wire = Names("8.8.8.8", "127.0.0.1"), Wire()
    post(names, wire)
    assert names.asked == 1
    assert wire.requests == [("8.8.8.8", "hooks.example:8443", "hooks.example")]


def test_the_name_is_judged_anew_each_time_it_is_sent_to() -> None:
    names, wire = Names("8.8.8.8", "127.0.0.1"), Wire()
    post(names, wire)
    with pytest.raises(NotSentError, match="private network"):
        post(names, wire)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("answers", ["8.8.8.8 10.0.0.1", "::ffff:127.0.0.1", "fe80::1 8.8.8.8"])
def test_a_name_with_any_private_address_is_refused_whole(answers: str) -> None:
    wire = Wire()
    with pytest.raises(NotSentError, match="private network"):
        post(Names(answers), wire)
    assert wire.requests == []


def test_another_address_of_the_name_is_tried_when_the_first_does_not_answer() -> None:
    wire = Wire()
    post(Names("9.9.9.9 2606:4700:4700::1111"), wire)
    assert [request[0] for request in wire.requests] == ["9.9.9.9", "2606:4700:4700::1111"]


def test_plain_http_is_refused_at_sending_too_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    with pytest.raises(NotSentError, match="https"):
        post(Names("8.8.8.8"), wire, "http://hooks.example/")
    chosen = settings().model_copy(update={"webhook_allow_http": True})
    monkeypatch.setattr(transport, "settings", lambda: chosen)
    post(Names("8.8.8.8"), wire, "http://hooks.example/")
    assert len(wire.requests) == 1


def test_the_system_s_own_look_up_sees_through_odd_spellings() -> None:
    for host in ("0x7f.1", "2130706433", "127.1", "localhost"):
        found = asyncio.run(look_up(host, 443))
        assert found and not any(may_send_to(address) for address in found)
