"""The stream of events over a real server: complete, resumable, cut to rights that hold at once, and bounded."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from service_desk.actions import passwords
from service_desk.actions.api_tokens import revoke_token
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.users import deactivate_user, edit_user
from service_desk.domain.access import Actor
from service_desk.domain.users import Role, User
from service_desk.store.migrate import upgrade
from service_desk.web.streams import MOST_PER_TOKEN

from ..api_caller import token_of
from ..event_reader import Reader
from ..factories import make_call, make_carry_in, make_category, make_customer
from ..hub_room import edit
from ..readings import last_seq, stored
from ..receiver import until
from ..running_desk import RunningDesk
from ..stores import new_database
from .conftest import CHEAP


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A server on its own database, of either kind."""
    folder = tmp_path_factory.mktemp("served")
    with new_database(request.param, folder) as url:
        upgrade(url)
        desk = RunningDesk(folder, store=url)
        desk.do_without_pages()
        desk.start()
        yield desk
        desk.stop()


@pytest.fixture
def desk(served: RunningDesk) -> Iterator[RunningDesk]:
    served.open_store()
    yield served
    served.close_store()


def hire(desk: RunningDesk, role: Role) -> Actor:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        number = len(desk.people)
        return desk.hire(username=f"person{number}", name=f"Person {number}", role=role)


@pytest.fixture
def maya(desk: RunningDesk) -> Actor:
    return hire(desk, Role.DISPATCHER)


@pytest.fixture
def ravi(desk: RunningDesk) -> Actor:
    return hire(desk, Role.ENGINEER)


@pytest.fixture
def dana(desk: RunningDesk) -> Actor:
    return hire(desk, Role.ADMIN)


def ask(desk: RunningDesk, token: str, query: str = "", **headers: str) -> httpx.Response:
    named = {"authorization": f"Bearer {token}", **headers}
    return httpx.get(f"{desk.url}/api/v1/events{query}", headers=named, timeout=10)


def test_what_happens_arrives_as_it_happens(desk: RunningDesk, maya: Actor) -> None:
    before = last_seq()
    with Reader(desk.url, token_of(maya)) as reader:
        assert reader.headers["content-type"].startswith("text/event-stream")
        assert reader.headers["cache-control"] == "no-store"
        assert reader.headers["x-accel-buffering"] == "no"
        call = make_call(maya)
        until(lambda: "call_created" in reader.named, "the call was not told")
    assert reader.events[-1]["number"] == f"C-{call}"
    assert reader.ids == reader.seqs and min(reader.ids) > before
    assert reader.named == [event["name"] for event in reader.events]
    assert reader.events[-1]["actor"] == {"id": maya.id, "name": maya.name}


def test_nothing_is_missing_and_nothing_comes_twice_over_many_cuts_while_others_commit(
    desk: RunningDesk, maya: Actor
) -> None:
    token, calls = token_of(maya), [make_call(maya) for _ in range(3)]
    start = last_seq()

    def work(call: int) -> None:
        for turn in range(25):
            edit(maya, call, problem=f"Turn {turn}")

    workers = [threading.Thread(target=work, args=(call,)) for call in calls]
    for worker in workers:
        worker.start()
    heard: list[int] = []
    while len(heard) < 75:
        with Reader(desk.url, token, after=start, last_event_id=heard[-1] if heard else None) as reader:
            wanted = min(7, 75 - len(heard))
            until(lambda enough=wanted, its=reader: len(its.seqs) >= enough, "nothing came")
        heard += reader.seqs
    for worker in workers:
        worker.join()
    assert heard == list(range(start + 1, start + 76)) and last_seq() == start + 75


def test_an_engineer_hears_of_their_own_calls_and_that_one_has_left(
    desk: RunningDesk, maya: Actor, ravi: Actor
) -> None:
    jo = hire(desk, Role.ENGINEER)
    category, start = make_category(), last_seq()
    with Reader(desk.url, token_of(ravi), after=start) as reader:
        mine = make_call(maya, category_id=category, assigned_to_id=ravi.id)
        other = make_call(maya, category_id=category, assigned_to_id=jo.id)
        until(lambda: len(reader.events) == 1, "the own call was not told")
        assign_call(maya, mine, {"assigned_to_id": jo.id, "instructions": "Don't tell Ravi"})
        edit(maya, mine, problem="Not for Ravi")
        carry_in = make_carry_in(maya)
        until(lambda: reader.events[-1]["entity"] == "carry_in", "the carry-in was not told")
    told = [(event["name"], event["entity"], event["id"]) for event in reader.events]
    assert told == [
        ("call_created", "call", mine),
        ("call_assigned", "call", mine),
        ("service_created", "carry_in", carry_in),
    ]
    left = reader.events[1]
    assert left == {
        **{"seq": left["seq"], "name": "call_assigned", "at": left["at"], "actor": None, "verb": None},
        **{"entity": "call", "id": mine, "number": f"C-{mine}", "changed": {}, "others": [], "left": True},
    }
    assert not any(event["id"] == other and event["entity"] == "call" for event in reader.events)
    # Who comes later hears neither what the call was, nor where it went.
    with Reader(desk.url, token_of(ravi), after=start) as later:
        until(lambda: len(later.events) >= 2, "the past was not told")
    assert [event.get("left", False) for event in later.events] == [True, False]


def test_no_event_holds_a_secret_and_users_are_for_admins(
    desk: RunningDesk, dana: Actor, maya: Actor
) -> None:
    start = last_seq()
    hire(desk, Role.FRONT_DESK)
    make_customer(maya)
    with Reader(desk.url, token_of(dana), after=start) as all_of_it:
        until(lambda: "customer_created" in all_of_it.named, "nothing came")
    with Reader(desk.url, token_of(maya), after=start) as some:
        until(lambda: "customer_created" in some.named, "nothing came")
    assert "user_created" in all_of_it.named and "user_created" not in some.named
    assert "argon2" not in str(all_of_it.events) and "secret" not in str(all_of_it.events)
    assert "password_hash" not in str(all_of_it.events)


