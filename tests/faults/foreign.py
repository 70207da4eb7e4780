"""Every way to ask the desk for a record by what identifies it, and the whole answer as a text that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from service_desk.domain.access import ROLES
from service_desk.domain.users import Role

from ..caller import HANDLERS, PERMITTED, WIRE, Caller, arguments, basis, sentences, shown
from ..raw_socket import fresh_key
from ..running_desk import COOKIE, RunningDesk

IDS = {"call_id", "customer_id", "user_id", "session_id", "category_id", "seq", "phone"}
"""Arguments that identify a record which is not everybody's. Carry-ins are."""
COLLEAGUES = "people"
PASSING = re.compile(
    r"[Rr]eference (<code>)?\w+|view:\d+|\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+]+"
    r"|C-\d+|(calls|customers)/\d+|\"customer_id\": \d+|<head>.*</head>",
    re.DOTALL,
)
"""What differs between two equal answers: their reference, the number of a room, the moment; and the number that was
asked for, where the question itself comes back.
"""


class Asker:
    """Somebody with a page open and a browser for plain pages. `heard` is all that ever came back."""

    def __init__(self, desk: RunningDesk, username: str) -> None:
        token = desk.token(username)
        self.caller = Caller(desk.url, token)
        self.browser = httpx.Client(base_url=desk.url, headers={"Cookie": f"{COOKIE}={token}"})
        self.heard: list[str] = []

    def __enter__(self) -> Self:
        self.caller.__enter__()
        self.caller.settle()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.caller.__exit__(kind, fault, trace)
        self.browser.close()

    def told(self, frames: list[str], *own: str) -> str:
        """What these frames say, without the words that only this question brought."""
        self.heard += frames
        # Who is here is told when it changes, whatever was asked meanwhile.
        seen = {state: said for state, said in shown(frames).items() if state != COLLEAGUES}
        text = json.dumps([sentences(frames), seen], sort_keys=True)
        for each in own:
            text = text.replace(each, "…")
        return PASSING.sub("…", text)


Ask = Callable[[Asker, Any], str]


@dataclass(frozen=True)
class Way:
    """`of` names what identifies the record: a call, a customer, a phone, a step."""

    name: str
    of: str
    ask: Ask


def by_handler(name: str) -> Ask:
    """Call it with the id, and with a key where it takes one."""
    (taken,) = set(arguments(name)) & IDS

    def ask(asker: Asker, what: Any) -> str:
        key = fresh_key()
        payload = {taken: what} | ({"key": key} if "key" in arguments(name) else {})
        return asker.told(asker.caller.call(name, payload), key, str(what) if taken == "phone" else key)

    return ask


def by_form(name: str, **fields: str) -> Ask:
    """Send its form, opened on the record."""

    def ask(asker: Asker, what: Any) -> str:
        form = {"basis": basis(what), "key": fresh_key(), **fields}
        return asker.told(asker.caller.call(name, {"form": form}), form["key"])

    return ask


def by_page(path: str) -> Ask:
    """Open the page at this address, as a browser does."""

    def ask(asker: Asker, what: Any) -> str:
        before = len(asker.caller.frames)
        asker.caller.settle(path.format(what))
        return asker.told(asker.caller.frames[before:])

    return ask


def by_look(name: str, path: str) -> Ask:
    """Call the handler that a page calls when it is opened; the id is in the address."""

    def ask(asker: Asker, what: Any) -> str:
        return asker.told(asker.caller.call(name, {}, path.format(what)))

    return ask


def by_plain_page(path: str) -> Ask:
    """Get it over HTTP."""

    def ask(asker: Asker, what: Any) -> str:
        answer = asker.browser.get(path.format(what))
        asker.heard.append(answer.text)
        return PASSING.sub("…", f"{answer.status_code} {answer.text}")

    return ask


HANDLERS_WITH_IDS = {
    "complete_call.choose": "call",
    "call_page.start": "call",
    "calls_page.start": "call",
    "undo.undo": "step",
    "new_call.look_up": "phone",
    "receive_carry_in.look_up": "phone",
}
"""Those that an engineer may call, and what they are called with."""
WAYS = [
    *(Way(name, of, by_handler(name)) for name, of in HANDLERS_WITH_IDS.items()),
    Way("complete_call.save", "call", by_form("complete_call.save", remark="Bled the radiator.")),
    Way("call_page.look", "call", by_look("call_page.look", "/calls/{}")),
    Way("the page of a call", "call", by_page("/calls/{}")),
    Way("the list of calls", "call", by_page("/calls?tab=all&q=C-{}")),
    Way("the plain page of a call", "call", by_plain_page("/plain/calls/{}")),
    Way("the plain list of calls", "call", by_plain_page("/plain/calls?tab=all&q=C-{}")),
    Way("customer_page.look", "customer", by_look("customer_page.look", "/customers/{}")),
    Way("the page of a customer", "customer", by_page("/customers/{}")),
]


def taking_ids(role: Role) -> set[str]:
    """The handlers that this role may call and that are told which record by one of IDS."""
    may = {name for name in HANDLERS if (needed := PERMITTED[WIRE[name]]) and needed in ROLES[role]}
    return {name for name in may if set(arguments(name)) & IDS}
