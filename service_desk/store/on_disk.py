"""What is written is safe only once the disk has it."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def write_through(path: Path) -> None:
    """Let the disk have a file, or which files are in a folder, before anybody relies on it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as fault:
        # Some file systems of networks know this of files only.
        if not path.is_dir() or fault.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(opened)