def test_a_revoked_token_ends_the_stream_within_two_seconds(desk: RunningDesk, maya: Actor) -> None:
    token = token_of(maya)
    me = httpx.get(f"{desk.url}/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert me.status_code == 200
    with Reader(desk.url, token) as reader:
        # Another process revokes it: only the look once a second can tell.
        revoke_token(maya, last_token())
        ended(reader, 2)
        make_call(maya)
    assert reader.events == []
    assert ask(desk, token).status_code == 401


def test_a_deactivated_user_s_stream_ends_within_two_seconds(
    desk: RunningDesk, dana: Actor, maya: Actor
) -> None:
    with Reader(desk.url, token_of(maya)) as reader:
        deactivate_user(dana, maya.id)
        ended(reader, 2)
    assert reader.events == []


def test_a_new_role_holds_for_the_next_event(desk: RunningDesk, dana: Actor, maya: Actor) -> None:
    with Reader(desk.url, token_of(maya)) as reader:
        make_call(maya)
        until(lambda: "call_created" in reader.named, "the call was not told")
        row = stored(User, maya.id)
        role = {"was": {"role": "dispatcher"}, "changes": {"role": "engineer"}}
        edit_user(dana, maya.id, version=row.version, **role)
        make_call(dana)
        make_carry_in(dana)
        until(lambda: "service_created" in reader.named, "what they may see still did not come")
    assert reader.named.count("call_created") == 1
    assert reader.named[-2:] == ["user_updated", "service_created"]


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "", "99999999999", "9" * 400, "٣", "1.0", "%00"])
def test_a_number_that_is_none_is_refused_with_a_problem(desk: RunningDesk, maya: Actor, after: str) -> None:
    answer = ask(desk, token_of(maya), f"?after={after}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "after" in answer.json()["errors"]


def test_the_number_of_a_stream_that_was_cut_goes_before_the_address_s(
    desk: RunningDesk, maya: Actor
) -> None:
    token = token_of(maya)
    assert ask(desk, token, "?after=0", **{"last-event-id": "99999999999"}).status_code == 422
    make_call(maya)
    make_call(maya)
    with Reader(desk.url, token, after=0, last_event_id=last_seq() - 1) as reader:
        until(lambda: bool(reader.events), "nothing came")
    assert reader.seqs == [last_seq()]


def test_without_a_token_there_is_no_stream(desk: RunningDesk) -> None:
    assert httpx.get(f"{desk.url}/api/v1/events").status_code == 401


def test_a_token_has_a_few_streams_and_a_closed_one_makes_room(desk: RunningDesk, maya: Actor) -> None:
    token = token_of(maya)
    readers = [Reader(desk.url, token).__enter__() for _ in range(MOST_PER_TOKEN)]
    refused = ask(desk, token)
    assert refused.status_code == 429 and refused.headers["content-type"] == "application/problem+json"
    other = Reader(desk.url, token_of(maya)).__enter__()
    readers.pop().hang_up()
    until(lambda: is_let_in(desk, token), "the closed stream still counts")
    for reader in (*readers, other):
        reader.hang_up()


def test_who_reads_nothing_costs_nothing_and_delays_nobody(desk: RunningDesk, maya: Actor) -> None:
    call, start = make_call(maya), last_seq()
    for turn in range(30):
        edit(maya, call, problem=f"{turn} " + "x" * 1900)
    with socket.create_connection(("localhost", desk.port)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = f"GET /api/v1/events?after={start} HTTP/1.1\r\nHost: localhost:{desk.port}\r\n"
        deaf.sendall((request + f"Authorization: Bearer {token_of(maya)}\r\n\r\n").encode())
        with Reader(desk.url, token_of(maya), after=start) as reader:
            reader.wait_for(30, "the deaf one kept the other waiting")
            edit(maya, call, problem="And on")
            reader.wait_for(31, "the deaf one kept the other waiting")
            assert reader.seqs == list(range(start + 1, start + 32))


def test_a_stop_of_the_server_is_not_held_by_streams_and_they_go_on_afterwards(
    desk: RunningDesk, maya: Actor
) -> None:
    token, start = token_of(maya), last_seq()
    with Reader(desk.url, token) as reader:
        make_call(maya)
        until(lambda: "call_created" in reader.named, "the call was not told")
        began = time.monotonic()
        desk.stop()
        assert time.monotonic() - began < 8
        ended(reader, 5)
    make_call(maya)
    desk.start(desk.port)
    with Reader(desk.url, token, last_event_id=reader.ids[-1]) as again:
        until(lambda: again.seqs[-1:] == [last_seq()], "what happened meanwhile was not told")
    assert reader.seqs + again.seqs == list(range(start + 1, last_seq() + 1))


def ended(reader: Reader, seconds: float) -> None:
    until(lambda: reader.has_ended, f"the stream was open for {seconds} s more", seconds)
    assert reader.fault == ""


def is_let_in(desk: RunningDesk, token: str) -> bool:
    with (
        httpx.Client() as client,
        client.stream(
            "GET", f"{desk.url}/api/v1/events", headers={"authorization": f"Bearer {token}"}
        ) as answer,
    ):
        return answer.status_code == 200


def last_token() -> int:
    from service_desk.domain.api_tokens import ApiToken

    from ..readings import all_rows

    return max(row.id or 0 for row in all_rows(ApiToken))
