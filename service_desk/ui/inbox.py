"""What comes in over the socket, before Reflex looks at it: events of one shape, with arguments of their kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from ..domain.errors import Invalid
from ..domain.ids import as_id

UNREADABLE = "This could not be read. Nothing was saved."
NOT_HERE = "That can't be done here."
LONGEST_ADDRESS = 2000

Kind = Callable[[Any], bool]

_KINDS: dict[str, Kind] = {
    # Every number that a handler takes is an id; links and lists send it as a text too.
    "int": lambda value: as_id(value) is not None,
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "dict[str, Any]": lambda value: isinstance(value, dict),
    # Reflex's own, of a page that connects: values kept by the browser, of which the desk has none, and checksums.
    "dict[str, Any] | None": lambda value: not value,
    "list[str] | None": lambda value: value is None or _are_texts(value),
}


def read_event(data: object, known: Container[str]) -> dict[str, Any]:
    """What Reflex needs of a browser's event, and nothing else of it.

    Raises:
        Invalid: this is no event, or for no handler that exists.
    """
    event = data if isinstance(data, dict) else {}
    name, payload = event.get("name"), event.get("payload") or {}
    if not isinstance(name, str) or not isinstance(payload, dict):
        raise Invalid(UNREADABLE)
    if name not in known:
        raise Invalid(NOT_HERE)
    return {"name": name, "payload": payload, "router_data": _address(event.get("router_data"))}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a handler takes: how each argument is recognised, and which must be there."""

    kinds: dict[str, Kind]
    needed: frozenset[str]

    def fit(self, payload: dict[str, Any]) -> bool:
        return self.needed <= payload.keys() <= self.kinds.keys() and all(
            self.kinds[name](value) for name, value in payload.items()
        )


def arguments_of(method: Callable[..., Any]) -> Arguments:
    """The arguments of a handler after its state.

    Raises:
        TypeError: one is of a kind that nobody checks, so anything could come in.
    """
    taken = list(inspect.signature(method).parameters.values())[1:]
    kinds = {each.name: getattr(each.annotation, "__name__", each.annotation) for each in taken}
    if strange := [name for name, kind in kinds.items() if kind not in _KINDS]:
        raise TypeError(f"{method.__qualname__}: {', '.join(strange)} must be one of {', '.join(_KINDS)}")
    needed = frozenset(each.name for each in taken if each.default is each.empty)
    return Arguments({name: _KINDS[kind] for name, kind in kinds.items()}, needed)


def _address(data: object) -> dict[str, Any]:
    """The page that an event comes from. Reflex adds the socket's own facts to it."""
    sent = data if isinstance(data, dict) else {}
    paths = {part: path for part in ("pathname", "asPath") if _is_path(path := sent.get(part))}
    return {**paths, "query": _query(sent.get("query"))}


def _query(data: object) -> dict[str, str]:
    """What fits into an address: a tab keeps it, and a stranger may open many tabs."""
    kept: dict[str, str] = {}
    left = LONGEST_ADDRESS
    for name, text in data.items() if isinstance(data, dict) else ():
        left -= len(name) + len(text) if isinstance(text, str) else 0
        if isinstance(text, str) and left >= 0:
            kept[name] = text
    return kept


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/") and len(value) <= LONGEST_ADDRESS


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
