"""A desk with years of work in it is migrated, and back, and again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from service_desk.store import migrate

from ..figures import Figure
from ..stores import new_database
from . import checker
from .big_desk import checksums, columns, fill
from .scale import scaled


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_there_and_back_and_there_again_changes_no_row(
    kind: str, tmp_path: Path, figure: Figure
) -> None:
    calls = scaled(2_000, 200_000)
    with new_database(kind, tmp_path) as url:
        migrate.upgrade(url, "0001")
        fill(url, calls)
        told = columns(url)
        assert {"call", "touch", "journal_entry", "customer", "user"} <= told.keys()
        before = checksums(url, told)
        start, differing = time.monotonic(), 0
        for step, revision in (
            (migrate.upgrade, "head"),
            (migrate.downgrade, "0001"),
            (migrate.upgrade, "head"),
        ):
            step(url, revision)
            after = checksums(url, told)
            differing += sum(after[table] != before[table] for table in before)
        took = time.monotonic() - start
        figure("migration on a full database: calls", calls)
        figure("migration on a full database: tables whose checksum differs", differing)
        figure("migration on a full database: up, down and up, with checksums", took, "s")
        assert differing == 0
        checker.expect_sound(url)
