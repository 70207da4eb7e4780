"""What was done, as people tell it: the journal's [old, new] pairs in words that follow the actor's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .answer import one_line

Changed = Mapping[str, Any]

_FIELDS = {
    "call": {
        "priority": "priority",
        "category_id": "category",
        "problem": "the problem",
        "site_address": "the address",
        "due_at": "when it is due",
        "instructions": "the instructions",
    },
    "carry_in": {
        "item": "item",
        "serial_number": "serial number",
        "category_id": "category",
        "accessories": "the accessories",
        "fault": "the fault",
    },
    "customer": {"name": "name", "phone": "phone", "email": "e-mail", "address": "the address"},
    "user": {
        "full_name": "name",
        "username": "username",
        "role": "role",
        "email": "e-mail",
        "phone": "phone",
    },
    "category": {"name": "name"},
    "webhook": {"name": "name", "url": "the address", "events": "the events it is told of"},
}
"""Field → its word. One with an article is too long to quote, or a time that only the reader's zone tells."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id of what the pairs point at."""

    users: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)

    def person(self, user_id: Any) -> str:
        return self.users.get(user_id, "somebody")


@dataclass(frozen=True, slots=True)
class Deed:
    """One touch of one entry. `others` is how many further rows the entry touched."""

    verb: str
    entity: str
    changed: Changed
    actor_id: int | None
    others: int = 0

    def new(self, name: str) -> Any:
        return self.changed[name][1] if name in self.changed else None

    def old(self, name: str) -> Any:
        return self.changed[name][0] if name in self.changed else None


def tell(deed: Deed, names: Names) -> str:
    """A fragment such as "changed priority from normal to high"; never empty."""
    telling = _TELLINGS.get((deed.entity, deed.verb))
    if telling is not None:
        return telling(deed, names)
    # Rows that a change touched beside its own: the customer that came with a call.
    if deed.entity == "customer" and deed.new("name") and deed.old("name") is None:
        return "added the customer"
    return _changes(deed, names)


def _changes(deed: Deed, names: Names) -> str:
    words = _FIELDS.get(deed.entity, {})
    told = [_change(deed, name, words[name], names) for name in words if name in deed.changed]
    return "changed " + "; ".join(told) if told else "changed it"


def _change(deed: Deed, name: str, word: str, names: Names) -> str:
    old, new = (_value(name, value, names) for value in deed.changed[name])
    if word.startswith(("the ", "when ")):
        return word
    if not old:
        return f"{word} to {new}"
    return f"{word} from {old} to {new or 'none'}"


def _value(name: str, value: Any, names: Names) -> str:
    if name == "category_id":
        return names.categories.get(value, "another one")
    return one_line(str(value).replace("_", " ") if name == "role" else str(value), 60) if value else ""


def _quoted(text: Any) -> str:
    return f" · “{one_line(str(text))}”" if text else ""


def _logged(deed: Deed, names: Names) -> str:
    engineer = deed.new("assigned_to_id")
    whom = f" and assigned {names.person(engineer)}" if engineer else ""
    return f"logged the call{whom}{_quoted(deed.new('instructions'))}"


def _assigned(deed: Deed, names: Names) -> str:
    before, after = deed.old("assigned_to_id"), deed.new("assigned_to_id")
    if after is None:
        return f"changed the instructions{_quoted(deed.new('instructions'))}"
    instead = f" instead of {names.person(before)}" if before else ""
    return f"assigned {names.person(after)}{instead}{_quoted(deed.new('instructions'))}"


def _taken_back(deed: Deed, names: Names) -> str:
    return f"took it back from {names.person(deed.old('assigned_to_id'))}"


def _returned(deed: Deed, names: Names) -> str:
    return f"deactivated {names.person(deed.old('assigned_to_id'))}, so it is pending again"


def _to_bench(deed: Deed, names: Names) -> str:
    technician = deed.new("assigned_to_id")
    whom = f" for {names.person(technician)}" if technician not in (None, deed.actor_id) else ""
    return f"took it to the bench{whom}"


def _mended(deed: Deed, _names: Names) -> str:
    return f"completed it, {deed.new('outcome') or 'repaired'}{_quoted(deed.new('completion_remark'))}"


def _delivered(deed: Deed, _names: Names) -> str:
    return f"handed it to {deed.new('delivered_to') or 'the customer'}{_quoted(deed.new('delivery_remark'))}"


def _let_in(deed: Deed, _names: Names) -> str:
    return f"added the user as {str(deed.new('role')).replace('_', ' ')}"


def _let_go(deed: Deed, _names: Names) -> str:
    calls = f" · {deed.others} open call{'s' * (deed.others != 1)} pending again" if deed.others else ""
    return f"deactivated the user{calls}"


