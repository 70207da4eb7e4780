"""The desk of a later version: it has one state more than the pages of the present one know.

Where SERVICE_DESK_TEST_NEWER names a file, it is the present version until that file is there.

`python -m tests.newer_desk schema` tells what pages of that version name as their own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import reflex as rx

from service_desk.commands import cli

if "SERVICE_DESK_TEST_NEWER" not in os.environ or Path(os.environ["SERVICE_DESK_TEST_NEWER"]).exists():

    class Later(rx.State):
        """What the present version lacks."""

        word: str = ""


def show_schema() -> None:
    from service_desk.service_desk import app

    assert app._state is not None
    print(app._state._to_frontend_schema())


if __name__ == "__main__":
    show_schema() if sys.argv[1:] == ["schema"] else cli()
