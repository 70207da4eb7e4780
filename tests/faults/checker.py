"""The one judge of every rehearsal. It knows nothing of the run: only the database, what was acknowledged, and what
people have on their screens.
"""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlmodel import col, select

from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.commands import Command
from service_desk.domain.errors import DeskError
from service_desk.domain.journal import JournalEntry, Touch
from service_desk.domain.users import User
from service_desk.live import questions as ask
from service_desk.live.views import Question, view_of
from service_desk.queries.activity import ActivityQuestion
from service_desk.queries.answer import Answer
from service_desk.queries.calls import CallsQuestion
from service_desk.queries.carry_ins import CarryInsQuestion
from service_desk.queries.customers import CustomersQuestion
from service_desk.queries.users import colleagues
from service_desk.store.database import connect, current
from service_desk.store.invariants import check_database

WITHOUT = {"mark", "online", "last_seen_at", "last_used_at"}
"""What a row on a screen has that no question of the database answers, or only within a minute."""


@dataclass(frozen=True)
class Acknowledged:
    """One change that somebody was told is saved.

    `field` and `value`, where given, are what it wrote; a value that only this change wrote shows whether it was
    carried out once. `key` is the command's idempotency key, if it had one; `record` is 0 where it was not told.
    """

    verb: str
    entity: str
    record: int = 0
    field: str = ""
    value: Any = None
    key: str = ""


@dataclass(frozen=True)
class Screen:
    """What one tab of `actor` shows of `path`: for each slot's short name, what the browser merged so far."""

    actor: Actor
    path: str
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)


def expect_sound(url: str, acknowledged: Iterable[Acknowledged] = (), screens: Sequence[Screen] = ()) -> None:
    """Fail with every violation: of the database, of what was acknowledged, of what is on the screens now."""
    found = violations(url, acknowledged, screens)
    assert not found, "\n".join(found)


def expect_screens(url: str, screens: Callable[[], Sequence[Screen]], *, seconds: float) -> float:
    """Wait until every screen equals a fresh query; returns after how many seconds that was so."""
    start = time.monotonic()
    while wrong := screens_off(url, screens()):
        assert time.monotonic() - start < seconds, wrong[:5]
        time.sleep(0.05)
    return time.monotonic() - start


def violations(
    url: str, acknowledged: Iterable[Acknowledged] = (), screens: Sequence[Screen] = ()
) -> list[str]:
    broken = [f"{each.invariant}: {each.violations}" for each in check_database(url) if not each.holds]
    return [*broken, *acknowledged_off(url, acknowledged), *screens_off(url, screens)]


def acknowledged_off(url: str, acknowledged: Iterable[Acknowledged]) -> list[str]:
    """Acknowledged changes that are not stored, or stored more than once."""
    wanted = set(acknowledged)
    if not wanted:
        return []
    sought = {each.value for each in wanted if each.field}
    seen: Tally[tuple[str, str, int]] = Tally()
    wrote: Tally[tuple[str, str, int, str, Any]] = Tally()
    _open(url)
    with current().reading() as session:
        joined = select(JournalEntry.verb, Touch).join(Touch, col(Touch.seq) == col(JournalEntry.seq))
        for verb, touch in session.exec(joined.execution_options(yield_per=2_000)):
            for record in {touch.row_id, 0}:
                seen[verb, touch.entity, record] += 1
                for name, (_, new) in touch.changed.items():
                    if isinstance(new, str | int) and new in sought:
                        wrote[verb, touch.entity, record, name, new] += 1
        keys = Tally(session.exec(select(Command.key)))
    return [
        *(f"not stored: {each}" for each in wanted if not seen[each.verb, each.entity, each.record]),
        *(
            f"stored {times} times: {each}"
            for each in wanted
            if each.field
            and (times := wrote[each.verb, each.entity, each.record, each.field, each.value]) != 1
        ),
        *(f"{keys[each.key]} commands: {each}" for each in wanted if each.key and keys[each.key] != 1),
    ]


