"""Who works at the large desk, who calls, and what becomes of it. Most is long done; a few thousand calls are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from service_desk.demo.deck import AT_WORK, CARRIED
from service_desk.demo.words.carry_ins import ACCESSORIES
from service_desk.demo.words.phrases import ADDED, CANCELLED, INSTRUCTIONS, PLACES

from .big_story import Row, Story, stored
from .names import FIRST, LAST, STREETS, TOWNS, TRADES

ADMINS, DISPATCHERS, FRONT_DESK, ENGINEERS = 1, 5, 4, 40
CALLS_A_CUSTOMER, CALLS_A_CARRY_IN = 5, 10
MOST_OPEN, MOST_IN_SHOP = 3_000, 600
PRIORITIES = (1, 2, 2, 2, 2, 2, 3, 3, 4)

OFFICE = range(1, ADMINS + DISPATCHERS + FRONT_DESK + 1)
DISPATCHING = range(ADMINS + 1, ADMINS + DISPATCHERS + 1)
VISITING = range(OFFICE[-1] + 1, OFFICE[-1] + 1 + ENGINEERS)


def live(story: Story, calls: int) -> Iterator[None]:
    """Tells the whole story; after each step its rows may be taken."""
    _people(story)
    yield
    for number in range(1, max(2, calls // CALLS_A_CUSTOMER) + 1):
        _customer(story, number)
        yield
    customers = number
    carry_ins = max(1, calls // CALLS_A_CARRY_IN)
    some_open = {story.rng.randrange(1, calls + 1) for _ in range(min(calls, MOST_OPEN) // 20)}
    for number in range(1, calls + 1):
        is_open = number in some_open or (calls - number < min(calls, 2 * MOST_OPEN) // 2 and number % 3 != 0)
        _call(story, number, customers, is_open)
        if number % CALLS_A_CARRY_IN == 0 and number // CALLS_A_CARRY_IN <= carry_ins:
            own = number // CALLS_A_CARRY_IN
            _carry_in(story, own, customers, carry_ins - own < min(carry_ins // 2, MOST_IN_SHOP))
        yield


def _people(story: Story) -> None:
    roles = ["admin"] * ADMINS + ["dispatcher"] * DISPATCHERS + ["front_desk"] * FRONT_DESK
    for number, role in enumerate([*roles, *(["engineer"] * ENGINEERS)], start=1):
        name = f"{FIRST[number % len(FIRST)]} {LAST[number * 7 % len(LAST)]}"
        who = {"username": f"worker{number}", "full_name": name, "role": role, "is_active": True}
        story.new("create user", "user", number, None, **who, password_hash="never")
    number = 0
    for kind, names in (("call", AT_WORK), ("carry_in", CARRIED)):
        verb = "create call category" if kind == "call" else "create carry-in category"
        for position, name in enumerate(names):
            number += 1
            what = {"kind": kind, "name": name, "is_active": True, "position": position}
            story.new(verb, "category", number, 1, **what)


def _customer(story: Story, number: int) -> None:
    rng = story.rng
    last = rng.choice(LAST)
    is_home = rng.random() < 0.6
    name = f"{rng.choice(FIRST)} {last}" if is_home else f"{last} {rng.choice(TRADES)}"
    fields: dict[str, Any] = {
        "name": name,
        "phone": f"+1{200 + number // 100_000 * 7}{2_000_000 + number % 100_000 * 61 % 7_999_999:07d}",
        "email": f"office{number}@example.com" if rng.random() < 0.5 else None,
        "address": f"{rng.randrange(1, 300)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}",
    }
    story.new("create customer", "customer", number, rng.choice(OFFICE), **fields)


def _call(story: Story, number: int, customers: int, is_open: bool) -> None:
    rng = story.rng
    category = rng.randrange(len(AT_WORK))
    by = rng.choice(OFFICE) if rng.random() < 0.9 else rng.choice(VISITING)
    row = story.new(
        "create call",
        "call",
        number,
        by,
        customer_id=_somebody(story, customers),
        category_id=category + 1,
        site_address=f"{rng.choice(STREETS)} {rng.randrange(1, 99)}" if rng.random() < 0.1 else None,
        problem=_problem(story, category),
        priority=rng.choice(PRIORITIES),
        status="pending",
        due_at=stored(story.moment + timedelta(hours=rng.randrange(2, 120))) if rng.random() < 0.6 else None,
    )
    if is_open:
        _go_on(story, row, rng.choice(("pending", "assigned", "assigned", "in_progress")))
    elif rng.random() < 0.03:
        gone = {"cancelled_by_id": rng.choice(DISPATCHING), "cancelled_at": story.at, "status": "cancelled"}
        reason = rng.choice(CANCELLED)
        story.change("cancel call", "call", gone["cancelled_by_id"], row, **gone, cancel_reason=reason)
    else:
        _go_on(story, row, "completed")


def _go_on(story: Story, row: Row, to: str) -> None:
    """Assigned, started, completed: as far as `to`."""
    if to == "pending":
        return
    rng = story.rng
    dispatcher, engineer = rng.choice(DISPATCHING), rng.choice(VISITING)
    given = {"assigned_to_id": engineer, "assigned_by_id": dispatcher, "assigned_at": story.at}
    words = rng.choice(INSTRUCTIONS) if rng.random() < 0.3 else None
    extra = {"instructions": words} if words else {}
    story.change("assign call", "call", dispatcher, row, **given, **extra, status="assigned")
    if to == "assigned":
        return
    story.change("start call", "call", engineer, row, started_at=story.at, status="in_progress")
    if to == "in_progress":
        return
    done = {"completed_by_id": engineer, "completed_at": story.at, "status": "completed"}
    remark = rng.choice(_FAULTS[row["category_id"] - 1]).remark
    story.change("complete call", "call", engineer, row, **done, completion_remark=remark)


def _carry_in(story: Story, number: int, customers: int, is_here: bool) -> None:
    rng = story.rng
    kind = rng.randrange(len(CARRIED))
    items, faults = _CARRIED[kind]
    fault = rng.choice(faults)
    row = story.new(
        "receive carry-in",
        "carry_in",
        number,
        rng.choice(OFFICE),
        customer_id=_somebody(story, customers),
        item=rng.choice(items),
        serial_number=f"SN{rng.randrange(16**8):08X}" if rng.random() < 0.7 else None,
        accessories=rng.choice(ACCESSORIES) if rng.random() < 0.5 else None,
        fault=f"{fault.headline}\n{fault.detail}",
        category_id=len(AT_WORK) + kind + 1,
        status="received",
    )
    far = rng.randrange(4) if is_here else 3
    technician = rng.choice(VISITING)
    if far > 0:
        bench = {"assigned_to_id": technician, "status": "in_repair"}
        story.change("take carry-in to the bench", "carry_in", technician, row, **bench)
    if far > 1:
        done = {"completed_by_id": technician, "completed_at": story.at, "status": "completed"}
        told = {"outcome": "repaired", "completion_remark": fault.remark}
        story.change("complete carry-in", "carry_in", technician, row, **done, **told)
    if far > 2 and not is_here:
        gone = {"delivered_by_id": rng.choice(OFFICE), "delivered_at": story.at, "status": "delivered"}
        story.change(
            "deliver carry-in", "carry_in", gone["delivered_by_id"], row, **gone, delivered_to="them"
        )


def _somebody(story: Story, customers: int) -> int:
    """One customer of all; some call far more often than others."""
    return int(customers * story.rng.random() ** 1.5) + 1


def _problem(story: Story, category: int) -> str:
    rng = story.rng
    fault = rng.choice(_FAULTS[category])
    told = f"{fault.headline}\n{fault.detail}" if rng.random() < 0.6 else fault.headline
    if rng.random() < 0.5:
        told = f"{told} {rng.choice(ADDED)}"
    if rng.random() < 0.2:
        told = f"{told} Ask for {rng.choice(FIRST)}, extension {rng.randrange(100, 1000)}."
    return told.replace("{where}", rng.choice(PLACES))


_FAULTS = list(AT_WORK.values())
_CARRIED = list(CARRIED.values())
