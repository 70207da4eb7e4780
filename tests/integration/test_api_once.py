"""Commands over the HTTP API: done once for each Idempotency-Key, and only on the version that was read."""

from __future__ import annotations

import asyncio
from contextvars import Context
from uuid import uuid4

import httpx
import pytest

from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.calls_visit import cancel_call
from service_desk.actions.commands import carry_out, on_version
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.errors import Outdated
from service_desk.domain.users import Role
from tests.api_caller import API, Program, token_of
from tests.factories import call_form, make_call, make_category, make_user
from tests.readings import all_rows, last_seq, stored


@pytest.fixture
def adas(ada: Actor) -> Program:
    return Program(token_of(ada))


def test_a_command_sent_twice_is_done_once_and_answered_alike(adas: Program) -> None:
    form, key = call_form(make_category()), str(uuid4())
    first = adas.call("POST", "/calls", form, idempotency_key=key)
    before = last_seq()
    for sent in (key, f'"{key}"'):
        again = adas.call("POST", "/calls", form, idempotency_key=sent)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["location"] == first.headers["location"]
        assert again.headers["journal-seq"] == first.headers["journal-seq"]
        assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert last_seq() == before and len(all_rows(Call)) == 1


def test_the_same_key_with_another_body_or_record_is_refused(ada: Actor, adas: Program) -> None:
    form, one, other = call_form(make_category()), make_call(ada), make_call(ada)
    adas.call("POST", "/calls", form, idempotency_key="one key")
    for body in (form | {"problem": "Another."}, form | {"priority": "high"}):
        assert adas.call("POST", "/calls", body, idempotency_key="one key").status_code == 422
    assert adas.call("POST", f"/calls/{one}/cancel", {"reason": "x"}, idempotency_key="k").status_code == 200
    for path in (f"/calls/{other}/cancel", f"/calls/{one}/reopen"):
        assert adas.call("POST", path, {"reason": "x"}, idempotency_key="k").status_code == 422
    assert stored(Call, other).status == "pending"


def test_keys_of_two_people_are_apart_and_without_a_key_each_is_another(ada: Actor, adas: Program) -> None:
    form = call_form(make_category())
    maya = Program(token_of(make_user(Role.DISPATCHER)))
    adas.call("POST", "/calls", form, idempotency_key="k")
    maya.call("POST", "/calls", form, idempotency_key="k")
    for _ in range(2):
        adas.call("POST", "/calls", form)
    assert len(all_rows(Call)) == 4


def test_a_refused_command_may_be_sent_again_under_its_key_with_better_words(adas: Program) -> None:
    form = call_form(make_category())
    assert adas.call("POST", "/calls", form | {"phone": "1"}, idempotency_key="k").status_code == 422
    assert adas.call("POST", "/calls", form, idempotency_key="k").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "é", "a\tb"])
def test_a_key_that_is_none_is_refused(adas: Program, key: str) -> None:
    header = [("idempotency-key", key.encode("latin-1"))]
    answer = adas.ask("POST", f"{API}/calls", json=call_form(make_category()), headers=header)
    assert answer.status_code == 400 and all_rows(Call) == []


def test_ten_at_once_under_one_key_are_one(adas: Program) -> None:
    form = call_form(make_category())

    async def all_of_them() -> list[httpx.Response]:
        headers = {"idempotency-key": "ten"}
        sent = (adas.client.post(f"{API}/calls", json=form, headers=headers) for _ in range(10))
        return await asyncio.gather(*sent)

    answers = asyncio.run(all_of_them())
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, 1)}
    assert len(all_rows(Call)) == 1


def test_a_command_on_a_version_that_has_gone_is_not_done(ada: Actor, adas: Program) -> None:
    call = make_call(ada)
    tag = adas.call("GET", f"/calls/{call}").headers["etag"]
    assert tag == '"1"'
    assert adas.call("PATCH", f"/calls/{call}", {"problem": "Mine."}, if_match=tag).status_code == 200
    for method, path, body in (
        ("PATCH", "", {"problem": "Late."}),
        ("PATCH", "", {"priority": "high"}),
        ("POST", "/cancel", {"reason": "Late."}),
    ):
        answer = adas.call(method, f"/calls/{call}{path}", body, if_match=tag)
        assert answer.status_code == 412, (method, path, answer.text)
    assert (stored(Call, call).problem, stored(Call, call).version) == ("Mine.", 2)
    for good in ('"2"', "2", '"1", "2"', "*"):
        assert adas.call("PATCH", f"/calls/{call}", {"problem": "Mine."}, if_match=good).status_code == 200
    assert adas.call("PATCH", f"/calls/{call}", {"problem": "x"}, if_match='W/"2"').status_code == 412
    assert adas.call("PATCH", f"/calls/{call}", {"problem": "x"}, if_match="new").status_code == 400
    assert adas.call("PATCH", "/calls/99", {"problem": "x"}, if_match='"1"').status_code == 404


def test_a_repetition_is_answered_though_its_version_has_gone(ada: Actor, adas: Program) -> None:
    call = make_call(ada)
    sent = ("PATCH", f"/calls/{call}", {"problem": "Mine."})
    first = adas.call(*sent, if_match='"1"', idempotency_key="k")
    again = adas.call(*sent, if_match='"1"', idempotency_key="k")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert adas.call(*sent, if_match='"2"', idempotency_key="k").status_code == 422


def test_what_changes_between_the_look_and_the_change_is_seen_too(ada: Actor) -> None:
    call = make_call(ada)

    def just_before(_: Actor, call_id: int) -> int:
        seen = stored(Call, call_id).version
        # As somebody else would, who knows nothing of this command.
        Context().run(edit_call, ada, call_id, version=seen, was={}, changes={"priority": "high"})
        return seen

    strict = on_version(cancel_call, "call", call, frozenset({1}), just_before)
    with pytest.raises(Outdated):
        carry_out(ada, uuid4().hex, strict, call, {"reason": "Late."})
    assert (stored(Call, call).status, stored(Call, call).version) == ("pending", 2)


def test_of_ten_at_once_on_one_version_one_is_done(ada: Actor, adas: Program) -> None:
    call = make_call(ada)

    async def all_of_them() -> list[httpx.Response]:
        headers = {"if-match": '"1"'}
        sent = (
            adas.client.patch(f"{API}/calls/{call}", json={"problem": f"Number {number}."}, headers=headers)
            for number in range(10)
        )
        return await asyncio.gather(*sent)

    statuses = sorted(answer.status_code for answer in asyncio.run(all_of_them()))
    assert statuses == [200] + [412] * 9
    assert stored(Call, call).version == 2


def test_what_is_expected_of_one_record_holds_for_no_other(ada: Actor) -> None:
    one = make_call(ada)
    strict = on_version(create_call, "call", one, frozenset({7}), lambda _actor, _id: None)
    carry_out(ada, uuid4().hex, strict, call_form(make_category()))
    assert len(all_rows(Call)) == 2