def screens_off(url: str, screens: Sequence[Screen]) -> list[str]:
    """How the screens differ from a fresh query with the rights that their people have now."""
    if not screens:
        return []
    _open(url)
    answers: dict[tuple[Any, str, Question], Answer | str] = {}
    people = _people()
    return [
        f"{screen.actor.name} on {screen.path}, {slot}: {difference}"
        for screen in screens
        for slot, question in questions_of(people[screen.actor.id], screen.path).items()
        if (
            difference := _difference(
                screen.slots.get(slot, {}), _fresh(people[screen.actor.id], slot, question, answers)
            )
        )
    ]


def questions_of(actor: Actor, path: str) -> dict[str, Question]:
    """Slot → what a page at this address asks for this person."""
    address = urlsplit(path)
    place, _, last = address.path.strip("/").partition("/")
    params = dict(parse_qsl(address.query))
    number = int(last) if last.isdigit() else 0
    return {
        "me": ask.Profile(actor.id),
        "people": Everybody(),
        "call_count": ask.CallCounts(),
        "my_calls": ask.MyCallCount(actor.id),
        "carry_in_count": ask.CarryInCounts(),
        "call_categories": ask.Categories(CategoryKind.CALL),
        "carry_in_categories": ask.Categories(CategoryKind.CARRY_IN),
        **(_of_record(place, number) if number else _of_list(actor, place, params)),
    }


@dataclass(frozen=True)
class Everybody:
    """All colleagues, without who is online."""


def _of_record(place: str, number: int) -> dict[str, Question]:
    slot, entity, question = {
        "calls": ("the_call", "call", ask.OneCall(number)),
        "carry-ins": ("the_carry_in", "carry_in", ask.OneCarryIn(number)),
        "customers": ("the_customer", "customer", ask.OneCustomer(number)),
    }[place]
    return {slot: question, "past": ask.History(entity, number)}


def _of_list(actor: Actor, place: str, params: dict[str, str]) -> dict[str, Question]:
    if place == "carry-ins":
        question = CarryInsQuestion.from_params(actor, params)
        return {"carry_in_list": question, "my_carry_ins": ask.MyCarryInCount(actor.id)}
    asked: dict[str, dict[str, Callable[[], Question]]] = {
        "calls": {"call_list": lambda: CallsQuestion.from_params(actor, params)},
        "customers": {"customer_list": lambda: CustomersQuestion.from_params(actor, params)},
        "activity": {"feed": lambda: ActivityQuestion.from_params(actor, params)},
        "users": {"user_rows": ask.UserList},
    }
    return {slot: make() for slot, make in asked.get(place, {}).items()}


def _fresh(actor: Actor, slot: str, question: Question, known: dict[Any, Answer | str]) -> Answer | str:
    """The answer, or the sentence of its refusal; read once for all who would get the same one."""
    shared = (actor.scope, slot, question)
    if shared not in known:
        ask.register_views()
        try:
            read = (
                colleagues(actor)
                if isinstance(question, Everybody)
                else view_of(question).read(actor, question)
            )
            known[shared] = read
        except DeskError as refusal:
            known[shared] = refusal.sentence
    return known[shared]


def _difference(shown: dict[str, Any], fresh: Answer | str) -> str:
    if isinstance(fresh, str):
        refused = (shown.get("extra") or {}).get("refused")
        return "" if not shown.get("order") and refused else f"shows what is refused: {shown.get('order')}"
    if shown.get("order") is None:
        return "nothing is there yet"
    if list(shown["order"]) != list(fresh.order):
        return f"the order is {shown['order'][:8]}, not {list(fresh.order)[:8]}"
    for key, row in fresh.rows.items():
        there, wanted = _told(shown.get(f"row_{key}") or {}), _told(row)
        if there != wanted:
            off = {
                name: (there.get(name), wanted[name]) for name in wanted if there.get(name) != wanted[name]
            }
            return f"row {key} differs: {off}"
    extra = {name: value for name, value in (shown.get("extra") or {}).items() if name not in WITHOUT}
    return "" if extra == fresh.extra else f"beside the rows: {extra}, not {fresh.extra}"


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in WITHOUT}


def _people() -> dict[int, Actor]:
    with current().reading() as session:
        return {user.key: Actor(user.key, user.role, user.full_name) for user in session.exec(select(User))}


def _open(url: str) -> None:
    """Make it the current database, unless it is."""
    try:
        if current().url.render_as_string(hide_password=False) == url:
            return
    except DeskError:
        pass
    connect(url)
