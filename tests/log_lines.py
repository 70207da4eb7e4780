"""What a running desk writes to its log."""

from __future__ import annotations

from service_desk.web.logs import LONGEST_LINE

from .running_desk import RunningDesk


class LogLines:
    """What the server has written since the last look."""

    def __init__(self, desk: RunningDesk) -> None:
        self.path = desk.log
        self.seen = self.path.stat().st_size

    def lines(self) -> list[str]:
        with self.path.open("rb") as log:
            log.seek(self.seen)
            new = log.read()
        self.seen += len(new)
        return new.decode().splitlines()

    def check(self, events: int) -> None:
        """At most one line for each event, bounded, and no traceback."""
        lines = self.lines()
        assert len(lines) <= events
        assert all(len(line) <= LONGEST_LINE for line in lines)
        assert not [line for line in lines if "Traceback" in line or line.startswith(" ") or "ERROR" in line]