def _undid_assignment(deed: Deed, names: Names) -> str:
    before, after = deed.old("assigned_to_id"), deed.new("assigned_to_id")
    if before is None:
        return f"undid the change of the instructions{_quoted(deed.new('instructions'))}"
    again = f": {names.person(after)} has it again" if after else ""
    return f"undid the assignment to {names.person(before)}{again}"


def _assigned_again(deed: Deed, names: Names) -> str:
    return f"gave it back to {names.person(deed.new('assigned_to_id'))}"


def _given_back(deed: Deed, names: Names) -> str:
    return f"undid the deactivation of {names.person(deed.new('assigned_to_id'))}, who has it again"


def _let_go_again(deed: Deed, names: Names) -> str:
    return _let_go(deed, names).replace("deactivated the user", "undid the reactivation")


def _let_in_again(deed: Deed, _names: Names) -> str:
    calls = f" · {deed.others} open call{'s' * (deed.others != 1)} theirs again" if deed.others else ""
    return f"undid the deactivation{calls}"


def _renamed(deed: Deed, _names: Names) -> str:
    return f"renamed it from “{deed.old('name')}” to “{deed.new('name')}”"


def _just(words: str, quote: str = "") -> Callable[[Deed, Names], str]:
    return lambda deed, _names: words + (_quoted(deed.new(quote)) if quote else "")


_TELLINGS: dict[tuple[str, str], Callable[[Deed, Names], str]] = (
    {
        ("call", "create call"): _logged,
        ("call", "assign call"): _assigned,
        ("call", "reassign call"): _assigned,
        ("call", "unassign call"): _taken_back,
        ("call", "start call"): _just("started the visit"),
        ("call", "complete call"): _just("completed it", "completion_remark"),
        ("call", "cancel call"): _just("cancelled it", "cancel_reason"),
        ("call", "reopen call"): _just("reopened it", "reopen_reason"),
        ("call", "deactivate user"): _returned,
        ("carry_in", "receive carry-in"): _just("received it"),
        ("carry_in", "take carry-in to the bench"): _to_bench,
        ("carry_in", "complete carry-in"): _mended,
        ("carry_in", "deliver carry-in"): _delivered,
        ("carry_in", "return carry-in to the bench"): _just("took it back to the bench", "return_reason"),
        ("customer", "create customer"): _just("added the customer"),
        ("user", "create user"): _let_in,
        ("user", "set password"): _just("set a new password"),
        ("user", "turn on second factor"): _just("turned on two-step sign-in"),
        ("user", "turn off second factor"): _just("turned off two-step sign-in"),
        ("user", "reset second factor"): _just("reset two-step sign-in"),
        ("user", "deactivate user"): _let_go,
        ("user", "reactivate user"): _just("reactivated the user"),
    }
    | {
        ("webhook", "create webhook"): _just("added the webhook"),
        ("webhook", "pause webhook"): _just("paused the webhook"),
        ("webhook", "resume webhook"): _just("resumed the webhook"),
        ("webhook", "switch off webhook"): _just("switched off the webhook", "switched_off_why"),
        ("webhook", "renew secret of webhook"): _just("made a new secret for the webhook"),
        ("webhook", "remove webhook"): _just("removed the webhook"),
    }
    | {
        ("category", f"{verb} {kind}"): telling
        for kind in ("call category", "carry-in category")
        for verb, telling in {
            "create": _just("added the category"),
            "edit": _renamed,
            "archive": _just("archived the category"),
            "restore": _just("restored the category"),
        }.items()
    }
)
_TELLINGS |= {
    ("category", f"reorder {kind}"): _just("reordered the categories")
    for kind in ("call categories", "carry-in categories")
}
_TELLINGS |= {
    ("call", "undo assign call"): _undid_assignment,
    ("call", "undo reassign call"): _undid_assignment,
    ("call", "undo unassign call"): _assigned_again,
    ("call", "undo start call"): _just("undid the start of the visit"),
    ("call", "undo complete call"): _just("undid the completion"),
    ("call", "undo cancel call"): _just("undid the cancellation"),
    ("call", "undo reopen completed call"): _just("undid the reopening: it is completed"),
    ("call", "undo reopen cancelled call"): _just("undid the reopening: it is cancelled"),
    ("call", "undo deactivate user"): _given_back,
    ("call", "undo reactivate user"): _returned,
    ("carry_in", "undo take carry-in to the bench"): _just("undid taking it to the bench"),
    ("carry_in", "undo complete carry-in"): _just("undid the completion"),
    ("carry_in", "undo deliver carry-in"): _just("undid the delivery"),
    ("carry_in", "undo return carry-in to the bench"): _just("undid the return to the bench"),
    ("user", "undo deactivate user"): _let_in_again,
    ("user", "undo reactivate user"): _let_go_again,
} | {
    ("category", f"undo {verb} {kind}"): _just(f"undid {noun} the category")
    for kind in ("call category", "carry-in category")
    for verb, noun in {"archive": "archiving", "restore": "restoring"}.items()
}
