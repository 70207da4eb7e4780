"""The lists of calls: tabs, counts, filters, search, sort and pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from service_desk.actions.calls_visit import complete_call, start_call
from service_desk.domain.access import Actor
from service_desk.domain.times import now
from service_desk.domain.users import Role
from service_desk.queries.call import show_call
from service_desk.queries.calls import SORTS, CallsQuestion, list_calls
from service_desk.queries.calls_counts import count_calls, count_my_calls
from service_desk.store.database import Database
from tests.factories import make_call, make_call_in, make_category, make_user
from tests.readings import last_seq, statements


@pytest.fixture
def dana(database: Database) -> Actor:
    return make_user(Role.DISPATCHER, "Dana O.")


def listed(actor: Actor, **params: str) -> tuple[int | str, ...]:
    return list_calls(actor, CallsQuestion.from_params(actor, params)).order


def test_each_tab_lists_what_its_count_says(dana: Actor) -> None:
    ravi = make_user(Role.ENGINEER)
    yesterday = (now() - timedelta(days=1)).isoformat()
    tomorrow = (now() + timedelta(days=1)).isoformat()
    pending = make_call(dana, due_at=tomorrow)
    late = make_call(make_user(Role.FRONT_DESK), due_at=yesterday)
    assigned = make_call_in("assigned", dana, ravi)
    visiting = make_call_in("in_progress", dana, ravi)
    done = make_call_in("completed", dana, ravi, due_at=yesterday)
    cancelled = make_call_in("cancelled", dana, ravi)
    tabs = {
        "unassigned": {pending, late},
        "open": {pending, late, assigned, visiting},
        "overdue": {late},
        "all": {pending, late, assigned, visiting, done, cancelled},
        "mine": {pending, assigned, visiting},
    }
    for tab, expected in tabs.items():
        assert set(listed(dana, tab=tab)) == expected, tab
    assert count_calls(dana).extra == {
        tab: len(tabs[tab]) for tab in ("unassigned", "open", "overdue", "all")
    }
    assert count_my_calls(dana).extra == {"mine": 3}
    assert set(listed(ravi, tab="mine")) == {assigned, visiting}
    assert count_my_calls(ravi).extra == {"mine": 2}


def test_a_list_that_was_read_before_knows_what_is_overdue_by_now(dana: Actor) -> None:
    due = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with time_machine.travel(due - timedelta(hours=1), tick=False) as clock:
        call = make_call(dana, due_at=due.isoformat())
        assert listed(dana, tab="overdue") == ()
        assert count_calls(dana).extra["overdue"] == 0
        clock.move_to(due + timedelta(minutes=1))
        assert listed(dana, tab="overdue") == (call,)
        assert count_calls(dana).extra["overdue"] == 1


def test_an_engineers_own_tab_holds_visits_and_not_what_they_logged(dana: Actor) -> None:
    ravi = make_user(Role.ENGINEER)
    logged = make_call(ravi)
    assert listed(ravi, tab="mine") == ()
    assert listed(ravi, tab="open") == (logged,)


def test_filters_narrow_the_list(dana: Actor) -> None:
    ravi, heating, water = make_user(Role.ENGINEER), make_category(), make_category()
    one = make_call(dana, category_id=heating, priority="urgent")
    two = make_call_in("assigned", dana, ravi, category_id=water)
    three = make_call_in("completed", dana, ravi, category_id=water, priority="low")
    for params, expected in [
        ({"status": "assigned,completed"}, {two, three}),
        ({"category": f"{heating}"}, {one}),
        ({"category": f"{heating},{water}"}, {one, two, three}),
        ({"engineer": f"{ravi.id}"}, {two, three}),
        ({"engineer": "none"}, {one}),
        ({"engineer": f"none,{ravi.id}"}, {one, two, three}),
        ({"priority": "urgent,low"}, {one, three}),
        ({"priority": "urgent", "status": "completed"}, set()),
    ]:
        assert set(listed(dana, tab="all", **params)) == expected, params


def test_equal_urls_are_one_question_and_unknown_values_are_none(dana: Actor) -> None:
    one = CallsQuestion.from_params(
        dana, {"status": "pending,assigned", "category": "3,2,3", "q": " cold  tap "}
    )
    two = CallsQuestion.from_params(
        dana, {"status": "assigned,pending,x", "category": "2,3,-1", "q": "cold tap"}
    )
    assert one == two and hash(one) == hash(two)
    assert (one.statuses, one.categories, one.search) == (("assigned", "pending"), (2, 3), "cold tap")
    assert CallsQuestion.from_params(dana, {"tab": "mine"}).me == dana.id
    assert (
        CallsQuestion.from_params(dana, {"tab": "everything", "page": "0", "sort": "id"}) == CallsQuestion()
    )


def test_a_search_finds_a_phone_in_any_spelling_a_name_or_words(dana: Actor) -> None:
    found = make_call(
        dana,
        phone="+14155552671",
        customer_name="Rosa Marin-Ünal",
        problem="Radiator whistles, 50%_off",
        address="12 Elm St",
    )
    make_call(dana, phone="+14155550000", customer_name="Bob Lee", problem="Tap drips, 50 xx off")
    for search in (
        "(415) 555-2671",
        "4155552671",
        "+1 415.555.2671",
        "1-415-555-2671",
        "555 2671",
        "rosa",
        "MARIN rosa",
        "radiator marin",
        "whistles",
        "50%_off",
        "elm",
        "ünal",
        "ÜNAL",
    ):
        assert listed(dana, q=search) == (found,), search


def test_a_search_finds_a_number_as_people_quote_it(dana: Actor) -> None:
    calls = [make_call(dana) for _ in range(12)]
    for search in ("C-12", "c12", "12", "c 12", "C-0012"):
        assert listed(dana, q=search) == (calls[11],), search
    assert listed(dana, q="S-12") == ()


def test_lists_sort_as_asked(dana: Actor) -> None:
    ravi, soon = make_user(Role.ENGINEER), now() + timedelta(hours=1)
    low = make_call(dana, priority="low", customer_name="Cleo", due_at=(soon + timedelta(days=1)).isoformat())
    urgent = make_call_in(
        "assigned", dana, ravi, priority="urgent", customer_name="bea", due_at=soon.isoformat()
    )
    normal = make_call(dana, customer_name="Abe")
    also = make_call(dana, priority="urgent", customer_name="Dan")
    start_call(ravi, urgent)
    expected = {
        "newest": (also, normal, urgent, low),
        "oldest": (low, urgent, normal, also),
        "priority": (urgent, also, normal, low),
        "due": (urgent, low, normal, also),
        "customer": (normal, urgent, low, also),
        "updated": (urgent, also, normal, low),
    }
    assert set(expected) == set(SORTS)
    for sort, order in expected.items():
        assert listed(dana, sort=sort) == order, sort


def test_pages_hold_twenty_five_and_a_page_beyond_the_end_is_the_last(dana: Actor) -> None:
    category_id = make_category()
    calls = [make_call(dana, category_id=category_id, phone="4155552671") for _ in range(26)]
    for page, order, extra in [
        ("1", calls[:0:-1], {"page": 1, "first": 1, "last": 25}),
        ("2", calls[:1], {"page": 2, "first": 26, "last": 26}),
        ("99", calls[:1], {"page": 2, "first": 26, "last": 26}),
    ]:
        answer = list_calls(dana, CallsQuestion.from_params(dana, {"page": page}))
        assert answer.order == tuple(order)
        assert answer.extra == {"total": 26, "pages": 2} | extra
    empty = list_calls(dana, CallsQuestion(search="nothing"))
    assert (empty.order, empty.rows) == ((), {})
    assert empty.extra == {"total": 0, "page": 1, "pages": 1, "first": 0, "last": 0}


@pytest.mark.parametrize("size", [1, 25])
def test_a_list_costs_three_statements_however_long_it_is(dana: Actor, database: Database, size: int) -> None:
    category_id = make_category()
    for _ in range(size):
        make_call(dana, category_id=category_id)
    with statements(database) as seen:
        list_calls(dana, CallsQuestion(search="cold"))
    assert len(seen) == 3
    with statements(database) as seen:
        count_calls(dana)
    assert len(seen) == 2


def test_a_row_is_flat_and_travels_as_json(dana: Actor) -> None:
    call_id = make_call(
        dana, phone="+14155552671", problem="Cold " + "word " * 100 + "\nVery.", due_at="2026-03-04T12:00Z"
    )
    answer = list_calls(dana, CallsQuestion())
    row: dict[str, Any] = answer.rows[call_id]
    assert json.loads(json.dumps(row)) == row
    assert answer.seq == last_seq()
    assert (row["number"], row["phone"], row["tel"]) == (f"C-{call_id}", "(415) 555-2671", "+14155552671")
    assert row["due_at"] == "2026-03-04T12:00:00+00:00"
    assert row["problem"].startswith("Cold word") and row["problem"].endswith("…")
    assert len(row["problem"]) <= 160
    assert (row["engineer"], row["engineer_id"], row["may_assign"], row["may_start"]) == (
        None,
        None,
        True,
        False,
    )


def test_the_record_tells_who_did_each_step(dana: Actor) -> None:
    ravi = make_user(Role.ENGINEER, "Ravi K.")
    call_id = make_call_in("in_progress", dana, ravi, problem="Cold.\nVery.", address="12 Elm St")
    complete_call(ravi, call_id, {"remark": "Bled it."})
    answer = show_call(dana, call_id)
    row = answer.rows[call_id]
    assert json.loads(json.dumps(row)) == row
    told = {
        "problem": "Cold.\nVery.",
        "created_by": "Dana O.",
        "assigned_by": "Dana O.",
        "engineer": "Ravi K.",
        "completed_by": "Ravi K.",
        "cancelled_by": None,
        "completion_remark": "Bled it.",
        "place": "12 Elm St",
        "customer_address": "12 Elm St",
        "may_reopen": True,
        "may_edit": False,
    }
    assert {key: row[key] for key in told} == told
    assert row["done_at"] == row["completed_at"] and row["assigned_at"] <= row["started_at"]
