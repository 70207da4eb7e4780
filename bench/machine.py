"""On which machine, with which versions and when a benchmark was run."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("reflex", "python-socketio", "python-engineio", "uvicorn", "uvloop", "websockets")


def machine(*more: str) -> str:
    """Processor, versions, load and date, as a list; `more` are versions of what else was used."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    versions = ", ".join([*(f"{name} {version(name)}" for name in PACKAGES), *more])
    return "\n".join(
        (
            f"* {os.cpu_count()} cores of {next(models, 'unknown')}, {platform.system()} {platform.release()}",
            f"* Python {platform.python_version()}, {versions}",
            f"* load average at the end of the run: {', '.join(f'{each:.1f}' for each in os.getloadavg())}",
            f"* {datetime.now(UTC):%Y-%m-%d}",
        )
    )
