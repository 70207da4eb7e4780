"""Screens come before programs: who changed something by the API is answered when those who look have the news."""

from __future__ import annotations

from ...live.hub import Hub

PATIENCE_SECONDS = 0.05
"""How long an answer waits at most: what takes longer is on its way to many."""

_hub: Hub | None = None


def watch(hub: Hub) -> None:
    """Tell the API by which hub the screens of this process get the news."""
    global _hub
    _hub = hub


async def screens_first() -> None:
    """Wait for what is on its way to the screens, so that this request doesn't compete with it."""
    if _hub is not None:
        await _hub.let_pass(PATIENCE_SECONDS)
