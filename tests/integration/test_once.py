"""A command that is sent again is answered again, and not carried out again. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from service_desk.actions import users
from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import start_call
from service_desk.actions.categories import move_category
from service_desk.actions.commands import carry_out
from service_desk.actions.passwords import hash_password, verify_password
from service_desk.actions.retention import delete_some
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call, CallStatus
from service_desk.domain.commands import KEPT, Command
from service_desk.domain.errors import DeskError, Invalid, NotFound, Refused, SavedOtherwise
from service_desk.domain.times import now
from service_desk.domain.users import Role, User
from service_desk.store import database as store
from service_desk.store.change import change
from service_desk.store.database import Database
from service_desk.store.once import once
from service_desk.store.session import UnjournaledWriteError
from tests.factories import call_form, make_call, make_category, make_user
from tests.raw_socket import fresh_key
from tests.readings import all_rows, last_seq, stored

PASSWORD = "a long enough word"


@pytest.fixture
def dana(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Dana O.")


def test_a_repetition_gets_the_first_answer_and_changes_nothing(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    first = carry_out(dana, key, create_call, form)
    seq = last_seq()
    again = carry_out(dana, key, create_call, form)
    assert (first.result, first.seq, first.repeated) == (all_rows(Call)[0].id, seq, False)
    assert (again.result, again.seq, again.repeated) == (first.result, seq, True)
    assert (len(all_rows(Call)), last_seq()) == (1, seq)


def test_fifty_at_once_make_one_row_and_get_one_answer(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    with ThreadPoolExecutor(50) as threads:
        sent = [threads.submit(carry_out, dana, key, create_call, form) for _ in range(50)]
        answers = [each.result() for each in sent]
    assert len({(answer.result, answer.seq) for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert len(all_rows(Call)) == 1


def test_the_answer_outlives_the_process(dana: Actor, database: Database) -> None:
    form, key = call_form(make_category()), fresh_key()
    first = carry_out(dana, key, create_call, form)
    store.connect(database.url.render_as_string(hide_password=False))
    again = carry_out(dana, key, create_call, form)
    assert (again.result, again.seq, again.repeated) == (first.result, first.seq, True)
    assert len(all_rows(Call)) == 1


def test_a_command_is_known_for_seven_days_and_then_forgotten(dana: Actor) -> None:
    form, keys = call_form(make_category()), [fresh_key() for _ in range(7)]
    for key in keys:
        carry_out(dana, key, create_call, form)
    with time_machine.travel(now() + KEPT - timedelta(minutes=1)):
        assert carry_out(dana, keys[0], create_call, form).repeated
        assert delete_some() == 0
        carry_out(dana, fresh_key(), create_call, form)
    with time_machine.travel(now() + KEPT + timedelta(minutes=1)):
        assert delete_some() == 7
        assert len(all_rows(Command)) == 1
    assert len(all_rows(Call)) == 8


def test_the_same_key_with_other_words_is_refused(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    carry_out(dana, key, create_call, form)
    with pytest.raises(SavedOtherwise, match="with other words"):
        carry_out(dana, key, create_call, form | {"problem": "No hot water."})
    with pytest.raises(SavedOtherwise):
        carry_out(dana, key, start_call, 1)
    assert len(all_rows(Call)) == 1


def test_the_order_of_the_fields_is_nothing_new(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    carry_out(dana, key, create_call, form)
    assert carry_out(dana, key, create_call, dict(reversed(form.items()))).repeated


def test_a_refused_command_may_be_sent_again_with_better_words(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    with pytest.raises(Invalid):
        carry_out(dana, key, create_call, form | {"problem": ""})
    with pytest.raises(Invalid):
        carry_out(dana, key, create_call, form | {"category_id": 999})
    assert all_rows(Command) == []
    assert not carry_out(dana, key, create_call, form).repeated
    assert len(all_rows(Call)) == 1


def test_a_key_is_ones_own(dana: Actor) -> None:
    form, key = call_form(make_category()), fresh_key()
    carry_out(dana, key, create_call, form)
    assert not carry_out(make_user(Role.DISPATCHER), key, create_call, form).repeated
    assert len(all_rows(Call)) == 2


def test_a_change_that_made_no_difference_is_remembered_too(dana: Actor) -> None:
    call_id, key = make_call(dana), fresh_key()
    same = {"version": 1, "was": {}, "changes": {}}
    first = carry_out(dana, key, edit_call, call_id, **same)
    assert (first.seq, first.repeated) == (None, False)
    assert carry_out(dana, key, edit_call, call_id, **same).repeated


def test_a_step_is_not_refused_because_it_was_taken_already(dana: Actor) -> None:
    call_id, engineer = make_call(dana), make_user(Role.ENGINEER)
    assign, start = fresh_key(), fresh_key()
    for _ in range(3):
        carry_out(dana, assign, assign_call, call_id, {"assigned_to_id": engineer.id, "expected": None})
        carry_out(engineer, start, start_call, call_id)
    call = stored(Call, call_id)
    assert (call.status, call.version) == (CallStatus.IN_PROGRESS, 3)


def test_a_twin_that_comes_between_is_answered_like_the_first(dana: Actor) -> None:
    """What the action read before its change was changed by the other sending of the same command."""
    call_id, key, engineer = make_call(dana), fresh_key(), make_user(Role.ENGINEER)
    carry_out(dana, fresh_key(), assign_call, call_id, {"assigned_to_id": engineer.id})

    def start() -> None:
        if twin:
            first.append(once(engineer.id, key, "start", twin.pop()))
        start_call(engineer, call_id)

    def start_first() -> None:
        start_call(engineer, call_id)

    first: list[Any] = []
    twin = [start_first]
    again = once(engineer.id, key, "start", start)
    assert (again.result, again.seq, again.repeated) == (first[0].result, first[0].seq, True)


def test_a_refusal_caused_by_its_own_twin_is_none(dana: Actor) -> None:
    key, words = fresh_key(), call_form(make_category())

    def late() -> None:
        carry_out_twin()
        raise Refused("It is so already.")

    def carry_out_twin() -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(once, dana.id, key, words, lambda: create_call(dana, words)).result()

    assert once(dana.id, key, words, late).repeated
    assert len(all_rows(Call)) == 1


def test_moving_twice_by_one_click_moves_once(dana: Actor) -> None:
    _, second, third = make_category(), make_category(), make_category()
    key = fresh_key()
    for _ in range(2):
        carry_out(dana, key, move_category, third, True)
    assert last_seq() and len(all_rows(Command)) == 1
    assert carry_out(dana, fresh_key(), move_category, second, True).seq


def test_a_changed_password_is_not_asked_for_again(dana: Actor) -> None:
    with change(None, "set password") as session:
        user = session.get(User, dana.id)
        assert user is not None
        user.password_hash = hash_password(PASSWORD)
    form, key = {"current": PASSWORD, "new": "another long word"}, fresh_key()
    assert not carry_out(dana, key, users.change_own_password, form).repeated
    assert carry_out(dana, key, users.change_own_password, form).repeated
    with pytest.raises(SavedOtherwise):
        carry_out(dana, key, users.change_own_password, form | {"new": "a third long word"})
    assert verify_password(stored(User, dana.id).password_hash, "another long word")


@pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "white space in it!", 7, ["a" * 20], "é" * 20])
def test_a_command_without_a_proper_key_is_refused(dana: Actor, key: object) -> None:
    with pytest.raises(Invalid, match="out of date"):
        carry_out(dana, key, create_call, call_form(make_category()))
    assert all_rows(Call) == []


def test_a_command_makes_exactly_one_change(dana: Actor) -> None:
    def two() -> None:
        make_call(dana, category_id=category)
        make_call(dana, category_id=category)

    category = make_category()
    with pytest.raises(UnjournaledWriteError, match="one change"):
        once(dana.id, fresh_key(), "two", two)
    with pytest.raises(UnjournaledWriteError, match="none"):
        once(dana.id, fresh_key(), "none", lambda: None)


def test_missing_is_missing_each_time(dana: Actor) -> None:
    key = fresh_key()
    for _ in range(2):
        with pytest.raises(NotFound):
            carry_out(dana, key, start_call, 999)


def test_two_commands_that_race_for_one_step_are_told_apart(dana: Actor) -> None:
    call_id, engineer = make_call(dana), make_user(Role.ENGINEER)
    carry_out(dana, fresh_key(), assign_call, call_id, {"assigned_to_id": engineer.id})

    def start(_: int) -> str:
        try:
            return str(carry_out(engineer, fresh_key(), start_call, call_id).repeated)
        except DeskError as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(start, range(8))) == ["False"] + ["Refused"] * 7
