"""Search: a number, a phone in any spelling, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, func, literal_column, or_

from ..config import settings
from ..domain.ids import as_id
from ..domain.phones import find_phone
from ..store.database import current
from ..store.texts import ON_POSTGRESQL, ON_SQLITE, PHONE_DIGITS, VIEWS, pattern

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: rows that hold all `words` or have one of `phones` in their number.

    `row_id` is the one whose number they quote: C-12, c12 or 12.
    """

    words: tuple[str, ...]
    phones: tuple[str, ...]
    row_id: int | None

    @classmethod
    def of(cls, search: str, letter: str = "") -> Sought | None:
        """None when nothing is looked for. `letter` begins the numbers that people quote."""
        if not search:
            return None
        whole = find_phone(search, settings().phone_region)
        digits = re.sub(r"\D", "", search, flags=re.ASCII).lstrip("0")
        phones = [digits] if len(digits) >= 4 and re.fullmatch(r"[\d\s()+./-]+", search) else []
        if whole is not None and not any(part in whole for part in phones):
            # A phone's text ends with a blank, and a whole number begins with its +.
            phones.append(f"{whole} ")
        words = tuple(pattern(word) for word in search.split()[:MOST_WORDS])
        return cls(words, tuple(phones), quoted_id(search, letter))

    def in_texts(self, kind: str) -> ColumnElement[bool]:
        """The condition on a row of `texts_of(kind)`, served by its index."""
        texts = texts_of(kind)
        if current().is_sqlite:
            return literal_column(texts.name).op("MATCH", is_comparison=True)(self._in_words_of_fts5())
        words = [texts.c.words.like(func.lower(_like(word))) for word in self.words]
        return or_(and_(*words), *(texts.c.phone.like(_like(phone)) for phone in self.phones))

    def in_view(self, kind: str) -> ColumnElement[bool]:
        """The same on a row of `VIEWS`, without any index: for SQLite, where the rows to look at are few."""
        view = VIEWS[kind]
        words = [
            view.c.words.like(_like(word), escape="\\")
            if word.isascii()
            else func.desk_holds(view.c.words, word) == 1
            for word in self.words
        ]
        phones = (phone.translate(PHONE_DIGITS) for phone in self.phones)
        return or_(and_(*words), *(view.c.phone.like(_like(phone)) for phone in phones))

    def _in_words_of_fts5(self) -> str:
        words = " AND ".join(_quoted(word) for word in self.words)
        phones = (f"(phone : {_quoted(each.translate(PHONE_DIGITS))})" for each in self.phones)
        return " OR ".join((f"(words : ({words}))", *phones))


def texts_of(kind: str) -> Table:
    """What is searched of "call", "carry_in" or "customer": a table of {id, words, phone}."""
    return (ON_SQLITE if current().is_sqlite else ON_POSTGRESQL)[kind]


def quoted_id(search: str, letter: str) -> int | None:
    """The id behind a number that somebody quotes: C-12, c12 or 12; None when it is something else."""
    quoted = (
        re.fullmatch(rf"(?:{letter}\s?-?\s?)?(\d+)", search, re.IGNORECASE | re.ASCII) if letter else None
    )
    return as_id(quoted[1].lstrip("0")) if quoted else None


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _like(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"
