"""Each step that a screen takes is answered with its way back, which the same screen can go once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service_desk.actions.users import deactivate_user
from service_desk.domain.calls import Call
from service_desk.domain.users import Role

from ..caller import Caller, basis, sentences
from ..factories import make_call_in, make_carry_in_in, make_category
from ..raw_socket import fresh_key
from ..readings import last_seq, stored
from ..running_desk import RunningDesk

UNDO = re.compile(r'\["duration"\] : 10000, .*\["label"\] : "Undo".*undo\.undo", \{seq:(\d+)')


@pytest.fixture
def dana(desk: RunningDesk) -> Iterator[Caller]:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        yield dana


def form(record: int, **fields: str) -> dict[str, Any]:
    return {"form": {"basis": basis(record), "key": fresh_key(), **fields}}


def button(name: str, record: int) -> dict[str, Any]:
    return {name: record, "key": fresh_key()}


def call(desk: RunningDesk, status: str) -> int:
    return make_call_in(status, desk.people["maya"], desk.people["ravi"])


def device(desk: RunningDesk, status: str) -> int:
    return make_carry_in_in(status, desk.people["fay"])


def somebody(desk: RunningDesk, *, is_active: bool = True) -> int:
    hired = desk.hire(username=f"k{fresh_key()[:8]}", name="Kim D.", role=Role.ENGINEER)
    if not is_active:
        deactivate_user(desk.people["dana"], hired.id)
    return hired.id


STEPS: dict[str, Callable[[RunningDesk], dict[str, Any]]] = {
    "call_page.start": lambda desk: button("call_id", call(desk, "assigned")),
    "calls_page.start": lambda desk: button("call_id", call(desk, "assigned")),
    "call_page.unassign": lambda desk: button("call_id", call(desk, "assigned")),
    "assign_call.save": lambda desk: form(call(desk, "pending"), assigned_to_id=str(desk.people["ravi"].id)),
    "complete_call.save": lambda desk: form(call(desk, "in_progress"), remark="A fuse."),
    "cancel_call.save": lambda desk: form(call(desk, "assigned"), reason="Sold."),
    "reopen_call.save": lambda desk: form(call(desk, "completed"), reason="Leaks."),
    "to_bench.save": lambda desk: form(device(desk, "received")),
    "complete_carry_in.save": lambda desk: form(
        device(desk, "in_repair"), outcome="repaired", remark="A fan."
    ),
    "deliver_carry_in.save": lambda desk: form(device(desk, "completed"), delivered_to="Rosa"),
    "return_carry_in.save": lambda desk: form(device(desk, "completed"), reason="Hot."),
    "categories_page.archive": lambda _: button("category_id", make_category()),
    "categories_page.restore": lambda _: button("category_id", make_category(is_active=False)),
    "deactivate.save": lambda desk: form(somebody(desk)),
    "users_page.reactivate": lambda desk: button("user_id", somebody(desk, is_active=False)),
}
"""Handler → what it is sent, about a record made for it."""


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_answered_with_its_way_back_for_ten_seconds(
    desk: RunningDesk, dana: Caller, name: str
) -> None:
    answer = "".join(sentences(dana.call(name, STEPS[name](desk))))
    offered = UNDO.search(answer)
    assert offered, answer
    assert int(offered[1]) == last_seq()
    taken_back = dana.call("undo.undo", {"seq": last_seq(), "key": fresh_key()})
    assert "Undone. " in "".join(sentences(taken_back))


def test_an_undo_that_is_sent_twice_is_carried_out_once_and_answered_alike(
    desk: RunningDesk, dana: Caller
) -> None:
    call_id = make_call_in("completed", desk.people["maya"], desk.people["ravi"])
    words = {"seq": last_seq(), "key": fresh_key()}
    first, second = (sentences(dana.call("undo.undo", words)) for _ in range(2))
    assert first == second and f"Undone. C-{call_id} is on site again." in "".join(first)
    assert last_seq() == words["seq"] + 1 and stored(Call, call_id).status == "in_progress"


def test_what_one_may_not_see_is_not_found_whatever_was_done_to_it(desk: RunningDesk) -> None:
    """Ravi tries every number of the journal; those of calls that are not his answer as those that don't exist."""
    people = desk.people
    call_id = make_call_in("completed", people["maya"], people["jo"])
    before = last_seq()
    with Caller(desk.url, desk.token("ravi")) as ravi:
        ravi.settle()
        told = {
            seq: "".join(sentences(ravi.call("undo.undo", {"seq": seq, "key": fresh_key()})))
            for seq in (before, before - 1, before - 2, before + 1000)
        }
    assert all("This change was not found." in each for each in told.values()), told
    assert last_seq() == before and stored(Call, call_id).status == "completed"
