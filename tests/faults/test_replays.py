"""Commands that are sent again, whenever and however often: one row each, and always the first answer."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.categories import create_category
from service_desk.actions.commands import carry_out
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind
from service_desk.domain.commands import Command
from service_desk.domain.users import Role
from service_desk.store import database as store
from service_desk.store.database import Database

from ..caller import Caller, basis, sentences, shown
from ..factories import call_form, make_category, make_user
from ..figures import Figure
from ..raw_socket import fresh_key
from ..readings import all_rows
from ..running_desk import RunningDesk
from . import checker
from .looking import watched
from .scale import scaled
from .test_concurrent_edits import patient

OFTEN = 10


def test_replays_double_nothing(database: Database, figure: Figure) -> None:
    """Each command comes ten times, in any order, from eight threads; half-way the store is opened anew."""
    dana, category = make_user(Role.DISPATCHER), make_category()
    replays = scaled(500, 10_000)
    forms = {fresh_key(): call_form(category, phone="+14155550123") for _ in range(replays // OFTEN)}
    sent = [key for key in forms for _ in range(OFTEN)]
    random.Random(7).shuffle(sent)
    answers: dict[str, set[int]] = {key: set() for key in forms}
    url = database.url.render_as_string(hide_password=False)

    def work() -> None:
        for half in (sent[: len(sent) // 2], sent[len(sent) // 2 :]):
            with ThreadPoolExecutor(8) as threads:
                told = threads.map(lambda key: patient(carry_out, dana, key, create_call, forms[key]), half)
                for key, outcome in zip(half, told, strict=True):
                    answers[key].add(outcome.result)
            store.connect(url)

    watched(url, {"tab": (dana, "/calls")}, work)
    doubles = len(all_rows(Call)) - len(forms)
    figure("replays: sent", len(sent))
    figure("replays: doubles", doubles)
    assert doubles == 0
    assert all(len(ids) == 1 for ids in answers.values())
    assert sorted(key for ids in answers.values() for key in ids) == sorted(row.key for row in all_rows(Call))


@pytest.fixture
def form(rehearsal_desk: RunningDesk) -> dict[str, Any]:
    network = create_category(rehearsal_desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    return {key: str(value) for key, value in call_form(network).items()} | {"key": fresh_key()}


def test_a_form_sent_twice_is_answered_twice_and_saved_once(
    rehearsal_desk: RunningDesk, form: dict[str, Any]
) -> None:
    with Caller(rehearsal_desk.url, rehearsal_desk.token("maya")) as maya:
        maya.settle()
        first, again = (sentences(maya.call("new_call.save", {"form": form})) for _ in range(2))
    assert first == again
    assert "Logged as C-1." in "".join(first)
    expect_one_call(rehearsal_desk)


def test_a_form_sent_again_on_another_socket_and_after_a_restart_is_saved_once(
    rehearsal_desk: RunningDesk, form: dict[str, Any]
) -> None:
    token, told = rehearsal_desk.token("maya"), []
    for restarts in (False, True, False):
        with Caller(rehearsal_desk.url, token) as maya:
            maya.settle()
            told.append(sentences(maya.call("new_call.save", {"form": form})))
        if restarts:
            rehearsal_desk.restart()
    assert told[0] == told[1] == told[2]
    expect_one_call(rehearsal_desk)


def test_other_words_under_the_same_key_are_refused_and_the_next_key_is_free(
    rehearsal_desk: RunningDesk, form: dict[str, Any]
) -> None:
    with Caller(rehearsal_desk.url, rehearsal_desk.token("maya")) as maya:
        maya.settle()
        maya.call("new_call.save", {"form": form})
        other = maya.call("new_call.save", {"form": form | {"problem": "No hot water."}})
        assert "with other words" in "".join(other)
        assert 'answered("new-call-form", false, true' in "".join(sentences(other))
        expect_one_call(rehearsal_desk)
        maya.call("new_call.save", {"form": form | {"problem": "No hot water.", "key": fresh_key()}})
    assert [call.problem for call in all_rows(Call)] == [form["problem"], "No hot water."]


def test_a_step_pressed_twice_is_taken_once(rehearsal_desk: RunningDesk, form: dict[str, Any]) -> None:
    people = rehearsal_desk.people
    with Caller(rehearsal_desk.url, rehearsal_desk.token("ravi")) as ravi:
        typed = {name: text for name, text in form.items() if name != "key"}
        call_id = create_call(people["dana"], typed | {"assigned_to_id": people["ravi"].id})
        ravi.settle()
        start = {"call_id": call_id, "key": fresh_key()}
        first, again = (sentences(ravi.call("calls_page.start", start)) for _ in range(2))
    assert first == again
    assert "is already" not in "".join(again)
    assert len(all_rows(Command)) == 1


def expect_one_call(desk: RunningDesk) -> None:
    assert (len(all_rows(Call)), len(all_rows(Command))) == (1, 1)
    checker.expect_sound(desk.database_url)
    desk.open_store()


def test_a_conflict_decided_twice_is_decided_once(rehearsal_desk: RunningDesk, form: dict[str, Any]) -> None:
    dana = rehearsal_desk.people["dana"]
    call_id = create_call(dana, {name: text for name, text in form.items() if name != "key"})
    was = {"problem": form["problem"]}
    edit_call(dana, call_id, version=1, was=was, changes={"problem": "It smokes."})
    mine = {"basis": basis(call_id, **was), "problem": "It burns.", "key": form["key"]}
    with Caller(rehearsal_desk.url, rehearsal_desk.token("maya")) as maya:
        maya.settle()
        shown_to_maya = shown(maya.call("edit_call.save", {"form": mine}))["edit_call"]
        (contested,) = shown_to_maya["contested"]
        assert (shown_to_maya["rivals"], contested["by"], bool(contested["at"])) == (
            "Dana Ortiz",
            "Dana Ortiz",
            True,
        )
        settled = {"form": mine | {"settle": "mine"}}
        first, again = (sentences(maya.call("edit_call.save", settled)) for _ in range(2))
    assert first == again
    assert "Saved." in "".join(again)
    assert [(call.problem, call.version) for call in all_rows(Call)] == [("It burns.", 3)]
