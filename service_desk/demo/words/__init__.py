"""The words of the demo: what breaks, at whose place, and what people say about it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Fault:
    """What somebody reports in a few words and at more length, and what was done about it.

    `items` are the devices that can have it; empty where any can.
    """

    headline: str
    detail: str
    remark: str
    items: tuple[str, ...] = ()


def faults(text: str) -> tuple[Fault, ...]:
    """Reads blocks of three lines, divided by empty ones."""
    found = []
    for headline, detail, remark in _blocks(text):
        found.append(Fault(headline, detail, remark))
    return tuple(found)


def carried(text: str) -> tuple[Fault, ...]:
    """The same with one more line before: the items that can have the fault, or "any"."""
    found = []
    for items, headline, detail, remark in _blocks(text):
        found.append(Fault(headline, detail, remark, () if items == "any" else tuple(items.split(" / "))))
    return tuple(found)


def _blocks(text: str) -> list[list[str]]:
    return [block.splitlines() for block in dedent(text).strip().split("\n\n")]


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())
