"""What happened at a large desk: rows in the order in which the journal tells of them."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from service_desk.domain.calls import Priority
from service_desk.domain.record import Record
from service_desk.store.migrate import metadata
from service_desk.store.touches import SECRET, UNTOLD

YEARS = timedelta(days=3 * 365)
PRIORITIES = {rank.value: rank.word for rank in Priority}

Row = dict[str, Any]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode

metadata()
KINDS = {kind.__entity__: kind for kind in Record.__subclasses__()}
COLUMNS = {name: list(kind.__table__.columns.keys()) for name, kind in KINDS.items()}  # type: ignore[attr-defined]
COLUMNS |= {
    "journal_entry": ["seq", "at", "actor_id", "verb"],
    "touch": ["id", "seq", "entity", "row_id", "changed", "facts"],
}


class Story:
    """Collects rows by table until they are taken. Times are text in UTC, as SQLite keeps them."""

    def __init__(self, seed: int, entries: int) -> None:
        """`entries` is about how many the journal will have: they are spread over the last YEARS."""
        self.rng = Random(seed)  # noqa: S311
        self.seq = 0
        self.rows: dict[str, list[Row | tuple[Any, ...]]] = defaultdict(list)
        self._end = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        self._begin, self._step = self._end - YEARS, YEARS / max(1, entries)

    @property
    def moment(self) -> datetime:
        return min(self._begin + self._step * self.seq, self._end).replace(microsecond=0)

    @property
    def at(self) -> str:
        return stored(self.moment)

    def new(self, verb: str, entity: str, number: int, by: int | None, **fields: Any) -> Row:
        """A new record, which may go on to be changed before its row is taken."""
        self.seq += 1
        at = self.at
        row: Row = dict.fromkeys(COLUMNS[entity])
        row.update(id=number, version=1, created_at=at, updated_at=at, created_by_id=by, **fields)
        told = {name: [None, _told(name, value)] for name, value in fields.items() if value is not None}
        self._tell(verb, entity, by, row, told)
        self.rows[entity].append(row)
        return row

    def change(self, verb: str, entity: str, by: int | None, row: Row, **changes: Any) -> None:
        """One more change of a row."""
        self.seq += 1
        told = {name: [_told(name, row[name]), _told(name, value)] for name, value in changes.items()}
        row.update(changes, version=row["version"] + 1, updated_at=self.at)
        self._tell(verb, entity, by, row, told)

    def _tell(self, verb: str, entity: str, by: int | None, row: Row, told: dict[str, Any]) -> None:
        kind = KINDS[entity]
        for secret in kind.__secret__ & told.keys():
            told[secret] = [SECRET, f"{SECRET} "]
        for field in UNTOLD & told.keys():
            del told[field]
        facts = _encode({fact: _told(fact, row[fact]) for fact in kind.__facts__})
        self.rows["journal_entry"].append((self.seq, self.at, by, verb))
        self.rows["touch"].append((self.seq, self.seq, entity, row["id"], _encode(told), facts))


def stored(at: datetime) -> str:
    return f"{at.isoformat(' ')}.000000"


def _told(field: str, value: Any) -> Any:
    """The value as the journal writes it."""
    if field == "priority":
        return PRIORITIES[value]
    if value is not None and field.endswith("_at"):
        return f"{value[:10]}T{value[11:19]}+00:00"
    return value
