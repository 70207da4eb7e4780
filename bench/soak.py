"""Changes for as long as wanted, five a second, while a thousand look on: what the server holds, minute by minute."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.stores import new_database

from .audience import Audience
from .cores import memory_kb
from .desk_target import TABS, DeskTarget
from .rounds import EVERY_SECONDS, Course, Tally

SESSIONS = 1000
CHANGES = round(60 / EVERY_SECONDS)


def soak(minutes: int) -> list[dict[str, float]]:
    """One line a minute. Returns them: {minute, memory_kb, p50, p99, lost, doubled}."""
    folder = Path(tempfile.mkdtemp(prefix="desk-soak-"))
    found: list[dict[str, float]] = []
    with (
        new_database("postgresql", folder) as url,
        DeskTarget("desk", url, SESSIONS // TABS) as desk,
        Audience(desk.port) as audience,
    ):
        audience.open(desk.sessions(0, SESSIONS))
        course = Course(desk, audience)
        while len(found) < minutes:
            began, tally = time.monotonic(), Tally()
            course.run(CHANGES, tally)
            short = tally.in_short(SESSIONS)
            kept = {name: short[name] for name in ("p50", "p99", "lost", "doubled", "closed")}
            found.append({"minute": len(found) + 1, "memory_kb": memory_kb(desk.pid), **kept})
            _tell(found[-1], time.monotonic() - began)
    return found


def _tell(minute: dict[str, float], seconds: float) -> None:
    told = "  ".join(f"{name} {value:.1f}" for name, value in minute.items())
    print(f"{datetime.now(UTC):%H:%M:%S}  {told}  ({seconds:.0f} s)", flush=True)
