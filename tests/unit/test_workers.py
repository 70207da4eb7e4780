"""The parent of several processes hears its signals at whatever moment they come."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from service_desk.web.workers import Worker, Workers

# A signal is handled between two lines of whatever runs: here, between any two that a pause is made of.
SIGNALLED = """
import signal, subprocess, sys
from pathlib import Path
from service_desk.web.workers import Workers

parent = Workers(1, None, Path(), lambda: subprocess.Popen(["true"]), Path)
signal.signal(signal.SIGTERM, parent.{handler})

def send(frame, event, _):
    if event == "line":
        sys.settrace(None)
        signal.raise_signal(signal.SIGTERM)
        sys.settrace(send)
    return send

sys.settrace(send)
parent._pause()
sys.settrace(None)
print("heard")
"""


@pytest.mark.parametrize("handler", ["_end", "_renew"])
def test_a_signal_never_waits_for_what_it_interrupts(handler: str) -> None:
    script = SIGNALLED.format(handler=handler)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True
    )
    assert ran.stdout == "heard\n"


class Printer:
    """Lays out a folder each time, unless there is no room."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.times, self.has_room = folder, 0, True

    def publish(self) -> Path:
        if not self.has_room:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.times += 1
        made = self.folder / str(self.times)
        made.mkdir()
        return made


def parent_of(printer: Printer) -> Workers:
    """With one process, of the first pages; preparing a new version always works."""
    parent = Workers(1, socket.socket(), printer.folder, lambda: subprocess.Popen(["true"]), printer.publish)
    parent.workers.append(Worker(1, 1, subprocess.Popen(["true"]), -1, parent.pages))
    return parent


def test_no_room_for_new_pages_leaves_everything_as_it_is(tmp_path: Path) -> None:
    printer = Printer(tmp_path)
    parent = parent_of(printer)
    printer.has_room = False
    parent._look_after = lambda: None  # type: ignore[method-assign]
    parent._renew_all()
    assert parent.pages == tmp_path / "1"
    assert [each.number for each in parent.workers] == [1]


def test_pages_that_are_served_stay_however_often_a_renewal_fails(tmp_path: Path) -> None:
    parent = parent_of(Printer(tmp_path))
    for _ in range(3):
        assert parent._publish()
    # Those of the process at work, and the newest.
    assert sorted(each.name for each in tmp_path.iterdir()) == ["1", "4"]
