"""Those who flood a desk, in a process of their own and with the lowest priority.

What is measured is how long the server keeps the others waiting. On a machine with few cores those who flood it would
otherwise also take the processor from it, which no flood over a network does.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from ..caller import WIRE
from .bare_wire import BINARY, PING, BareWire, frame

ENDED_SECONDS = 10
DEEP = "[" * 50_000 + "]" * 50_000
LOOK = {"name": WIRE["calls_page.look"], "payload": {}, "router_data": {"pathname": "/calls"}}
EVENT = "42/_event," + json.dumps(["event", LOOK])
MALFORMED: dict[str, bytes] = {
    "empty": frame(b""),
    "letter": frame(b"x"),
    "unknown type": frame(b"9"),
    "not a digit": frame("²".encode()),
    "bad base64": frame(b"b!!"),
    "a server's packet": frame(b"0{}"),
    "no namespace": frame(b"42"),
    "bare list": frame(f"4{DEEP}".encode()),
    "open list": frame(b"42/_event,["),
    "open event": frame(b'42/_event,["event",{"name":'),
    "no event": frame(b'42/_event,["disconnect"]'),
    "another's handler": frame(b'42/_event,["connect",{}]'),
    "nowhere": frame(b'42/nowhere,["event",{}]'),
    "another namespace": frame(b"40/admin,"),
    "deep": frame(f'42/_event,["event",{DEEP}]'.encode()),
    "huge number": frame(f'42/_event,["event",{{"name":{"9" * 5000}}}]'.encode()),
    "huge id": frame(b"42/_event," + b"9" * 200 + b'["event",{}]'),
    "acknowledged": frame(b'43/_event,7["x"]'),
    "error": frame(b'44/_event,{"message":"x"}'),
    "attachments": frame(b'459999999999-/_event,["event",{"_placeholder":true,"num":0}]'),
    "attached": frame(b"x" * 1000, BINARY),
    "not UTF-8": frame(b"42/_event,\xff\xfe"),
    "255 KB": frame(b'42/_event,["event",{"name":"' + b"x" * 255_000),
    "257 KB": frame(b'42/_event,["event",{"name":"' + b"x" * 263_000),
    "never ends": frame(b"4", last=False) + frame(b"", 0, last=False) * 200,
    "pings": frame(b"", PING) * 2000,
    "no frame": b"\xff\xff\xff\xff garbage",
    "unmasked": b"\x81\x05hello",
}


@contextlib.contextmanager
def joined(base: str, token: str) -> Iterator[BareWire]:
    with BareWire(base, token) as wire:
        wire.send("40/_event,")
        yield wire


def flood(base: str, tokens: Sequence[str], most: int) -> int:
    """Send so many events with one sign-in after the other, more than it takes to be cut; how many were cut."""
    cut = 0
    for token in tokens:
        with joined(base, token) as wire:
            with contextlib.suppress(OSError):
                for _ in range(most):
                    wire.send(EVENT)
            cut += wire.is_ended(ENDED_SECONDS)
    return cut


def babble(base: str, tokens: Sequence[str], frames: int) -> int:
    """Send so many malformed frames, each over a socket of its own; how many made the server end their socket."""
    ended = 0
    for (kind, raw), token in islice(zip(cycle(MALFORMED.items()), cycle(tokens), strict=False), frames):
        with joined(base, token) as wire:
            with contextlib.suppress(OSError):
                wire.send_bytes(raw)
            if wire.is_ended(ENDED_SECONDS):
                ended += 1
            else:
                print(f"a socket with this went on: {kind}", file=sys.stderr)
    return ended


KINDS = {"flood": flood, "babble": babble}


def let_loose(kind: str, base: str, tokens: Sequence[str], count: int) -> int:
    """Run one of KINDS in a process of its own; what it counted."""
    command = [sys.executable, "-m", __name__, kind, base, str(count)]
    done = subprocess.run(command, input="\n".join(tokens), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # For whoever looks at a failed test.
    print(done.stderr)
    return int(done.stdout)


def main(kind: str, base: str, count: str) -> None:
    os.nice(19)
    print(KINDS[kind](base, sys.stdin.read().split(), int(count)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
