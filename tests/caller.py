"""Every handler of the desk by its short name, called over a bare socket, and what was answered."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from reflex_base.registry import RegistrationContext

from service_desk.ui import guard, pages
from service_desk.ui.inbox import NOT_HERE, UNREADABLE

from .raw_socket import RawSocket
from .running_desk import RunningDesk

assert pages, "imported so that every state is known to the registry"

PERMITTED = guard.permissions()
"""Wire name → the permission that the handler needs, or None."""
WIRE = {name.rpartition("____")[2]: name for name in PERMITTED}
"""`calls_page.look` → the handler's name on the wire."""
HANDLERS = sorted(name for name, wire in WIRE.items() if PERMITTED[wire] or not name.endswith(".setvar"))
"""Short names of all but the setters of variables, which are denied alike."""
SHOWN_OUT = "/sign-in?reason="


class Caller(RawSocket):
    """Somebody with a page open, who calls handlers and reads the answers."""

    def settle(self, path: str = "/calls") -> None:
        """Open a page and wait until it has everything."""
        self.open_page(path)
        self.wait_for(lambda frame: '"is_hydrated_rx_state_":true' in frame)

    def call(self, name: str, payload: Any = None, path: str = "/calls") -> list[str]:
        """Every frame up to the end of this handler. Events of a tab are handled one after the other."""
        before = len(self.frames)
        listed = PERMITTED.get(WIRE.get(name, name)) is not None
        self.send(WIRE.get(name, name), payload, path)
        # What follows is refused with a sentence that the handler itself never says.
        marker = NOT_HERE if listed else UNREADABLE
        self.send(WIRE["owner.setvar"] if listed else WIRE["missing_page.look"], {"and": "then"})
        self.wait_for(lambda frame: marker in "".join(sentences([frame])))
        return self.frames[before:-1]


def arguments(name: str) -> list[str]:
    """What a handler takes after its state."""
    method = RegistrationContext.get().event_handlers[WIRE[name]].handler.fn
    return list(inspect.signature(method).parameters)[1:]


def basis(record: int, version: int = 1, **was: str) -> str:
    """What a dialog's form says of the record that it was opened on."""
    return json.dumps({"record": record, "version": version, "was": was})


def sentences(frames: list[str]) -> list[str]:
    """What the browser was told to do: toasts, dialogs to open, forms that are answered, pages to leave for."""
    told = []
    for frame in frames:
        events = update_of(frame).get("events") or []
        told += [str(event["payload"].get("function", event["payload"])) for event in events]
    return told


def shown(frames: list[str]) -> dict[str, dict[str, Any]]:
    """Short state name → the variables that these frames set."""
    states: dict[str, dict[str, Any]] = {}
    for frame in frames:
        for state, changes in (update_of(frame).get("delta") or {}).items():
            short = {key.removesuffix("_rx_state_"): value for key, value in changes.items()}
            states.setdefault(state.rpartition("____")[2], {}).update(short)
    return states


def update_of(frame: str) -> Mapping[str, Any]:
    if not frame.startswith("42/_event,"):
        return {}
    name, *rest = json.loads(frame.removeprefix("42/_event,"))
    return rest[0] if name == "event" and rest else {}


def stored(desk: RunningDesk) -> str:
    """A checksum of everything in the store but when somebody was last seen, what happened at the doors, and how far
    webhooks have got."""
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{desk.folder / 'desk.db'}?mode=ro", uri=True) as connection:
        for line in connection.iterdump():
            if not re.match(
                r'INSERT INTO "(user_session|security_event|webhook_state|webhook_delivery)"', line
            ):
                digest.update(line.encode())
    connection.close()
    return digest.hexdigest()
