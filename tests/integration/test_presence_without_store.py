"""Who is at the desk while the store can't be asked: those who are known stay, nobody new comes in."""

from __future__ import annotations

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.errors import Busy
from service_desk.domain.users import Role
from service_desk.live import presence
from service_desk.store.database import Database

from ..factories import make_user
from ..hub_room import run
from .test_presence import a_desk, a_token


def test_who_is_known_is_answered_by_their_form_and_not_by_silence(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = make_user(Role.ADMIN)
    known, stranger = a_token(dana), a_token(make_user(Role.DISPATCHER))

    def stopped(_token: str) -> Actor | None:
        raise Busy("The desk can't reach its database.")

    async def story() -> None:
        async with a_desk() as (here, _, _, door):
            assert await here.arrive("first", known) is not None
            monkeypatch.setattr(presence, "TRUST_SECONDS", -1)
            monkeypatch.setattr(presence, "who_is", stopped)
            actor = await here.arrive("first", known)
            assert actor is not None and actor.id == dana.id and not door.out
            with pytest.raises(Busy):
                await here.arrive("second", stranger)

    run(story)
