"""The parent of several processes hears its signals at whatever moment they come."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
