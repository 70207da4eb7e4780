"""One core for the server that is measured, another for everybody else; and what a server has used of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = _CORES[0], _CORES[-1]
"""The same one where the machine has only one."""

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes that are started in the block run on this core alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of its children, those that have ended too."""
    used = 0.0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        used += sum(int(field) for field in fields[11:15]) / _TICKS
    return used


def memory_kb(pid: int) -> int:
    """What a process and its children hold of the machine's memory, shared parts divided among their holders."""
    held = 0
    for each in family(pid):
        told = Path(f"/proc/{each}/smaps_rollup").read_text()
        held += int(told.split("\nPss:")[1].split()[0])
    return held


def family(pid: int) -> list[int]:
    """The process and its living descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        # A thread may end meanwhile.
        with suppress(OSError):
            children = (task / "children").read_text().split()
            found += [each for child in children for each in family(int(child))]
    return found
