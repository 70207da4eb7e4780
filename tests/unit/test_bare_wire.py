"""A client that got no turn on a busy machine still sees what the server did in time."""

from __future__ import annotations

import socket
import threading

from ..faults.bare_wire import GOODBYE, BareWire

HEAD = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def test_a_goodbye_that_was_there_in_time_counts_however_late_it_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            taken, _ = listener.accept()
            with taken:
                taken.recv(4096)
                # A greeting before it, which is read first.
                taken.sendall(HEAD + b"\x81\x01x")
                greeted.wait()
                taken.sendall(GOODBYE + b"\xe8")

        greeted = threading.Event()
        answering = threading.Thread(target=answer)
        answering.start()
        with BareWire(f"http://127.0.0.1:{listener.getsockname()[1]}") as wire:
            assert not wire.is_ended(0)
            greeted.set()
            answering.join()
            assert wire.is_ended(0)
