"""The feed and the histories: told in words, and cut to what the reader may see."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, reopen_call
from service_desk.actions.carry_ins_repair import return_to_bench
from service_desk.actions.categories import create_category
from service_desk.actions.customers import create_customer
from service_desk.actions.users import create_user, deactivate_user, edit_user, set_password
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.queries.activity import ENTRIES_A_PAGE, ActivityQuestion, history, list_activity
from service_desk.store.database import Database
from tests.factories import make_call, make_call_in, make_carry_in, make_carry_in_in, make_category, make_user
from tests.readings import last_seq, stored

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"
DANA = {"username": "dana", "full_name": "Dana O.", "role": "dispatcher", "password": PASSWORD}


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Ada A.")


@pytest.fixture
def ravi(admin: Actor) -> Actor:
    return make_user(Role.ENGINEER, "Ravi K.")


def feed(actor: Actor, **asked: Any) -> list[dict[str, Any]]:
    found = list_activity(actor, ActivityQuestion(**asked))
    return [found.rows[key] for key in found.order]


def texts(actor: Actor, entity: str, record_id: int) -> list[str]:
    found = history(actor, entity, record_id)
    return [found.rows[key]["text"] for key in found.order]


def test_the_life_of_a_call_reads_like_a_story(admin: Actor, ravi: Actor) -> None:
    sam = make_user(Role.ENGINEER, "Sam S.")
    water = make_category(CategoryKind.CALL, "Water")
    call_id = make_call_in("completed", admin, ravi, category_id=make_category(CategoryKind.CALL, "Heating"))
    reopen_call(admin, call_id, {"reason": "Leaks again."})
    assign_call(admin, call_id, {"assigned_to_id": sam.id, "instructions": "Ring the bell\ntwice."})
    unassign_call(admin, call_id)
    call = stored(Call, call_id)
    was = {"priority": "normal", "category_id": call.category_id, "problem": call.problem}
    changes = {"priority": "high", "category_id": water, "problem": "Water everywhere."}
    edit_call(admin, call_id, version=call.version, was=was, changes=changes)
    cancel_call(admin, call_id, {"reason": "Sold the house."})
    assert texts(admin, "call", call_id) == [
        "logged the call",
        "assigned Ravi K.",
        "started the visit",
        "completed it · “Bled the radiator.”",
        "reopened it · “Leaks again.”",
        "assigned Sam S. instead of Ravi K. · “Ring the bell twice.”",
        "took it back from Sam S.",
        "changed priority from normal to high; category from Heating to Water; the problem",
        "cancelled it · “Sold the house.”",
    ]


def test_the_life_of_a_carry_in_reads_like_a_story(admin: Actor) -> None:
    carry_in_id = make_carry_in_in("completed", admin)
    return_to_bench(admin, carry_in_id, {"reason": "Still hot."})
    assert texts(admin, "carry_in", carry_in_id) == [
        "received it",
        "took it to the bench",
        "completed it, repaired · “New fan.”",
        "took it back to the bench · “Still hot.”",
    ]


def test_users_and_categories_read_like_a_story(admin: Actor) -> None:
    user_id = create_user(admin, DANA)
    edit_user(admin, user_id, version=1, was={"role": "dispatcher"}, changes={"role": "engineer"})
    set_password(admin, user_id, {"password": "staple of another kind"})
    call_id = make_call(admin, assigned_to_id=user_id)
    deactivate_user(admin, user_id)
    assert texts(admin, "user", user_id) == [
        "added the user as dispatcher",
        "changed role from dispatcher to engineer",
        "set a new password",
        "deactivated the user",
    ]
    assert feed(admin)[0]["text"] == "deactivated the user · 1 open call pending again"
    assert texts(admin, "call", call_id) == [
        "logged the call and assigned Dana O.",
        "deactivated Dana O., so it is pending again",
    ]
    category_id = create_category(admin, CategoryKind.CARRY_IN, {"name": "Laptops"})
    assert texts(admin, "category", category_id) == ["added the category"]


def test_a_row_says_who_did_what_to_which_record(admin: Actor) -> None:
    call_id = make_call(admin, problem="The heating\nis cold.")
    row = feed(admin)[0]
    assert row | {"at": "", "touches": 2} == {
        "id": last_seq(),
        "at": "",
        "actor_id": admin.id,
        "actor": "Ada A.",
        "verb": "create call",
        "name": "call_created",
        "entity": "call",
        "record_id": call_id,
        "number": f"C-{call_id}",
        "title": "The heating is cold.",
        "text": "logged the call",
        "may_open": True,
        "touches": 2,
        "may_undo": False,
        "undo_until": None,
    }
    customer_id = stored(Call, call_id).customer_id
    assert texts(admin, "customer", customer_id) == ["added the customer"]
    assert feed(admin)[-1]["actor"] == "The desk", "nobody was signed in when the first user came"


def test_an_engineer_hears_of_their_calls_and_of_devices(admin: Actor, ravi: Actor) -> None:
    sam = make_user(Role.ENGINEER, "Sam S.")
    mine, theirs = make_call_in("assigned", admin, ravi), make_call_in("assigned", admin, sam)
    device = make_carry_in(admin)
    own = make_call(ravi)
    create_customer(admin, {"name": "Nobody's", "phone": "+14155550199"})
    create_category(admin, CategoryKind.CALL, {"name": "Secret"})
    create_user(admin, DANA)
    seen = {(row["entity"], row["record_id"]) for row in feed(ravi)}
    assert {("call", mine), ("call", own), ("carry_in", device)} <= seen
    assert ("call", theirs) not in seen
    assert {entity for entity, _ in seen} == {"call", "carry_in", "user"}
    assert {record_id for entity, record_id in seen if entity == "user"} == {ravi.id}
    assert "Sam" not in str(feed(ravi)) and "Secret" not in str(feed(ravi))
    assert texts(ravi, "call", theirs) == []
    assert texts(ravi, "customer", stored(Call, mine).customer_id) == ["added the customer"]
    assert texts(ravi, "customer", stored(Call, theirs).customer_id) == []
    unassign_call(admin, mine)
    assert texts(ravi, "call", mine) == []


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.FRONT_DESK])
def test_the_office_hears_of_everything_but_users(admin: Actor, ravi: Actor, role: Role) -> None:
    call_id = make_call_in("assigned", admin, ravi)
    category_id = create_category(admin, CategoryKind.CALL, {"name": "Water"})
    deactivate_user(admin, ravi.id)
    reader = make_user(role)
    rows = feed(reader)
    assert {row["entity"] for row in rows} == {"call", "category"}
    assert rows[0]["record_id"] == call_id and "deactivated Ravi K." in rows[0]["text"]
    assert rows[0]["touches"] == 1
    assert not next(row for row in rows if row["record_id"] == category_id)["may_open"]
    assert texts(reader, "user", ravi.id) == []


def test_readers_of_the_same_scope_get_the_same_answer(admin: Actor) -> None:
    make_call(admin)
    first, second = make_user(Role.DISPATCHER), make_user(Role.DISPATCHER)
    assert list_activity(first, ActivityQuestion()) == list_activity(second, ActivityQuestion())
    assert list_activity(admin, ActivityQuestion()) == list_activity(
        make_admin_like(admin), ActivityQuestion()
    )


def make_admin_like(admin: Actor) -> Actor:
    return Actor(admin.id + 1_000, Role.ADMIN, "Another")


def test_the_feed_is_filtered_by_person_kind_and_day(admin: Actor, ravi: Actor) -> None:
    with time_machine.travel("2026-03-02T23:59:59Z", tick=False) as clock:
        first = make_call(admin)
        clock.shift(2)
        second = make_call(ravi)
    assert [row["record_id"] for row in feed(admin, person=ravi.id)] == [second]
    assert [row["record_id"] for row in feed(admin, kind="call", day="2026-03-02")] == [first]
    assert [row["record_id"] for row in feed(admin, kind="call", day="2026-03-03")] == [second]
    assert {row["entity"] for row in feed(admin, kind="customer")} == {"customer"}
    assert feed(admin, kind="carry_in") == []


def test_the_feed_comes_in_pages_newest_first(admin: Actor) -> None:
    for number in range(ENTRIES_A_PAGE + 3):
        create_category(admin, CategoryKind.CALL, {"name": f"Category {number}"})
    first, last = (list_activity(admin, ActivityQuestion(page=page)) for page in (1, 99))
    assert (first.order[0], len(first.order), first.extra["pages"]) == (last_seq(), ENTRIES_A_PAGE, 2)
    assert last.order == tuple(range(last.extra["total"] - ENTRIES_A_PAGE, 0, -1))
    assert last.extra["page"] == 2


def test_any_url_is_a_question(admin: Actor) -> None:
    good = {"person": "7", "kind": "call", "day": "2026-03-02", "page": "3"}
    assert ActivityQuestion.from_params(admin, good) == ActivityQuestion(7, "call", "2026-03-02", 3)
    strange: list[Any] = [
        {},
        {"person": "x", "kind": "secrets", "day": "yesterday", "page": "-1"},
        {"person": "9" * 400, "day": "2026-02-30", "page": "\0"},
        {"person": None, "kind": 7, "day": ["2026-03-02"], "page": {}},
        {"day": "0001-01-01"},
    ]
    for params in strange:
        assert ActivityQuestion.from_params(admin, params) == ActivityQuestion()
    assert feed(admin, person=7, day="2026-03-02", page=3) == []


@pytest.mark.parametrize("asked", [("call", 2_000_000), ("password", 1), ("", 0)])
def test_the_history_of_nothing_is_empty(admin: Actor, asked: tuple[str, int]) -> None:
    assert history(admin, *asked).order == ()


def test_no_secret_is_ever_told(admin: Actor) -> None:
    user_id = create_user(admin, DANA)
    set_password(admin, user_id, {"password": "staple of another kind"})
    told = str(feed(admin)) + str(history(admin, "user", user_id))
    assert "argon2" not in told and "secret" not in told and "staple" not in told
