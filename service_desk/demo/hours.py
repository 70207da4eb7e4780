"""When people are at work, seen from the present moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

OPENS, CLOSES = time(8), time(17, 30)
MONTHS = timedelta(days=91)
SHIFT = timedelta(hours=6)
SHORTEST_SHIFT = timedelta(hours=3)


class Hours:
    """Weekdays from eight to half past five in the zone of this machine, and the shift that goes on now.

    That shift ends at the present moment whatever the clock says, so that a demo started on a Sunday night
    shows people at work too.
    """

    def __init__(self, present: datetime, rng: Random) -> None:
        self.present = present
        self._rng = rng
        self._zone = present.astimezone().tzinfo
        self.today = self._start_of_shift()
        """When the present shift began."""
        self.begin = self.opening(present - MONTHS)

    def _start_of_shift(self) -> datetime:
        local = self.present.astimezone(self._zone)
        opened = datetime.combine(local.date(), OPENS, self._zone)
        is_usual = local.weekday() < 5 and local - opened >= SHORTEST_SHIFT and local.time() <= CLOSES
        return max(opened, local - SHIFT) if is_usual else local - SHIFT

    def opening(self, at: datetime) -> datetime:
        """The moment itself when people are at work then, else soon after work begins again."""
        while at < self.today and not self._is_open(at):
            local = at.astimezone(self._zone)
            day = local.date() + timedelta(days=local.time() >= OPENS)
            at = datetime.combine(day, OPENS, self._zone) + timedelta(minutes=self._rng.uniform(1, 120))
            if at >= self.today:
                return self.today + timedelta(minutes=self._rng.uniform(1, 20))
        return at

    def _is_open(self, at: datetime) -> bool:
        local = at.astimezone(self._zone)
        return local.weekday() < 5 and OPENS <= local.time() < CLOSES

    def later(self, at: datetime, least: float, most: float) -> datetime:
        """Between so many minutes later, people being at work."""
        return self.opening(at + timedelta(minutes=self._rng.uniform(least, most)))

    def sometime(self) -> datetime:
        """Any working moment since the beginning and before the present shift; mornings are busier."""
        days = (self.today - self.begin).days
        while True:
            local = (self.begin + timedelta(days=self._rng.randint(1, days))).astimezone(self._zone)
            minutes = self._rng.triangular(0, 560, 110)
            at = datetime.combine(local.date(), OPENS, self._zone) + timedelta(minutes=minutes)
            if self._is_open(at) and self.begin + timedelta(hours=2) < at < self.today:
                return at

    def days_ago(self, days: int) -> datetime:
        """A moment of the last-but-so-many working day; 1 is the last one before the present shift."""
        at = self.today - timedelta(hours=3)
        while True:
            opened = datetime.combine(at.astimezone(self._zone).date(), OPENS, self._zone)
            moment = opened + timedelta(minutes=self._rng.uniform(10, 540))
            if self._is_open(moment) and moment < self.today - timedelta(hours=1):
                days -= 1
                if not days:
                    return moment
            at -= timedelta(days=1)

    def ahead(self, days: int) -> datetime:
        """A full hour by day, so many days from now, and never on a weekend."""
        local = self.present.astimezone(self._zone) + timedelta(days=days)
        while local.weekday() > 4:
            local += timedelta(days=1)
        return datetime.combine(local.date(), time(self._rng.randint(9, 17)), self._zone)

    def lately(self, hours: float) -> datetime:
        """The last half hour before so many hours ago."""
        at = self.present - timedelta(hours=hours)
        return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)

    def soon(self, hours: float) -> datetime:
        """The next half hour after so many hours from now."""
        at = self.present + timedelta(hours=hours)
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 * -(-at.minute // 30))
