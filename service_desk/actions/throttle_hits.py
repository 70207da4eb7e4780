"""Where `limits` keeps its counts: in the store, so that a restart forgives nothing."""

from __future__ import annotations

from datetime import timedelta

from limits import parse
from limits.storage import MovingWindowSupport, Storage
from sqlmodel import col, func, select

from ..domain.errors import DeskError
from ..domain.security import ThrottleHit
from ..domain.times import now
from ..store.change import housekeeping
from ..store.database import current
from ..store.session import DeskSession
from ..store.turns import take_turn

PER_ACCOUNT = parse("10/15 minutes")
"""Wrong guesses at a secret of one account, from one place."""
KEPT = timedelta(hours=1)
"""No window is longer, so an older hit counts for nothing."""
SWEPT_AT_ONCE = 20
"""How many old hits each new one takes away: more than one, so that they can't grow."""


class StoredHits(Storage, MovingWindowSupport):
    """The hits of moving windows. Blocks, so it is called off the event loop; raises Busy as the store does."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return DeskError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` hits, unless that would be more than `limit` in the last `expiry` seconds."""
        since = now() - timedelta(seconds=expiry)
        counted = select(func.count()).where(ThrottleHit.key == key, col(ThrottleHit.at) > since)
        with housekeeping() as session:
            take_turn(session, key)
            _sweep(session)
            if session.exec(counted).one() + amount > limit:
                return False
            session.add_all(ThrottleHit(key=key, at=now()) for _ in range(amount))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit of the last `expiry` seconds was, as a Unix time, and how many there were."""
        since = now() - timedelta(seconds=expiry)
        wanted = select(func.min(ThrottleHit.at), func.count())
        with current().reading() as session:
            found = session.exec(wanted.where(ThrottleHit.key == key, col(ThrottleHit.at) > since)).one()
        oldest, count = found
        return (oldest or now()).timestamp(), count

    def clear(self, key: str) -> None:
        """Forget the hits of this key. Most have none, and then nothing is written."""
        wanted = select(ThrottleHit).where(ThrottleHit.key == key)
        with current().reading() as session:
            if session.exec(wanted.limit(1)).first() is None:
                return
        with housekeeping() as session:
            # What another process deletes just now is left to it.
            for hit in session.exec(wanted.with_for_update(skip_locked=True)):
                session.delete(hit)

    def check(self) -> bool:
        """Whether the store answers."""
        try:
            with current().reading() as session:
                session.exec(select(ThrottleHit.id).limit(1)).first()
        except DeskError:
            return False
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Of fixed windows, which the desk has none of."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Of fixed windows, which the desk has none of."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Of fixed windows, which the desk has none of."""
        raise NotImplementedError

    def reset(self) -> int | None:
        """Nobody forgives everybody."""
        raise NotImplementedError


def _sweep(session: DeskSession) -> None:
    old = select(ThrottleHit).where(col(ThrottleHit.at) <= now() - KEPT).order_by(col(ThrottleHit.at))
    for hit in session.exec(old.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True)):
        session.delete(hit)
