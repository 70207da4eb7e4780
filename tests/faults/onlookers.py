"""Somebody who works on while something floods the desk: how long their changes take to reach a colleague.

They work in a process of their own, so that nothing but the desk makes them wait for those who flood it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from ..caller import WIRE, Caller, basis
from ..raw_socket import fresh_key
from ..running_desk import OWNERS, RunningDesk

PAUSE_SECONDS = 0.05


@dataclass
class Waits:
    """Seconds from a save to its row on the colleague's screen."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[98]


@contextmanager
def somebody_at_work(desk: RunningDesk, category_id: int) -> Iterator[Waits]:
    """Dana renames a category over and over while Lena looks on, for as long as the block lasts."""
    waits = Waits()
    tokens = desk.token("dana"), desk.token("lena")
    command = [
        sys.executable,
        "-m",
        __name__,
        desk.url,
        *tokens,
        str(desk.people["dana"].id),
        str(category_id),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as people:
        assert people.stdin and people.stdout
        assert people.stdout.readline().strip() == "ready"
        yield waits
        people.stdin.close()
        waits.seconds += json.loads(people.stdout.readline())
    assert people.returncode == 0, "those who only worked were disturbed"
    assert len(waits.seconds) > 5


def main(base: str, danas: str, lenas: str, dana_id: int, category_id: int) -> None:
    OWNERS[danas] = dana_id
    done, seconds, name = threading.Event(), [], ""
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    with Caller(base, danas) as dana, Caller(base, lenas) as lena:
        dana.settle("/categories")
        lena.settle("/calls")
        print("ready", flush=True)
        while not done.is_set():
            before, name = name, f"Network {uuid4()}"
            seconds.append(_rename(dana, lena, category_id, before, name))
            time.sleep(PAUSE_SECONDS)
    print(json.dumps(seconds), flush=True)


def _rename(dana: Caller, lena: Caller, category_id: int, before: str, name: str) -> float:
    known = {"name": before} if before else {}
    form = {"basis": basis(category_id, **known), "name": name, "key": fresh_key()}
    started = time.monotonic()
    dana.send(WIRE["rename_category.save"], {"form": form}, "/categories")
    lena.wait_for(lambda frame: name in frame, 20)
    waited = time.monotonic() - started
    dana.wait_for(lambda frame: "answered" in frame, 20)
    return waited


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5]))
