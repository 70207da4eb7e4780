"""The audit fails for what is found, and never calls unasked packages safe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..audit import judge

FINE = {"name": "starlette", "version": "1.10.0", "vulns": []}
BAD = {"name": "jinja2", "version": "3.1.6", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.7"]}]}
UNKNOWN = {"name": "reflex", "skip_reason": "Dependency not found on PyPI and could not be audited"}
REFUSED = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded"


def judged(*packages: dict[str, Any], err: str = "") -> tuple[int, str]:
    said: list[str] = []
    code = judge(
        json.dumps({"dependencies": packages, "fixes": []}) if packages or not err else "", err, said.append
    )
    return code, "\n".join(said)


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ((FINE,), 0, "audited: 1 packages, none"),
        ((FINE, BAD), 1, "jinja2 3.1.6: PYSEC-1, fixed in 3.1.7"),
        ((UNKNOWN, BAD), 1, "not audited: 1 of 2 packages"),
        ((FINE, UNKNOWN), 0, "not audited: 1 of 2 packages, which PyPI did not know here: reflex."),
        ((), 1, ""),
    ],
)
def test_what_is_found_fails_and_what_was_not_asked_is_named(
    packages: tuple[dict[str, Any], ...], code: int, said: str
) -> None:
    ended, told = judged(*packages)
    assert ended == code
    assert said in told


def test_packages_that_nobody_could_be_asked_about_are_not_called_safe() -> None:
    ended, told = judged(*[UNKNOWN] * 20)
    assert ended == 0
    assert told.startswith("not audited: 20 of 20 packages")
    assert told.endswith("and 12 more.")
    assert "none of them" not in told


def test_without_a_network_it_says_so_and_goes_on() -> None:
    assert judged(err=REFUSED) == (0, f"not audited: PyPI can't be reached ({REFUSED}).")


def test_an_audit_that_is_broken_itself_fails() -> None:
    ended, told = judged(err="ERROR:pip_audit._cli:requirement is not pinned")
    assert ended == 1
    assert "not pinned" in told
