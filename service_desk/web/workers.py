"""The parent of several processes that share a port: starts them, starts them again, renews and ends them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service_desk.log import get_logger

from .server import ACCEPT_NO_MORE
from .worker import READY, Place

log = get_logger(__name__)

LOOK_SECONDS = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""A process that ends before it was ready is started again ever more slowly."""
GOODBYE_SECONDS = 25.0
"""Longer than the longest farewell."""
START_SECONDS = 60.0


class NoneStarted(Exception):
    """The first process ended before it was ready; why is in its own words in the log."""


@dataclass(eq=False)
class Worker:
    number: int
    slot: int
    process: subprocess.Popen[bytes]
    ready_file: int
    pages: Path
    is_ready: bool = False

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def look(self) -> None:
        """Hear whether it is ready by now."""
        if not self.is_ready:
            try:
                self.is_ready = os.read(self.ready_file, len(READY)) == READY
            except BlockingIOError:
                return

    def tell(self, number: int) -> None:
        if self.is_alive():
            self.process.send_signal(number)

    def forget(self) -> None:
        os.close(self.ready_file)


class Workers:
    """`prepare` begins to build and migrate for a new version, `publish` gives the folder with the pages as built."""

    def __init__(
        self,
        count: int,
        listener: socket.socket,
        folder: Path,
        prepare: Callable[[], subprocess.Popen[bytes]],
        publish: Callable[[], Path],
    ) -> None:
        self.count, self.listener, self.folder = count, listener, folder
        self.prepare, self.publish = prepare, publish
        self.workers: list[Worker] = []
        self.pages = publish()
        self._published = {self.pages}
        self._numbers = 0
        self._fails = 0
        self._not_before = 0.0
        self._is_ending = self._is_renewing = self._ever_ready = False
        # Whoever holds the reading end sees it end when this process does, however it does.
        self._life, self._life_kept = os.pipe()

    def run(self, ready: Callable[[], None]) -> None:
        """Until told to stop. `ready` is called once all are. Raises NoneStarted."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._renew)
        told = False
        try:
            while not self._is_ending:
                self._look_after()
                if (
                    not told
                    and len(self.workers) == self.count
                    and all(each.is_ready for each in self.workers)
                ):
                    told = True
                    ready()
                if self._is_renewing:
                    self._is_renewing = False
                    self._renew_all()
                self._pause()
        finally:
            self._stop(self.workers)

    def _end(self, *_: object) -> None:
        self._is_ending = True

    def _renew(self, *_: object) -> None:
        self._is_renewing = True

    def _pause(self) -> None:
        # No lock to wait at: a signal may come while this very thread holds it.
        if not (self._is_ending or self._is_renewing):
            time.sleep(LOOK_SECONDS)

    def _look_after(self) -> None:
        """Start again what has ended; slowly, what ends at once."""
        for worker in list(self.workers):
            worker.look()
            self._ever_ready = self._ever_ready or worker.is_ready
            if worker.is_alive():
                continue
            self._drop(worker)
            if not self._ever_ready:
                raise NoneStarted
            self._fails = 0 if worker.is_ready else self._fails + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._fails - 1)) if self._fails else 0
            self._not_before = time.monotonic() + pause
            log.warning(
                "a process ended", worker=worker.number, code=worker.process.returncode, again_in=pause
            )
        while len(self.workers) < self.count and time.monotonic() >= self._not_before:
            taken = {each.slot for each in self.workers}
            self._start(next(slot for slot in range(1, self.count + 1) if slot not in taken))

    def _start(self, slot: int) -> Worker:
        self._numbers += 1
        heard, told = os.pipe()
        os.set_blocking(heard, False)
        place = Place(self._numbers, slot, self.folder, self.listener.fileno(), told, self._life)
        process = subprocess.Popen(
            [sys.executable, "-m", module_of_command(), "worker"],
            env={**os.environ, **place.as_environment(), "SERVICE_DESK_WEB_DIR": str(self.pages)},
            pass_fds=(place.listener, told, self._life),
            # Ctrl-C is for the parent, which tells them in its own way.
            start_new_session=True,
        )
        os.close(told)
        worker = Worker(self._numbers, slot, process, heard, self.pages)
        self.workers.append(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        worker.forget()
        self.workers.remove(worker)

    def _renew_all(self) -> None:
        """One new process after another takes the place of an old one. If the first can't, all stays as it is."""
        log.info("renewing the processes")
        preparing = self.prepare()
        self._wait(lambda: preparing.poll() is not None, float("inf"))
        if preparing.poll() is None:
            preparing.terminate()
        if preparing.wait() or self._is_ending:
            log.error("the new version could not be prepared; the old one goes on")
            return
        if not self._publish():
            return
        old = list(self.workers)
        for number, worker in enumerate(old):
            new = self._start(worker.slot)
            if (
                not self._wait(lambda new=new: new.is_ready or not new.is_alive(), START_SECONDS)
                or not new.is_ready
            ):
                log.error("a new process did not start; the others go on", worker=new.number)
                self._stop([new])
                return
            if number == 0:
                # Who comes back from an old process must not come to another one that is about to end.
                for each in old:
                    each.tell(ACCEPT_NO_MORE)
            self._stop([worker])
            if self._is_ending:
                return
        log.info("renewed")

    def _publish(self) -> bool:
        """Lay out the pages of the new version, and clear away what no process serves; False when there is no room."""
        try:
            self.pages = self.publish()
        except OSError as fault:
            log.error("the new pages could not be laid out; the old version goes on", why=str(fault))
            return False
        in_use = {self.pages, *(each.pages for each in self.workers)}
        for folder in self._published - in_use:
            shutil.rmtree(folder, ignore_errors=True)
        self._published = in_use
        return True

    def _wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Whether it was done in time; early, when the parent is to end. Those at work are looked after meanwhile."""
        until = time.monotonic() + seconds
        while not done():
            if self._is_ending or time.monotonic() > until:
                return False
            self._look_after()
            time.sleep(LOOK_SECONDS)
        return True

    def _stop(self, workers: list[Worker]) -> None:
        """Let them say goodbye; who needs too long for it is killed."""
        for worker in workers:
            worker.tell(signal.SIGTERM)
        until = time.monotonic() + GOODBYE_SECONDS
        for worker in list(workers):
            try:
                worker.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("a process did not end in time", worker=worker.number)
                worker.process.kill()
                worker.process.wait()
            if worker in self.workers:
                self._drop(worker)


def module_of_command() -> str:
    """What was started with `python -m`, so that its processes are started the same way."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec.name.removesuffix(".__main__") if spec else "service_desk"
