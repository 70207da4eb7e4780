"""Journal entries as rows: who did what to which record, with the names that people know them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.categories import Category
from ..domain.customers import Customer
from ..domain.journal import WIRE_NAMES, JournalEntry, Touch
from ..domain.users import User
from ..domain.webhooks import Webhook
from ..store.session import DeskSession
from .activity_text import Deed, Names, tell
from .activity_undo import Offers
from .answer import Row, iso, one_line

NOBODY = "The desk"
"""Who acted where nobody was signed in: the first admin's link and the command line."""

_LETTERS = {"call": "C", "carry_in": "S"}
_MANAGED = {
    "user": Permission.MANAGE_USERS,
    "category": Permission.MANAGE_CATEGORIES,
    "webhook": Permission.MANAGE_WEBHOOKS,
}
_TITLES = {
    "call": (Call.id, Call.problem),
    "carry_in": (CarryIn.id, CarryIn.item),
    "customer": (Customer.id, Customer.name),
    "user": (User.id, User.full_name),
    "category": (Category.id, Category.name),
    "webhook": (Webhook.id, Webhook.name),
}
NOUNS = {
    "call": ("call",),
    "carry_in": ("carry-in", "bench"),
    "customer": ("customer",),
    "user": ("user", "password"),
    "category": ("category", "categories"),
    "webhook": ("webhook",),
}
"""Entity → how a verb about it ends."""

_Ids = dict[str, set[int]]


def entry_rows(
    session: DeskSession,
    actor: Actor,
    entries: Sequence[JournalEntry],
    touches: Iterable[Touch],
    offers: Offers,
) -> list[Row]:
    """One row per entry, about the record it names. `touches` are those of them that the actor may see."""
    by_seq: dict[int, list[Touch]] = defaultdict(list)
    for touch in touches:
        by_seq[touch.seq].append(touch)
    titles = _titles(session, entries, by_seq)
    names = Names(titles["user"], titles["category"])
    return [
        _row(actor, entry, by_seq[entry.seq], titles, names)
        | {"may_undo": entry.seq in offers, "undo_until": offers.get(entry.seq)}
        for entry in entries
        if by_seq[entry.seq]
    ]


def _row(
    actor: Actor, entry: JournalEntry, touches: list[Touch], titles: dict[str, dict[int, str]], names: Names
) -> Row:
    touch = main_touch(entry.verb, touches)
    deed = Deed(entry.verb, touch.entity, touch.changed, entry.actor_id, len(touches) - 1)
    needed = _MANAGED.get(touch.entity)
    return {
        "id": entry.seq,
        "at": iso(entry.at),
        "actor_id": entry.actor_id,
        "actor": names.person(entry.actor_id) if entry.actor_id else NOBODY,
        "verb": entry.verb,
        "name": WIRE_NAMES.get(entry.verb, ""),
        "entity": touch.entity,
        "record_id": touch.row_id,
        "number": number_of(touch.entity, touch.row_id),
        "title": one_line(titles[touch.entity].get(touch.row_id, ""), 80),
        "text": tell(deed, names),
        "may_open": needed is None or actor.may(needed),
        "touches": len(touches),
    }


def number_of(entity: str, row_id: int) -> str:
    """What people quote a record by; empty for those that have no number."""
    letter = _LETTERS.get(entity)
    return f"{letter}-{row_id}" if letter else ""


def main_touch(verb: str, touches: list[Touch]) -> Touch:
    """The touch that the verb is about: the call of "create call", and not the customer who came with it."""
    return next((touch for touch in touches if verb.endswith(NOUNS[touch.entity])), touches[0])


def _titles(
    session: DeskSession, entries: Sequence[JournalEntry], by_seq: dict[int, list[Touch]]
) -> dict[str, dict[int, str]]:
    """Entity → id → what people call it, for all that the rows mention."""
    mentioned: _Ids = {entity: set() for entity in _TITLES}
    mentioned["user"] |= {entry.actor_id for entry in entries if entry.actor_id is not None}
    for touches in by_seq.values():
        for touch in touches:
            mentioned[touch.entity].add(touch.row_id)
            _note_references(touch, mentioned)
    titles: dict[str, dict[int, str]] = {}
    for entity, ids in mentioned.items():
        row_id, title = _TITLES[entity]
        found = session.exec(select(row_id, title).where(col(row_id).in_(ids))) if ids else ()
        titles[entity] = {key: words for key, words in found if key is not None}
    return titles


def _note_references(touch: Touch, mentioned: _Ids) -> None:
    for field, entity in (("assigned_to_id", "user"), ("category_id", "category")):
        mentioned[entity] |= {value for value in touch.changed.get(field, ()) if value is not None}
