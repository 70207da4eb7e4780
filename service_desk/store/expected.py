"""The versions of a record on which a command is based: when it has another one by now, nothing is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ..domain.errors import Outdated

OUTDATED = "Somebody changed this since it was read. Nothing was done; read it again."


@dataclass(frozen=True, slots=True)
class Expected:
    """The record by its `__entity__` and id, and the versions that are as good as each other."""

    entity: str
    row_id: int
    versions: frozenset[int]

    def check(self, version: int | None) -> None:
        """Raises Outdated when the record has another version; None stands for one that nothing changes."""
        if version is not None and version not in self.versions:
            raise Outdated(OUTDATED)


_expected: ContextVar[Expected | None] = ContextVar("expected", default=None)


@contextmanager
def expecting(expected: Expected) -> Iterator[None]:
    """Changes made inside the block are refused unless they begin from one of these versions."""
    token = _expected.set(expected)
    try:
        yield
    finally:
        _expected.reset(token)


def heed_expected(versions: Mapping[tuple[str, int], int]) -> None:
    """Raises Outdated when a record of the change was not what was expected. `versions` are those before it."""
    if expected := _expected.get():
        expected.check(versions.get((expected.entity, expected.row_id)))
