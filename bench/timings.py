"""What is measured, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

PAUSE_SECONDS = 0.03
"""Between two changes, so that each travels alone."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of each change: from its commit, and from the sending of its event, to the other page's DOM.

    `rendered` has how many row components the other browser rendered for each of its renderings.
    """

    from_commit: list[float]
    from_click: list[float]
    rendered: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls, sent: dict[int, int], committed: list[int], seen: dict[int, float], rendered: list[int]
    ) -> Timings:
        """From nanoseconds (sent, committed, in the same order) and milliseconds (seen), all since 1970."""
        if len(committed) != len(sent):
            raise RuntimeError(f"{len(sent)} changes made {len(committed)} commits")
        numbers = sorted(sent)
        at = dict(zip(numbers, committed, strict=True))
        return cls(
            [seen[number] - at[number] / 1e6 for number in numbers],
            [seen[number] - sent[number] / 1e6 for number in numbers],
            rendered,
        )


@dataclass
class Frames:
    """The frames that a browser received and that carry changes of the list of calls."""

    sizes: list[int] = field(default_factory=list)

    def take(self, frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode()
        if "Change " in text and "call_list" in text:
            self.sizes.append(len(text.encode()))
            self.last = text

    last: str = ""


def in_short(times: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return median(times), sorted(times)[int(len(times) * 0.95)]
