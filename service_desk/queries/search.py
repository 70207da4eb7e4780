"""Search: a number, a phone in any spelling, or words."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from ..config import settings
from ..domain.ids import as_id
from ..domain.phones import find_phone

MOST_WORDS = 8


def found_by(
    search: str, *, phone: Any, texts: list[Any], letter: str = "", number: Any = None
) -> ColumnElement[bool]:
    """The condition that a row is what somebody looks for.

    `letter` and the column `number` make up what people quote: C-12, c12 or 12. All words must be in texts.
    """
    ways: list[ColumnElement[bool]] = [
        and_(*(or_(*(_holds(text, word) for text in texts)) for word in search.split()[:MOST_WORDS]))
    ]
    row_id = quoted_id(search, letter)
    if row_id is not None:
        ways.append(number == row_id)
    whole = find_phone(search, settings().phone_region)
    if whole is not None:
        ways.append(phone == whole)
    digits = re.sub(r"\D", "", search, flags=re.ASCII).lstrip("0")
    if len(digits) >= 4 and re.fullmatch(r"[\d\s()+./-]+", search):
        ways.append(phone.contains(digits, autoescape=True))
    return or_(*ways)


def quoted_id(search: str, letter: str) -> int | None:
    """The id behind a number that somebody quotes: C-12, c12 or 12; None when it is something else."""
    quoted = (
        re.fullmatch(rf"(?:{letter}\s?-?\s?)?(\d+)", search, re.IGNORECASE | re.ASCII) if letter else None
    )
    return as_id(quoted[1].lstrip("0")) if quoted else None


def _holds(text: Any, word: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII alone; the usual spellings stand in for the rest.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(text.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))
