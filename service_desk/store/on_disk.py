"""What is written is safe only once the disk has it."""

from __future__ import annotations

import os
from pathlib import Path


def write_through(path: Path) -> None:
    """Let the disk have a file, or which files are in a folder, before anybody relies on it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
