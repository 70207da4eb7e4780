"""Finds the Chromium for the browser tests: the system's, else the one Playwright installed."""

import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of an executable Chromium, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        return path if Path(path).exists() else None


if __name__ == "__main__":
    found = find()
    print(found or "No Chromium found.")
    sys.exit(0 if found else 1)
