"""References: every request and event has one; it is in each line logged on its behalf, and people can report it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from structlog.contextvars import bind_contextvars, get_contextvars

from . import figures
from .domain.errors import Busy, DeskError, Forbidden, NotFound
from .log import get_logger

log = get_logger(__name__)

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I, which people mix up on the phone."""
LENGTH = 8
WORTH_REPORTING = (Busy, Forbidden, NotFound)
"""Refusals that somebody may want explained. What was typed wrongly, or done by somebody faster, explains itself."""


def begin(of: str | None = None) -> str:
    """Begin a request or an event and return its reference; equal texts in `of` have equal references."""
    made = _made(secrets.token_bytes(LENGTH) if of is None else hashlib.blake2s(of.encode()).digest())
    bind_contextvars(reference=made, user=None)
    return made


def _made(digest: bytes) -> str:
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])


OF_THIS_PROCESS = _made(secrets.token_bytes(LENGTH))
"""The reference of what is logged on nobody's behalf, so that the lines of one run belong together."""


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf something is done: the user, from which address, and by what (a handler's name)."""

    user_id: int
    address: str = ""
    step: str = ""


_asker: ContextVar[Asker | None] = ContextVar("asker", default=None)
_listeners: list[Callable[[Asker], None]] = []


def on_behalf_of(asker: Asker) -> None:
    """Name the user in what is logged from here on, and whoever asks in what they are denied."""
    bind_contextvars(user=asker.user_id)
    _asker.set(asker)


def on_denied(listener: Callable[[Asker], None]) -> Callable[[], None]:
    """Call `listener` when somebody is told that they may not, or of no such record. Returns what ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def current() -> str:
    """The reference of what is being done; empty outside of any request or event."""
    return str(get_contextvars().get("reference") or "")


def attach(sentence: str) -> str:
    """The sentence with the reference at its end. Whoever shows it has logged why."""
    made = current()
    return f"{sentence} (reference {made})" if made else sentence


def told(refusal: DeskError, *, noted: bool = False) -> str:
    """The sentence of a refusal as it is shown; one worth reporting is logged and carries its reference.

    `noted`: whoever asks tells of the denial themselves.
    """
    if type(refusal) is not DeskError and not isinstance(refusal, WORTH_REPORTING):
        return refusal.sentence
    figures.REFUSALS.add(type(refusal).__name__)
    cause = {"cause": refusal.__cause__} if refusal.__cause__ else {}
    log.warning("refused", kind=type(refusal).__name__, told=refusal.sentence, **cause)
    asker = _asker.get()
    if not noted and asker is not None and isinstance(refusal, Forbidden | NotFound):
        for listener in tuple(_listeners):
            listener(asker)
    return attach(refusal.sentence)
