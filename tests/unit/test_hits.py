"""Hits are counted and forgotten without a thread for each."""

from __future__ import annotations

import threading

import pytest
from limits import parse
from limits.strategies import MovingWindowRateLimiter

from service_desk import hits
from service_desk.hits import HitsInMemory

FEW = parse("3/second")


def test_hits_are_counted_and_start_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = MovingWindowRateLimiter(HitsInMemory())
    monkeypatch.setattr(threading.Thread, "start", lambda _: pytest.fail("a thread was started"))
    assert [limiter.hit(FEW, "somebody") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(FEW, "somebody else")


def test_old_hits_are_forgotten_in_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "SWEEP_SECONDS", 0.0)
    storage = HitsInMemory()
    limiter = MovingWindowRateLimiter(storage)
    at = 1_000_000.0
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: at)
    for number in range(50):
        limiter.hit(FEW, f"stranger {number}")
    assert len([kept for kept in storage.events.values() if kept]) == 50
    at += 2
    limiter.hit(FEW, "the next one")
    limiter.hit(FEW, "the next one")
    assert len([kept for kept in storage.events.values() if kept]) == 1
