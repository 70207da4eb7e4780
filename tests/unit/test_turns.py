"""Forms with passwords in them: hashed in turns, however many are sent at once."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.live.gate import AT_ONCE
from service_desk.store.once import Outcome
from service_desk.ui import form_state, guard

from ..raw_socket import fresh_key


@pytest.mark.parametrize(("words", "most"), [({"current": "guess"}, AT_ONCE), ({"remark": "Done."}, 6)])
def test_forms_that_are_hashed_leave_the_machine_to_others(
    monkeypatch: pytest.MonkeyPatch, words: dict[str, str], most: int
) -> None:
    counting, at_once, seen = threading.Lock(), 0, 0

    def carry_out(*_: Any) -> Outcome:
        nonlocal at_once, seen
        with counting:
            at_once += 1
            seen = max(seen, at_once)
        time.sleep(0.1)
        with counting:
            at_once -= 1
        return Outcome(None, None)

    async def send_six() -> None:
        await asyncio.gather(
            *(form_state.carried_out(words, f"1.{fresh_key()}", print, words) for _ in range(6))
        )

    monkeypatch.setattr(form_state, "carry_out", carry_out)
    monkeypatch.setattr(guard, "actor", lambda: Actor(1, Role.ENGINEER, "Ravi Kumar"))
    asyncio.run(send_six())
    assert seen == most
