"""A tab's token in other hands: whoever comes with it finds an empty tab, wherever tabs are kept."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
import redis
from redis.exceptions import RedisError

from service_desk.actions import passwords
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.store.migrate import upgrade

from ..caller import WIRE, Caller
from ..factories import make_call
from ..running_desk import PEOPLE, RunningDesk
from .conftest import CHEAP

REDIS = os.environ.get("SERVICE_DESK_TEST_REDIS_URL", "redis://127.0.0.1:6379/11")
SECRET = "the vault door alarm 4711"


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A Redis database of the tests' own, emptied before and afterwards."""
    client = redis.Redis.from_url(REDIS)
    try:
        client.flushdb()
    except RedisError as fault:
        pytest.skip(f"Redis can't be reached: {fault}")
    yield REDIS
    client.flushdb()
    client.close()


@pytest.fixture(scope="module", params=["memory", "redis"])
def kept_desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDesk]:
    """A desk whose tabs are kept in its own memory, or in Redis as several processes would."""
    desk = RunningDesk(tmp_path_factory.mktemp("replay"))
    desk.do_without_pages()
    desk.environment["SERVICE_DESK_EVENTS_PER_SECOND"] = "1000000"
    if request.param == "redis":
        desk.environment["SERVICE_DESK_REDIS_URL"] = request.getfixturevalue("redis_url")
    upgrade(desk.database_url)
    desk.open_store()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        for username, (name, role) in PEOPLE.items():
            desk.hire(username=username, name=name, role=role)
    desk.start()
    yield desk
    desk.stop()
    desk.close_store()


@pytest.mark.parametrize("first", ["missing_page.look", "state.hydrate"])
def test_a_replayed_token_shows_nothing_of_its_owner(kept_desk: RunningDesk, first: str) -> None:
    desk, tab = kept_desk, str(uuid.uuid4())
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": f"Doors {uuid.uuid4()}"})
    ravi = desk.people["ravi"]
    call = make_call(desk.people["maya"], category_id=category, problem=SECRET, assigned_to_id=ravi.id)
    with Caller(desk.url, desk.token("ravi"), tab=tab) as owner:
        owner.settle()
        owner.call("complete_call.choose", {"call_id": call})
        assert SECRET in "".join(owner.frames)
    with Caller(desk.url, desk.token("jo"), tab=tab) as other:
        # Its first event loads a part of the tab only, where the tabs are kept in Redis.
        other.send(WIRE[first], {}, "/profile")
        other.send(WIRE["state.hydrate"], {}, "/profile")
        received = "".join(other.listen(1))
        assert "complete_call" in received
        assert SECRET not in received
        assert f"C-{call}" not in received


def test_the_owner_finds_the_tab_as_it_was(kept_desk: RunningDesk) -> None:
    desk, tab = kept_desk, str(uuid.uuid4())
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": f"Doors {uuid.uuid4()}"})
    call = make_call(desk.people["maya"], category_id=category, problem=SECRET)
    token = desk.token("dana")
    for _ in range(2):
        with Caller(desk.url, token, tab=tab) as owner:
            owner.settle()
            found = "".join(owner.frames)
            owner.call("complete_call.choose", {"call_id": call})
    assert f"C-{call}" in found
