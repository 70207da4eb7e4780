"""Each change is one entry with its touches: no more, no fewer, and never a secret."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins_repair import return_to_bench
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call, Priority
from service_desk.domain.customers import Customer
from service_desk.domain.errors import DeskError, Invalid, Refused
from service_desk.domain.journal import News
from service_desk.domain.users import Role, User
from service_desk.store.change import change, housekeeping, on_news
from service_desk.store.database import Database, current
from service_desk.store.session import UnjournaledWriteError
from tests.factories import make_call, make_carry_in_in, make_category, make_customer, make_user
from tests.readings import last_entry, last_seq, last_touches, seqs, stored


@pytest.fixture
def dispatcher(database: Database) -> Actor:
    return make_user(Role.DISPATCHER)


def test_each_action_writes_one_entry_with_its_touches(dispatcher: Actor) -> None:
    engineer = make_user(Role.ENGINEER)
    call_id = make_call(dispatcher)
    steps = {
        "create call": lambda: None,
        "edit call": lambda: edit_call(
            dispatcher, call_id, version=1, was={"priority": "normal"}, changes={"priority": "urgent"}
        ),
        "assign call": lambda: assign_call(dispatcher, call_id, {"assigned_to_id": engineer.id}),
        "start call": lambda: start_call(engineer, call_id),
        "complete call": lambda: complete_call(engineer, call_id, {"remark": "Done."}),
        "reopen call": lambda: reopen_call(dispatcher, call_id, {"reason": "Leaks."}),
        "cancel call": lambda: cancel_call(dispatcher, call_id, {"reason": "Sold."}),
    }
    seq = last_seq()
    for position, (verb, take) in enumerate(steps.items()):
        take()
        assert last_seq() == seq + position
        entry = last_entry()
        assert (entry.seq, entry.verb) == (seq + position, verb)
        assert entry.actor_id == (engineer.id if verb in ("start call", "complete call") else dispatcher.id)
        assert ("call", call_id) in {(touch.entity, touch.row_id) for touch in last_touches()}
    assert seqs() == list(range(1, last_seq() + 1))
    assert stored(Call, call_id).version == len(steps)


def test_a_touch_tells_old_and_new_and_the_facts(dispatcher: Actor) -> None:
    category_id, call_id = make_category(), make_call(dispatcher)
    was = {"priority": "normal", "due_at": "", "problem": "The heating is cold."}
    changes = {"priority": "urgent", "due_at": "2026-03-04T12:00+02:00", "category_id": category_id}
    edit_call(dispatcher, call_id, version=1, was=was, changes=was | changes)
    (touch,) = last_touches()
    old_category = touch.changed.pop("category_id")[0]
    assert touch.changed == {"priority": ["normal", "urgent"], "due_at": [None, "2026-03-04T10:00:00+00:00"]}
    assert old_category != category_id
    assert touch.facts == {
        "assigned_to_id": None,
        "created_by_id": dispatcher.id,
        "customer_id": stored(Call, call_id).customer_id,
        "category_id": category_id,
        "status": "pending",
        "priority": "urgent",
    }


def test_a_new_customer_is_touched_with_the_call(dispatcher: Actor) -> None:
    make_call(dispatcher, phone="+14155552671")
    assert [touch.entity for touch in last_touches()] == ["customer", "call"]
    make_call(dispatcher, phone="+14155552671")
    assert [touch.entity for touch in last_touches()] == ["call"]


def test_nothing_changed_is_no_entry_no_news_and_no_version(dispatcher: Actor) -> None:
    call_id, seq = make_call(dispatcher), last_seq()
    heard: list[News] = []
    stop = on_news(heard.append)
    edit_call(dispatcher, call_id, version=1, was={"priority": "normal"}, changes={"priority": "normal"})
    edit_call(dispatcher, call_id, version=1, was={}, changes={"problem": " The heating is cold. "})
    stop()
    assert (heard, last_seq(), stored(Call, call_id).version) == ([], seq, 1)


def test_the_news_comes_after_the_commit_and_matches_the_journal(dispatcher: Actor) -> None:
    call_id = make_call(dispatcher)
    heard: list[tuple[int, str]] = []
    stop = on_news(lambda news: heard.append((news.seq, stored(Call, call_id).status)))
    cancel_call(dispatcher, call_id, {"reason": "Sold."})
    stop()
    assert heard == [(last_seq(), "cancelled")]


def test_a_refused_change_stores_nothing_at_all(dispatcher: Actor) -> None:
    seq = last_seq()
    with pytest.raises(Refused), change(dispatcher, "create customer") as session:
        session.add(Customer(name="Rosa", phone="+14155552671"))
        session.flush()
        raise Refused("No.")
    assert last_seq() == seq
    make_customer(dispatcher, phone="+14155552671")
    assert seqs() == list(range(1, seq + 2))


def test_a_secret_is_journaled_as_changed_and_never_by_its_value(dispatcher: Actor) -> None:
    with change(dispatcher, "set password") as session:
        session.get_one(User, dispatcher.id).password_hash = "another secret"
    (touch,) = last_touches()
    assert list(touch.changed) == ["password_hash"]
    assert "another" not in str(touch.changed) and "never" not in str(touch.changed)


def test_a_carry_in_returned_to_the_bench_journals_its_reason_each_time(dispatcher: Actor) -> None:
    carry_in_id = make_carry_in_in("completed", dispatcher)
    return_to_bench(dispatcher, carry_in_id, {"reason": "Still noisy."})
    assert last_touches()[0].changed["return_reason"] == [None, "Still noisy."]


def test_a_verb_that_has_no_name_cannot_be_journaled(dispatcher: Actor) -> None:
    with pytest.raises(UnjournaledWriteError), change(dispatcher, "tidy up"):
        pass


@pytest.mark.parametrize("way", ["commit", "bulk update", "bulk delete", "raw", "housekeeping", "reading"])
def test_every_way_round_the_journal_is_refused(dispatcher: Actor, way: str) -> None:
    call_id = make_call(dispatcher)

    def go(session: Session) -> None:
        if way == "commit":
            session.commit()
        elif way == "bulk update":
            session.exec(update(Call).values(priority=Priority.LOW))
        elif way == "bulk delete":
            session.exec(delete(Call))
        elif way == "raw":
            session.exec(text("DELETE FROM call"))
        else:
            session.get_one(Call, call_id).problem = "Changed quietly."
            session.flush()

    opened = {"housekeeping": housekeeping, "reading": current().reading}
    with (
        pytest.raises(UnjournaledWriteError),
        opened.get(way, lambda: change(dispatcher, "edit call"))() as session,
    ):
        go(session)
    assert stored(Call, call_id).problem == "The heating is cold."


def test_a_record_is_never_deleted(dispatcher: Actor) -> None:
    call_id = make_call(dispatcher)
    with pytest.raises(RuntimeError, match="never deleted"), change(dispatcher, "edit call") as session:
        session.delete(session.get_one(Call, call_id))
    assert stored(Call, call_id)


def test_the_same_phone_stored_behind_ones_back_is_a_sentence(dispatcher: Actor) -> None:
    make_customer(dispatcher, phone="+14155552671")
    with pytest.raises(Invalid) as refusal, change(dispatcher, "create customer") as session:
        session.add(Customer(name="Rosa", phone="+14155552671"))
    assert isinstance(refusal.value, DeskError)
    assert refusal.value.sentence.endswith(".")
