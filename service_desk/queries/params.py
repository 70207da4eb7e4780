"""Questions as they stand in a URL. Whatever is unknown or malformed there counts as not written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import Enum
from typing import TypeVar
from unicodedata import category, normalize

from ..domain.ids import as_id
from ..store.touches import plain

V = TypeVar("V")
Params = Mapping[str, str]

LONGEST_LIST = 50
LAST_PAGE = 100_000


def one_of(params: Params, name: str, known: Collection[str], default: str) -> str:
    value = _text(params, name)
    return value if value in known else default


def words(params: Params, name: str, kind: type[Enum]) -> tuple[str, ...]:
    """The members' words that a comma-separated value names, sorted, each once."""
    known = {plain(member) for member in kind}
    return _several(params, name, lambda part: part if part in known else None)


def ids(params: Params, name: str, none: bool = False) -> tuple[int, ...]:
    """The ids that a comma-separated value names, sorted, each once; 0 for "none" where that is allowed."""
    return _several(params, name, lambda part: 0 if none and part == "none" else as_id(part))


def page(params: Params) -> int:
    return min(as_id(_text(params, "page")) or 1, LAST_PAGE)


def page_from_either_end(params: Params) -> int:
    """The same, or -1 for the last page, -2 for the one before it."""
    text = _text(params, "page")
    return -page({"page": text[1:]}) if text.startswith("-") and as_id(text[1:]) else page(params)


def day(params: Params) -> str:
    """A day as YYYY-MM-DD; empty without one."""
    text = _text(params, "day")
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return ""
    return found.isoformat() if found and 2000 <= found.year < 2200 else ""


def search(params: Params, name: str = "q") -> str:
    """What somebody looks for: one line of at most 100 characters, without those that no name holds."""
    typed = "".join(c if category(c) not in ("Cc", "Cs") else " " for c in _text(params, name)[:400])
    return " ".join(normalize("NFC", typed).split())[:100].strip()


def _several(params: Params, name: str, read: Callable[[str], V | None]) -> tuple[V, ...]:
    parts = _text(params, name)[:1000].split(",")[:LONGEST_LIST]
    found: dict[V, None] = {}
    for part in sorted(parts):
        value = read(part)
        if value is not None:
            found[value] = None
    return tuple(found)


def _text(params: Params, name: str) -> str:
    value: object = params.get(name) if isinstance(params, Mapping) else None
    return value if isinstance(value, str) else ""
