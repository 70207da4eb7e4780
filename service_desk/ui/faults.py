"""What happens when the program itself is wrong: one bounded line in the log, one sentence on the screen."""

import logging
import traceback

from reflex.event import EventSpec

from ..domain.errors import DeskError
from . import browser

log = logging.getLogger(__name__)


def answer_fault(exception: Exception) -> EventSpec | None:
    """Log where it happened and say that nothing was saved."""
    fault = exception
    if isinstance(fault, DeskError):
        return browser.complain(fault.sentence)
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    log.error("an event failed: %s: %.200r at %s", type(fault).__name__, str(fault), place)
    return browser.complain("That did not work; nothing was saved. What you typed is still here.")


def note_browser_fault(exception: Exception) -> None:
    """A browser reported an error: one bounded line."""
    log.warning("a browser reported: %.300r", str(exception))
