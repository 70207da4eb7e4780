"""A table under a second name means the same in every thread, also the first time that several use it at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from service_desk.domain.calls import Call
from service_desk.domain.users import User
from service_desk.store.aliases import alias_of

THREADS = 8
ALIASES = 100
WANTED = """SELECT call.id, user_1.full_name
FROM call LEFT OUTER JOIN "user" AS user_1 ON user_1.id = call.assigned_to_id"""


@pytest.fixture
def quick_turns() -> Iterator[None]:
    """Threads take turns so often that each is interrupted in whatever it does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_words(alias: type[User]) -> str:
    record = select(Call.id, col(alias.full_name))
    joined = str(record.outerjoin(alias, col(alias.id) == col(Call.assigned_to_id)))
    return "\n".join(line.strip() for line in joined.splitlines())


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_threads_that_use_an_alias_first_at_the_same_moment_all_mean_its_columns(quick_turns: None) -> None:
    said: list[str] = []
    for _ in range(ALIASES):
        alias, start = alias_of(User), threading.Barrier(THREADS)

        def use(alias: type[User] = alias, start: threading.Barrier = start) -> None:
            start.wait()
            said.append(in_words(alias))

        threads = [threading.Thread(target=use) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(said) == ALIASES * THREADS
    assert set(said) == {WANTED}
