"""The newest rows of a list that are older than one of them: bounded as the pages of the same list are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from ..store.session import DeskSession
from . import pages
from .listing import Listing
from .pages import Way, quoted_row, way_to_find


def ids_before(session: DeskSession, listing: Listing, before: int | None, limit: int) -> list[int]:
    """At most `limit` ids, newest first, for a listing whose order is that. Up to four statements for a search."""
    found = _searched(session, listing, before, limit) if listing.sought else None
    if found is None:
        way = Way(listing, by_words=bool(listing.sought), walks=bool(listing.sought))
        newest = _older(way, before).order_by(way.key.desc()).limit(limit)
        found = session.execute(newest).scalars().all()
    quoted = _quoted(session, listing, before)
    return sorted({*found, *quoted}, reverse=True)[:limit]


def _searched(session: DeskSession, listing: Listing, before: int | None, limit: int) -> Sequence[int] | None:
    """What a search finds among few; None when there is so much that the next ones are soon met."""
    way, most = way_to_find(session, listing)
    if not way.by_words or most != pages.MOST_FOUND:
        # Materialized, so that no planner walks everything in the hope of soon meeting the few rows there are.
        few = _older(way, before).cte("few").prefix_with("MATERIALIZED")
        return session.execute(select(few.c.id).order_by(few.c.id.desc()).limit(limit)).scalars().all()
    found = session.execute(way.select(way.key).limit(most + 1)).scalars().all()
    return None if len(found) > most else [each for each in found if before is None or each < before]


def _older(way: Way, before: int | None) -> Select[Any]:
    rows = way.select(way.key.label("id"))
    return rows if before is None else rows.where(way.key < before)


def _quoted(session: DeskSession, listing: Listing, before: int | None) -> Sequence[int]:
    """The row whose number was looked for, which is wanted in whichever tab it is."""
    if listing.quoted is None or (before is not None and listing.quoted >= before):
        return ()
    return session.execute(quoted_row(listing, listing.key)).scalars().all()
