"""The log: one bounded line for each thing worth telling, however strange or however many its causes are."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

LONGEST_LINE = 400
"""Characters, everything included."""
LINES = 20
SECONDS = 10.0
"""No statement of the program writes more than LINES lines in SECONDS: a flood must not fill the disk."""
PLACES = 4


class OneLine(logging.Formatter):
    """Time, level, who says it, and what: nothing in it can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()[: 2 * LONGEST_LINE].strip()
        if record.exc_info and record.exc_info[1] is not None:
            said = f"{said} {_in_short(record.exc_info[1])}"
        return _one_line(f"{self.formatTime(record)} {record.levelname} {record.name}: {said}")


class Floodgate(logging.Filter):
    """Lets through the first LINES lines of each statement in SECONDS; the last one says that more are left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.clock = clock
        self._seen: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), self.clock()
        since, count = self._seen.get(place, (now, 0))
        if now - since >= SECONDS:
            since, count = now, 0
        self._seen[place] = since, count + 1
        if count + 1 == LINES:
            record.msg = f"(more like this are left out for {SECONDS:.0f} s) {record.msg}"
        return count < LINES


def set_up() -> None:
    """Send what every library logs through one handler, warnings and worse. Call before they are imported."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    handler.addFilter(Floodgate())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in ("engineio.server", "socketio.server"):
        # Without a level of their own these would add handlers of their own.
        logging.getLogger(name).setLevel(logging.WARNING)


def _in_short(fault: BaseException) -> str:
    """What went wrong and the last places it came through, the innermost first."""
    frames = reversed(traceback.extract_tb(fault.__traceback__)[-PLACES:])
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
    return f"{type(fault).__name__} at {places or 'nowhere'}: {str(fault)[:LONGEST_LINE]}"


def _one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text[:LONGEST_LINE])
    return shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 1] + "…"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
