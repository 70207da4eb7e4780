"""A number from another process makes the hub read the journal, once, whatever the number says."""

from __future__ import annotations

import pytest

from service_desk.domain.users import Role
from service_desk.live.far import FarNews
from service_desk.live.questions import register_views
from service_desk.queries.calls import CallsQuestion
from service_desk.store.database import Database

from ..factories import make_call, make_category, make_user
from ..hub_room import LIST, a_hub, run


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


def test_a_number_brings_what_another_process_has_committed(database: Database) -> None:
    maya, category = make_user(Role.DISPATCHER), make_category()

    async def story() -> None:
        async with a_hub(deaf=True) as (hub, browsers):
            far = FarNews(hub)
            await hub.ask("lena", LIST, maya, CallsQuestion.from_params(maya, {}))
            before = hub.seq
            call = make_call(maya, category_id=category)
            assert hub.seq == before
            far.hear(before + 1)
            await hub.settle()
            assert hub.seq > before
            assert call in browsers.rows("lena")

    run(story)


def test_a_number_that_the_journal_never_reaches_is_looked_up_once(database: Database) -> None:
    async def story() -> None:
        async with a_hub(deaf=True) as (hub, _):
            far, before = FarNews(hub), hub.seq
            far.hear(10**17)
            await hub.settle()
            assert hub.seq == before

    run(story)
