"""What happens when the program itself is wrong: one bounded line in the log, one sentence on the screen."""

from reflex.event import EventSpec
from reflex_base.event.context import EventContext

from .. import figures, reference
from ..domain.errors import DeskError
from ..log import get_logger
from . import browser

log = get_logger(__name__)


def answer_fault(exception: Exception) -> EventSpec | None:
    """Log where it happened and say that nothing was saved."""
    # Reflex calls this in a task that knows the event, but nothing of what was said while it was handled.
    begin_event()
    if isinstance(exception, DeskError):
        return browser.complain(exception)
    figures.FAULTS.add("event")
    log.error("an event failed", exc_info=exception)
    sentence = "That did not work; nothing was saved. What you typed is still here."
    return browser.complain(reference.attach(sentence))


def note_browser_fault(exception: Exception) -> None:
    """A browser reported an error: one bounded line."""
    figures.FAULTS.add("browser")
    log.warning("a browser reported an error", told=repr(exception)[:300])


def turn_down(sentence: str) -> EventSpec:
    """The answer to what was no event of ours."""
    figures.REFUSED_EVENTS.add()
    return browser.complain(reference.attach(sentence))


def begin_event() -> None:
    """Give the event that is handled now its reference: the same each time it is asked for."""
    try:
        reference.begin(EventContext.get().txid)
    except LookupError:
        reference.begin()
