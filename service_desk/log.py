"""Loggers: `get_logger(__name__).info("what happened", of="what")`. `web/logs.py` says how the lines look."""

from __future__ import annotations

from typing import cast

import structlog

# Everything goes through the standard library, so that libraries' lines and ours take one way, and a process that
# never set anything up still shows its warnings.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module. Never give it what somebody typed as a secret: fields are shown as they are."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))
