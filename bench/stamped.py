"""`python -m service_desk …`, with the moment of every commit written down.

One line each: `seq`, nanoseconds since 1970, nanoseconds of the machine's monotonic clock, the calls that it touched.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TextIO

from service_desk.commands import cli
from service_desk.domain.journal import News
from service_desk.store.change import on_news

COMMITS = "BENCH_COMMITS"


def main() -> None:
    """The listener is the first to hear of a commit, in the thread that made it, before the hub does."""
    with Path(os.environ[COMMITS]).open("a", buffering=1) as commits:
        on_news(lambda news: _note(commits, news))
        cli()


def _note(commits: TextIO, news: News) -> None:
    since_1970, monotonic = time.time_ns(), time.monotonic_ns()
    calls = [str(touched.row_id) for touched in news.touched if touched.entity == "call"]
    print(news.seq, since_1970, monotonic, *calls, file=commits)


if __name__ == "__main__":
    main()
