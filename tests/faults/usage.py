"""What a server uses of the machine."""

import contextlib
import os
from pathlib import Path

from ..running_desk import RunningDesk


def resident_bytes(desk: RunningDesk) -> int:
    assert desk.process is not None
    status = Path(f"/proc/{desk.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def processor_seconds(desk: RunningDesk) -> float:
    """How long it has worked so far, on all cores."""
    assert desk.process is not None
    fields = Path(f"/proc/{desk.process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_sockets(desk: RunningDesk) -> int:
    """Its connections, those included that nobody reads from any more."""
    assert desk.process is not None
    count = 0
    for entry in Path(f"/proc/{desk.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            count += os.readlink(entry).startswith("socket:")
    return count
