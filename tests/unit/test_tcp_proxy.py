"""The wire does to connections what the tests that rely on it believe."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from ..tcp_proxy import TcpProxy

UPGRADE = b"GET /_event HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n"


def echo(door: socket.socket) -> None:
    def answer(end: socket.socket) -> None:
        with contextlib.suppress(OSError), end:
            while data := end.recv(65536):
                end.sendall(data)

    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=answer, args=(door.accept()[0],), daemon=True).start()


@pytest.fixture
def wire() -> Iterator[TcpProxy]:
    """In front of a server that says back whatever it is told."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=echo, args=(door,), daemon=True).start()
        with TcpProxy(door.getsockname()[1]) as wire:
            yield wire


def call(wire: TcpProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", wire.port), timeout=5)


def says_back(end: socket.socket, words: bytes) -> float:
    """Seconds until all of the words came back."""
    begun = time.monotonic()
    end.sendall(words)
    heard = b""
    while len(heard) < len(words):
        more = end.recv(65536)
        assert more, "hung up"
        heard += more
    assert heard == words
    return time.monotonic() - begun


def test_a_cut_resets_what_is_open_and_refuses_what_comes_until_it_is_mended(wire: TcpProxy) -> None:
    with call(wire) as end:
        says_back(end, b"hello")
        wire.cut()
        with pytest.raises(ConnectionResetError):
            end.recv(1)
    with pytest.raises(ConnectionResetError), call(wire) as late:
        late.recv(1)
    wire.mend()
    with call(wire) as end:
        says_back(end, b"hello again")


def test_a_stalled_connection_stays_open_without_a_word_and_goes_on_when_mended(wire: TcpProxy) -> None:
    with call(wire) as end:
        says_back(end, b"hello")
        wire.stall()
        end.sendall(b"anybody?")
        end.settimeout(0.3)
        with pytest.raises(TimeoutError):
            end.recv(1)
        with call(wire) as late:
            late.settimeout(0.2)
            late.sendall(b"x")
            with pytest.raises(TimeoutError):
                late.recv(1)
        wire.mend()
        end.settimeout(5)
        assert end.recv(100) == b"anybody?"


def test_a_request_for_a_websocket_is_answered_403_and_others_pass(wire: TcpProxy) -> None:
    wire.refuse_upgrades()
    with call(wire) as end:
        end.sendall(UPGRADE)
        assert end.recv(100).startswith(b"HTTP/1.1 403 ")
        assert not end.recv(1)
    with call(wire) as end:
        says_back(end, b"GET /calls HTTP/1.1\r\nHost: x\r\n\r\n")
    wire.mend()
    with call(wire) as end:
        says_back(end, UPGRADE)
    assert wire.upgrades == 2


def test_only_so_many_requests_for_a_websocket_are_refused(wire: TcpProxy) -> None:
    wire.refuse_upgrades(times=1)
    with call(wire) as end:
        end.sendall(UPGRADE)
        assert end.recv(100).startswith(b"HTTP/1.1 403 ")
    with call(wire) as end:
        says_back(end, UPGRADE)
    wire.refuse_upgrades()
    with call(wire) as end:
        end.sendall(UPGRADE)
        assert end.recv(100).startswith(b"HTTP/1.1 403 ")


def test_whatever_a_socket_asks_is_answered_403_and_pages_pass(wire: TcpProxy) -> None:
    wire.refuse_sockets()
    with call(wire) as end:
        end.sendall(b"POST /_event/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n2")
        assert end.recv(100).startswith(b"HTTP/1.1 403 ")
    with call(wire) as end:
        says_back(end, b"GET /calls HTTP/1.1\r\nHost: x\r\n\r\n")


def test_a_request_for_a_websocket_may_never_be_answered(wire: TcpProxy) -> None:
    wire.refuse_upgrades(silently=True)
    with call(wire) as end:
        end.settimeout(0.3)
        end.sendall(UPGRADE)
        with pytest.raises(TimeoutError):
            end.recv(1)


def test_a_slow_wire_is_late_and_narrow(wire: TcpProxy) -> None:
    with call(wire) as end:
        wire.slow(latency=0.1)
        assert 0.2 <= says_back(end, b"x") < 2
        wire.slow(bytes_per_second=10_000)
        assert 0.4 <= says_back(end, b"x" * 2000) < 3
        wire.mend()
        assert says_back(end, b"x") < 1


def test_what_goes_over_a_lost_connection_is_swallowed_its_end_too_and_new_ones_pass(wire: TcpProxy) -> None:
    with call(wire) as lost:
        says_back(lost, b"hello")
        wire.lose()
        lost.sendall(b"anybody?")
        lost.settimeout(0.2)
        with pytest.raises(TimeoutError):
            lost.recv(1)
    with call(wire) as end:
        says_back(end, b"hello again")
