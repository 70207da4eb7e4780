"""Long lists: in every order all pages together are the list, and beyond what is counted both ends can be paged."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from bench.many_plans import noted_statements
from service_desk.domain.calls import OPEN_CALL
from service_desk.queries.calls import SORTS, CallsQuestion, list_calls
from service_desk.queries.carry_ins import CarryInsQuestion, list_carry_ins
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import current

from .long_lists import DANA, Pair, desk, everything, filled, low_bounds

__all__ = ["desk", "filled", "low_bounds"]


def in_order(sort: str, pairs: list[Pair]) -> list[int]:
    late = max(call.due_at for call, _ in pairs if call.due_at)
    keys: dict[str, Any] = {
        "newest": lambda pair: -pair[0].id,
        "oldest": lambda pair: pair[0].id,
        "priority": lambda pair: (-pair[0].priority, pair[0].id),
        "due": lambda pair: (pair[0].due_at is None, pair[0].due_at or late, pair[0].id),
        "updated": lambda pair: (-pair[0].updated_at.timestamp(), -pair[0].id),
    }
    return [int(call.id or 0) for call, _ in sorted(pairs, key=keys[sort])]


FILTERS: list[tuple[dict[str, str], Any]] = [
    ({"tab": "all"}, lambda _: True),
    ({"tab": "open"}, lambda call: call.status in OPEN_CALL),
    ({"tab": "all", "category": "3"}, lambda call: call.category_id == 3),
    (
        {"tab": "all", "category": "3,5", "priority": "low,normal"},
        lambda c: c.category_id in (3, 5) and c.priority < 3,
    ),
    ({"tab": "all", "engineer": "none,12"}, lambda call: call.assigned_to_id in (None, 12)),
    ({"tab": "all", "status": "cancelled", "engineer": "none"}, lambda call: call.status == "cancelled"),
]


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "customer"])
@pytest.mark.parametrize("number", range(len(FILTERS)))
def test_all_pages_together_are_the_sorted_list(desk: list[Pair], sort: str, number: int) -> None:
    params, passes = FILTERS[number]
    expected = in_order(sort, [pair for pair in desk if passes(pair[0])])
    assert everything(DANA, **params, sort=sort) == expected


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "customer"])
@pytest.mark.parametrize("number", range(len(FILTERS)))
def test_beyond_the_bound_both_ends_can_be_paged(
    desk: list[Pair], low_bounds: None, sort: str, number: int
) -> None:
    params, passes = FILTERS[number]
    expected = in_order(sort, [pair for pair in desk if passes(pair[0])])
    first = list_calls(DANA, CallsQuestion.from_params(DANA, {**params, "sort": sort}))
    assert first.extra.get("more", False) == (len(expected) > 200)
    last = list_calls(DANA, CallsQuestion.from_params(DANA, {**params, "sort": sort, "page": "-1"}))
    before = list_calls(DANA, CallsQuestion.from_params(DANA, {**params, "sort": sort, "page": "-2"}))
    if len(expected) > 200:
        assert (first.extra["total"], first.extra["pages"]) == (200, 8)
        assert everything(DANA, **params, sort=sort) == expected[:200]
        assert list(last.order) == expected[-25:] and list(before.order) == expected[-50:-25]
        assert (last.extra["page"], before.extra["first"], before.extra["last"]) == (-1, 26, 50)
    else:
        assert last.extra["page"] == last.extra["pages"] and list(last.order) == expected[-len(last.order) :]


def test_by_customer_both_ends_meet(desk: list[Pair]) -> None:
    found = everything(DANA, tab="all", sort="customer")
    names = {call.id: customer.name.lower() for call, customer in desk}
    assert sorted(found) == sorted(names)
    told = [names[key] for key in found]
    assert told[:25] == sorted(told[:25]) or not all(map(str.isascii, told[:25]))


def test_carry_ins_and_customers_page_from_both_ends(desk: list[Pair], low_bounds: None) -> None:
    for asked in ("1", "-1"):
        many = list_carry_ins(DANA, CarryInsQuestion.from_params(DANA, {"tab": "all", "page": asked}))
        people = list_customers(DANA, CustomersQuestion.from_params(DANA, {"sort": "newest", "page": asked}))
        assert len(many.order) == len(people.order) == 25
        assert people.extra["more"] and people.extra["page"] == int(asked)
    assert list(people.order) == list(range(25, 0, -1))


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"tab": "all"},
        {"tab": "all", "page": "-1"},
        {"tab": "all", "engineer": "12"},
        {"tab": "all", "category": "3"},
        {"tab": "all", "q": "envelopes"},
        {"tab": "all", "q": "MÜLLER"},
        {"tab": "all", "sort": "customer"},
        {"tab": "all", "sort": "due"},
        {"tab": "all", "sort": "priority"},
    ],
)
def test_no_list_reads_a_whole_table(desk: list[Pair], low_bounds: None, params: dict[str, str]) -> None:
    """But to stop in the middle, where the table itself is in the order that is asked for."""
    with noted_statements() as statements:
        list_calls(DANA, CallsQuestion.from_params(DANA, params))
    with current().engine.begin() as connection:
        if not current().is_sqlite:
            # So small a table is read at once; what is asked is whether an index could serve.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, given in statements:
            explain = "EXPLAIN QUERY PLAN" if current().is_sqlite else "EXPLAIN"
            lines = [
                str(row[-1]).strip() for row in connection.exec_driver_sql(f"{explain} {statement}", given)
            ]
            scanned = [
                line for line in lines if line in ("SCAN call", "SCAN customer") or "Seq Scan on c" in line
            ]
            sorts = any("USE TEMP B-TREE FOR ORDER BY" in line or "Sort Key" in line for line in lines)
            assert not scanned or ("LIMIT" in statement and not sorts), lines
