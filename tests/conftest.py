"""Marks tests by their folder, and lets nothing be skipped where everything must be there."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KINDS = ("unit", "integration", "browser", "load")
NOTHING_MAY_BE_MISSING = os.environ.get("SERVICE_DESK_TEST_REQUIRE_ALL") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in tests/browser is a browser test."""
    for item in items:
        kind = item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""
        if kind in KINDS:
            item.add_marker(kind)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure when SERVICE_DESK_TEST_REQUIRE_ALL=1."""
    report = yield
    if NOTHING_MAY_BE_MISSING and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but nothing may be skipped here: {report.longrepr}"
    return report
