"""The log: one bounded line for each thing worth telling, however strange or however many its causes are."""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from .. import reference
from ..config import Settings

LONGEST_LINE = 400
"""Characters of a line, everything included."""
LONGEST_OBJECT = 1600
"""Characters of a line of JSON, whose quotes and names take room of their own."""
LONGEST_FIELD = 120
MOST_FIELDS = 12
LINES = 20
SECONDS = 10.0
"""No statement of the program writes more than LINES lines in SECONDS: a flood must not fill the disk."""
PLACES = 4
HIDDEN = "(hidden)"

_NAMED = r"[\w-]*(?:password|passwd|secret|token|cookie|authorization|session_id|recovery)[\w-]*"
_SECRETS = (
    # What a framework quotes of an event may hold a password: nothing behind these words is kept.
    (re.compile(r"(Event data:|\[parameters:|payload=|event queue entry for).*", re.S), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(service_desk_(?:session|code)\w*)=[^\s;,'\"]+"), rf"\1={HIDDEN}"),
    (re.compile(r"\b(Bearer|Basic) [^\s,'\"]+", re.I), rf"\1 {HIDDEN}"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{HIDDEN}@"),
    (
        re.compile(rf"(\b{_NAMED}['\"]?\s*[:=]\s*)(?!\(hidden\))('[^']*'?|\"[^\"]*\"?|[^\s,;&}}]+)", re.I),
        rf"\1{HIDDEN}",
    ),
)


class OneLine(ProcessorFormatter):
    """A record as one line, for people or as JSON: nothing in it can begin a line of its own.

    `secrets` are values that never show, wherever they come up.
    """

    def __init__(self, *, as_json: bool = False, secrets: tuple[str, ...] = ()) -> None:
        self.secrets = tuple(secret for secret in secrets if secret)
        super().__init__(
            processor=_as_object if as_json else _as_words,
            foreign_pre_chain=[merge_contextvars, ExtraAdder(), self._facts],
            keep_exc_info=False,
        )

    def _facts(self, _logger: object, _name: str, told: dict[str, Any]) -> dict[str, Any]:
        """Time, level, who says it, and what; then the reference and whatever else is known. All of it texts."""
        record: logging.LogRecord = told["_record"]
        said = str(told.pop("event"))[: 2 * LONGEST_LINE].strip()
        if fault := _fault_of(told.pop("exc_info", None)):
            said = f"{said} {_in_short(fault)}"
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._shown(said, LONGEST_LINE),
        }
        told.setdefault("reference", reference.OF_THIS_PROCESS)
        more = [(key, value) for key, value in told.items() if key[0] != "_" and value is not None]
        # The reference first: it must not be what a long line is cut off before.
        for key, value in sorted(more, key=lambda pair: pair[0] != "reference")[:MOST_FIELDS]:
            facts.setdefault(self._shown(key, 30), self._field(key, value))
        return {**{key: told[key] for key in ("_record", "_from_structlog")}, **facts}

    def _field(self, key: str, value: object) -> Any:
        if re.fullmatch(_NAMED, key, re.I):
            return HIDDEN
        if isinstance(value, int | float):
            return value
        text = _in_short(value) if isinstance(value, BaseException) else str(value)
        return self._shown(text, LONGEST_FIELD if not isinstance(value, BaseException) else LONGEST_LINE)

    def _shown(self, text: str, longest: int) -> str:
        return _one_line(_without_secrets(text[: 2 * LONGEST_LINE], self.secrets), longest)


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


def set_up(chosen: Settings) -> None:
    """Send what everybody logs through one handler: ours from the chosen level, libraries' from warnings.

    Call it before the libraries are imported.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(as_json=chosen.log_format == "json", secrets=chosen.secrets))
    handler.addFilter(Floodgate())
    ours = logging.getLevelNamesMapping()[chosen.log_level.upper()]
    logging.basicConfig(level=max(logging.WARNING, ours), handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("service_desk").setLevel(ours)
    migrations = logging.getLogger("alembic.runtime.migration")
    migrations.setLevel(max(logging.INFO, ours))
    migrations.addFilter(_is_a_migration)
    for name in ("engineio.server", "socketio.server"):
        # Without a level of their own these would add handlers of their own.
        logging.getLogger(name).setLevel(max(logging.WARNING, ours))


def _is_a_migration(record: logging.LogRecord) -> bool:
    """Of what Alembic tells, what it did, and not that it looked whether there is something to do."""
    return record.levelno > logging.INFO or record.getMessage().startswith("Running ")


def _as_words(_logger: object, _name: str, facts: dict[str, Any]) -> str:
    facts = _public(facts)
    moment, level, logger, event = (facts.pop(key) for key in ("time", "level", "logger", "event"))
    reference = f" [{made}]" if (made := facts.pop("reference", "")) else ""
    rest = "".join(f" {key}={_quoted(value)}" for key, value in facts.items())
    return _one_line(f"{moment} {level.upper()} {logger}{reference}: {event}{rest}", LONGEST_LINE)


def _as_object(_logger: object, _name: str, facts: dict[str, Any]) -> str:
    facts = _public(facts)
    while len(line := json.dumps(facts, ensure_ascii=False)) > LONGEST_OBJECT:
        # Half of the longest text, and again: what is left is still JSON.
        longest = max(facts, key=lambda key: len(str(facts[key])))
        facts[longest] = str(facts[longest])[: len(str(facts[longest])) // 2]
    return line


def _public(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if not key.startswith("_")}


def _quoted(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w.:/@+-]+", text) else json.dumps(text, ensure_ascii=False)


def _without_secrets(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _fault_of(info: object) -> BaseException | None:
    fault = info[1] if isinstance(info, tuple) else info
    return fault if isinstance(fault, BaseException) else None


def _in_short(fault: BaseException) -> str:
    """What went wrong and the last places it came through, the innermost first."""
    frames = reversed(traceback.extract_tb(fault.__traceback__)[-PLACES:])
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
    return f"{type(fault).__name__} at {places or 'nowhere'}: {str(fault)[:LONGEST_LINE]}"


def _one_line(text: str, longest: int) -> str:
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text[:longest])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
