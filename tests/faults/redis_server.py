"""A Redis server of a test's own, which can be stopped, started and held still."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from redis.exceptions import RedisError

from ..running_desk import free_port


@dataclass
class RedisServer:
    folder: Path
    program: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command = [self.program, *options, "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while True:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
                return
            except RedisError:
                assert time.monotonic() < until, "Redis did not start"
                time.sleep(0.05)

    def stop(self) -> None:
        """As a power cut would: nothing is kept."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def hold_still(self) -> None:
        """Connections stay, and nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def a_redis() -> Iterator[RedisServer]:
    """A running server that holds nothing."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="desk-redis-"))
    server = RedisServer(folder, program, free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
