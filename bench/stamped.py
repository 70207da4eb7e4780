"""`python -m service_desk …`, with the moment of every commit written down: one line of `seq nanoseconds` each."""

from __future__ import annotations

import os
import time
from pathlib import Path

from service_desk.commands import cli
from service_desk.store.change import on_news

COMMITS = "BENCH_COMMITS"


def main() -> None:
    """The listener is the first to hear of a commit, in the thread that made it, before the hub does."""
    with Path(os.environ[COMMITS]).open("a", buffering=1) as commits:
        on_news(lambda news: print(news.seq, time.time_ns(), file=commits))
        cli()


if __name__ == "__main__":
    main()
