"""Words drawn like cards: each once before any comes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Generic, TypeVar

from .words import Fault, building_calls, carry_ins, home_calls, office_calls, phrases

T = TypeVar("T")

AT_WORK: Mapping[str, Sequence[Fault]] = {
    "Printers": office_calls.PRINTERS,
    "Network": office_calls.NETWORK,
    "Point of sale": office_calls.POINT_OF_SALE,
    "Workstations": office_calls.WORKSTATIONS,
    "Servers": building_calls.SERVERS,
    "Telephony": building_calls.TELEPHONY,
    "Power": building_calls.POWER,
    "Doors and cameras": building_calls.DOORS,
}
AT_HOME: Mapping[str, Sequence[Fault]] = {
    "Printers": home_calls.PRINTERS,
    "Network": home_calls.NETWORK,
    "Workstations": home_calls.WORKSTATIONS,
    "Power": home_calls.POWER,
    "Telephony": home_calls.TELEPHONY,
    "Doors and cameras": home_calls.DOORS,
}
CARRIED: Mapping[str, tuple[Sequence[str], Sequence[Fault]]] = {
    "Laptops": (carry_ins.LAPTOP_ITEMS, carry_ins.LAPTOPS),
    "Desktop computers": (carry_ins.DESKTOP_ITEMS, carry_ins.DESKTOPS),
    "Phones and tablets": (carry_ins.PHONE_ITEMS, carry_ins.PHONES),
    "Printers and scanners": (carry_ins.PRINTER_ITEMS, carry_ins.PRINTERS),
    "Network devices": (carry_ins.NETWORK_ITEMS, carry_ins.NETWORK_DEVICES),
    "Tills": (carry_ins.POS_ITEMS, carry_ins.POINT_OF_SALE),
}


class Deck(Generic[T]):
    def __init__(self, cards: Sequence[T], rng: Random) -> None:
        self._cards, self._rng = cards, rng
        self._left: list[T] = []

    def draw(self) -> T:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


class Words:
    """What is said about calls and carry-ins."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._work = {name: Deck(found, rng) for name, found in AT_WORK.items()}
        self._home = {name: Deck(found, rng) for name, found in AT_HOME.items()}
        self._items = {name: Deck(items, rng) for name, (items, _) in CARRIED.items()}
        self._faults = {name: Deck(found, rng) for name, (_, found) in CARRIED.items()}
        self._places = Deck(phrases.PLACES, rng), Deck(phrases.ROOMS, rng)

    def problem(self, category: str, at_home: bool) -> tuple[str, str]:
        """What is reported, headline first, and what will have been done about it."""
        fault = (self._home if at_home else self._work)[category].draw()
        where = self._places[at_home].draw()
        more = phrases.ADDED + (phrases.ADDED_AT_HOME if at_home else phrases.ADDED_AT_WORK)
        added = f" {self._rng.choice(more)}" if self._rng.random() < 0.6 else ""
        told = f"{fault.headline}.\n{fault.detail}{added}"
        return told.replace("{where}", where), fault.remark

    def instructions(self, at_home: bool) -> str:
        """Empty for every other call or so."""
        known = phrases.INSTRUCTIONS
        known += phrases.INSTRUCTIONS_AT_HOME if at_home else phrases.INSTRUCTIONS_AT_WORK
        return self._rng.choice(known) if self._rng.random() < 0.6 else ""

    def device(self, category: str) -> tuple[str, str, str]:
        """The item, its fault, and what will have been done about it."""
        fault = self._faults[category].draw()
        item = self._rng.choice(fault.items) if fault.items else self._items[category].draw()
        return item, f"{fault.headline}\n{fault.detail}", fault.remark
