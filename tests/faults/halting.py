"""`python -m tests.faults.halting …`: a desk that stands still right before or after its first commit of a change.

By then all is flushed, the journal too; what comes next is the commit, or the answer.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from service_desk.commands import cli
from service_desk.store.session import DeskSession

WHERE, REACHED = "HALTING_WHERE", "HALTING_REACHED"
BEFORE, AFTER = "before", "after"


def main() -> None:
    commit = DeskSession.commit

    def commit_and_stand_still(session: DeskSession) -> None:
        is_a_change = _is_a_change(session)
        if is_a_change and os.environ[WHERE] == BEFORE:
            _stand_still()
        commit(session)
        if is_a_change:
            _stand_still()

    DeskSession.commit = commit_and_stand_still  # type: ignore[method-assign]
    cli()


def _is_a_change(session: DeskSession) -> bool:
    """A sign-in that is noted as used commits too, but answers nothing."""
    return session.result is not None


def _stand_still() -> None:
    Path(os.environ[REACHED]).touch()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
