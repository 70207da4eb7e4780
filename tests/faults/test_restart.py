"""The server is started again under many sessions."""

from __future__ import annotations

import time

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..figures import Figure
from ..running_desk import RunningDesk
from ..typist import Typist
from . import checker
from .checker import Acknowledged
from .crowd import Crowd
from .scale import scaled


def test_a_crowd_is_back_and_sees_everything_soon_after_a_restart(
    rehearsal_desk: RunningDesk, figure: Figure
) -> None:
    desk, sessions = rehearsal_desk, scaled(20, 50)
    names = desk.hire_many(sessions)
    dana = desk.people["dana"]
    network = create_category(dana, CategoryKind.CALL, {"name": "Network"})
    form = {"phone": "+14155550123", "customer_name": "Bright Stores", "category_id": network}
    calls = [create_call(dana, {**form, "problem": f"Before {number}"}) for number in range(5)]
    people = [(desk.people[name], desk.token(name)) for name in names]
    acknowledged = []
    with Crowd(desk.url) as crowd:
        crowd.seat(people[::2], "/calls")
        crowd.seat(people[1::2], f"/calls/{calls[0]}")
        with Typist(desk.url, desk.token("maya")) as maya:
            for number in range(5):
                maya.log_call(f"During {number}", network, "+14155550124")
                acknowledged.append(
                    Acknowledged("create call", "call", field="problem", value=f"During {number}")
                )
        stopped = time.monotonic()
        desk.stop()
        desk.start(desk.port)
        up = time.monotonic()
        crowd.wait_until_live(seconds=30, since=stopped)
        back = max(client.back_at for client in crowd.clients) - up
        checker.expect_screens(desk.database_url, crowd.screens, seconds=5)
        checker.expect_sound(desk.database_url, acknowledged, crowd.screens())
    figure("restart under 50 sessions: last one back after the server answers", max(0.0, back), "s")
    figure("restart under 50 sessions: sessions", sessions)
    assert back < 5
