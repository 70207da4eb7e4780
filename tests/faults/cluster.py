"""A PostgreSQL server of a test's own, which can be stopped, started and run out of room."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..running_desk import free_port


@dataclass
class Cluster:
    folder: Path
    programs: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self, *, largest_file: int = 0) -> None:
        """With `largest_file` (bytes), a write beyond that size fails as on a full disk."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        starting = ("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self.folder / "log"), "-o", options)
        self._run(*starting, largest_file=largest_file)

    def stop(self) -> None:
        """As a power cut would: connections end, nothing is written that was not."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def make(self) -> None:
        options = ("--auth=trust", "--username=postgres", "--no-sync", "--wal-segsize=1", "--encoding=UTF8")
        self._run("initdb", "-D", self._data, *options)

    def _run(self, program: str, *arguments: str, largest_file: int = 0) -> None:
        command = [str(self.programs / program), *arguments]
        if largest_file:
            # An odd number of kilobytes: the last page is written in part, which is what a full disk does.
            limit = f'ulimit -S -f {largest_file // 1024 | 1}; exec "$@"'
            command = ["bash", "-c", limit, "bash", *command]
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            command = ["runuser", "-u", "postgres", "--", *command]
        # Not captured: the server that pg_ctl starts would keep the pipe open.
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        assert done.returncode == 0, f"{program} failed; see {self.folder / 'log'}"


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """A running server with an empty database."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are not installed.")
    folder = Path(tempfile.mkdtemp(prefix="desk-cluster-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder, programs, free_port())
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of the newest server's programs; they are seldom on the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(folders, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    return newest[-1].parent if newest else None
