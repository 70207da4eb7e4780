"""What the settings leave in doubt, but is no reason not to start."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import make_url

from .config import PREFIX, Settings

NOT_SETTINGS = (
    "SERVICE_DESK_SKIP_BUILD",
    "SERVICE_DESK_WEB_DIR",
    "SERVICE_DESK_WORKER_",
    "SERVICE_DESK_FAULTS",
    "SERVICE_DESK_TEST_",
    "SERVICE_DESK_BENCH_",
)
"""What builds, tests and benchmarks read for themselves; a name that ends in an underscore begins others."""


def warnings(chosen: Settings, environment: Iterable[str] = os.environ) -> list[str]:
    """Sentences about what is probably not meant, but no reason not to start."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    said = []
    for name in sorted(name for name in environment if name.startswith(PREFIX) and name not in known):
        # Kubernetes sets names of its own for a service that is called service-desk, so this can't be refused.
        if not any(name == own or (own[-1] == "_" and name.startswith(own)) for own in NOT_SETTINGS):
            like = difflib.get_close_matches(name, known, 1, 0.8)
            said.append(f"{name} is no setting and does nothing{f'; is {like[0]} meant?' if like else '.'}")
    if _readable_by_all(make_url(chosen.database_url).database if "sqlite" in chosen.database_url else None):
        said.append(
            "Everybody on this machine can read the database file: take away their right (chmod o-r)."
        )
    return said


def _readable_by_all(file: str | None) -> bool:
    path = Path(file or "")
    if not file or not path.is_file():
        return False
    return bool(path.stat().st_mode & 0o004 and path.parent.stat().st_mode & 0o001)
