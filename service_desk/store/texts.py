"""The texts that a search looks through. The database keeps them beside the rows by itself.

For each kind of row there are a view `<kind>_words`, which says what its texts are, and a table `<kind>_text`, which
is indexed by every three characters: an FTS5 table on SQLite, a table with a trigram index on PostgreSQL. Triggers keep
it true whoever writes. A migration that rebuilds `call`, `carry_in` or `customer` has to make them anew.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text

KINDS = ("call", "carry_in", "customer")
FUNCTIONS = tuple(f"{kind}_text_keep" for kind in KINDS)

PHONE_DIGITS = {ord("0") + digit: chr(0x0660 + digit) for digit in range(10)}
"""The digits of phones as SQLite's index has them: most phones begin alike, and no word shall be looked for in them."""


def _table(name: str, key: str) -> Table:
    # Not among the models: some are views, and on SQLite the others are no ordinary tables.
    return Table(
        name,
        MetaData(),
        Column(key, Integer, primary_key=True, key="id"),
        Column("words", Text, nullable=False),
        Column("phone", Text, nullable=False),
    )


ON_SQLITE = {kind: _table(f"{kind}_text", "rowid") for kind in KINDS}
ON_POSTGRESQL = {kind: _table(f"{kind}_text", "id") for kind in KINDS}
VIEWS = {kind: _table(f"{kind}_words", "id") for kind in KINDS}
"""`words` are the row's texts on one line, with a blank before, between and after them; `phone` ends with a blank."""


def keeps_texts(table: str) -> bool:
    """Whether a table of the database is one of these, or one that SQLite makes for them."""
    return any(table == f"{kind}_text" or table.startswith(f"{kind}_text_") for kind in KINDS)


def pattern(word: str) -> str:
    """What stands in the row's texts if they hold the word: one of a letter or two at the beginning of a word.

    The indexes know nothing shorter than three characters, so a short word has its blanks with it.
    """
    return f"{' ' if len(word) < 3 else ''}{word}{' ' if len(word) < 2 else ''}"


def fold(text: str) -> str:
    """The text without its case, character by character, as SQLite's index has it."""
    if text.isascii() or not _strange().search(text):
        return text.lower()
    return "".join(map(_fold_one, text))


def _fold_one(character: str) -> str:
    forms = (character.casefold(), character.lower(), character)
    return next(form for form in forms if len(form) == 1)


@lru_cache(maxsize=1)
def _strange() -> re.Pattern[str]:
    """The characters that Python puts in lower case in another way, or in more than one."""
    known = map(chr, range(0x80, 0x20000))
    return re.compile(f"[Σ{''.join(each for each in known if each.lower() != _fold_one(each))}]")


def holds(text: str, sought: str) -> bool:
    """SQLite's `desk_holds`. Its own LIKE knows the case of ASCII alone."""
    return fold(sought) in fold(text)


def teach_sqlite(connection: Any) -> None:
    """Give a connection of SQLite the function that looks into texts."""
    connection.create_function("desk_holds", 2, holds, deterministic=True)
