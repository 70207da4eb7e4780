"""`make audit`: asks PyPI which of the pinned packages are known to be vulnerable, and says what it could not ask."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 240
COMMAND = (
    *("-m", "pip_audit", "--requirement", str(ROOT / "requirements.txt"), "--disable-pip", "--no-deps"),
    *("--progress-spinner", "off", "--timeout", "10", "--format", "json"),
)
UNREACHABLE = (
    "connectionerror",
    "connecttimeout",
    "readtimeout",
    "could not connect",
    "max retries",
    "proxyerror",
)
MOST_NAMES = 8


def main(say: Callable[[str], None] = print) -> int:
    """The exit code: 1 when a package is vulnerable, or when the audit itself is broken."""
    try:
        run = subprocess.run(
            [sys.executable, *COMMAND], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"not audited: PyPI did not answer within {PATIENCE_SECONDS} s.")
        return 0
    return judge(run.stdout, run.stderr, say)


def judge(out: str, err: str, say: Callable[[str], None]) -> int:
    """What pip-audit said. It calls packages that it could not ask about free of vulnerabilities; we don't."""
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (err.strip().splitlines() or ["it said nothing"])[-1][:300]
        if any(word in err.lower() for word in UNREACHABLE):
            say(f"not audited: PyPI can't be reached ({last}).")
            return 0
        say(f"The audit failed: {last}")
        return 1
    for package in packages:
        for found in package.get("vulns", ()):
            fixed = ", ".join(found.get("fix_versions", ())) or "no version yet"
            say(f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}")
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped:
        left = len(skipped) - MOST_NAMES
        named = ", ".join(skipped[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")
        say(
            f"not audited: {len(skipped)} of {len(packages)} packages, which PyPI did not know here: {named}."
        )
    audited = len(packages) - len(skipped)
    bad = sum(bool(package.get("vulns")) for package in packages)
    if audited:
        say(f"audited: {audited} packages, {bad or 'none'} of them known to be vulnerable.")
    return 1 if bad or not packages else 0


if __name__ == "__main__":
    raise SystemExit(main())
