"""How calls, carry-ins and customers are told on a plain page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..queries.answer import Row

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """`line` gives {number, href, title, status, tone, more} of a row; the rest is what its own page tells.

    Customers have neither tabs nor statuses; their phone stands for a number.
    """

    title: str
    tabs: tuple[tuple[str, str], ...]
    statuses: dict[str, tuple[str, str]]
    sorts: dict[str, str]
    line: Callable[[Row], dict[str, Any]]
    heading: Callable[[Row], str]
    text: Callable[[Row], str]
    facts: Callable[[Row], list[Fact]]


def _call_line(row: Row) -> dict[str, Any]:
    word, tone = CALLS.statuses[row["status"]]
    due = f"due {moment(row['due_at'])}" if row["due_at"] and not row["done_at"] else ""
    priority = f"{row['priority']} priority"
    return {
        "number": row["number"],
        "href": f"/plain/calls/{row['id']}",
        "title": row["problem"],
        "status": word,
        "tone": tone,
        "more": [row["customer"], row["category"], priority, row["engineer"] or "nobody yet", due],
    }


def _call_facts(row: Row) -> list[Fact]:
    return [
        ("Customer", row["customer"]),
        ("Phone", row["phone"]),
        ("Place", row["place"]),
        ("Category", row["category"]),
        ("Priority", row["priority"].capitalize()),
        ("Engineer", row["engineer"] or "Nobody yet"),
        ("Due", moment(row["due_at"])),
        ("Instructions", row["instructions"]),
        ("Logged", _by(row["created_at"], row["created_by"])),
        ("Assigned", _by(row["assigned_at"], row["assigned_by"])),
        ("On site since", moment(row["started_at"])),
        ("Completed", _by(row["completed_at"], row["completed_by"])),
        ("Remark", row["completion_remark"]),
        ("Cancelled", _by(row["cancelled_at"], row["cancelled_by"])),
        ("Why cancelled", row["cancel_reason"]),
        ("Why reopened", row["reopen_reason"]),
    ]


def _carry_in_line(row: Row) -> dict[str, Any]:
    word, tone = CARRY_INS.statuses[row["status"]]
    if row["outcome"] == "unrepaired" and row["status"] == "completed":
        word = "Ready, unrepaired"
    return {
        "number": row["number"],
        "href": f"/plain/carry-ins/{row['id']}",
        "title": " · ".join(filter(None, (row["item"], row["fault"]))),
        "status": word,
        "tone": tone,
        "more": [row["customer"], row["serial_number"], row["technician"] or "nobody yet", _received(row)],
    }


def _received(row: Row) -> str:
    return f"received {moment(row['created_at'])}"


def _carry_in_facts(row: Row) -> list[Fact]:
    return [
        ("Customer", row["customer"]),
        ("Phone", row["phone"]),
        ("Serial number", row["serial_number"]),
        ("With it", row["accessories"]),
        ("Category", row["category"]),
        ("Technician", row["technician"] or "Nobody yet"),
        ("Received", _by(row["created_at"], row["created_by"])),
        ("Ready", _by(row["completed_at"], row["completed_by"])),
        ("Remark", row["completion_remark"]),
        ("Delivered", _by(row["delivered_at"], row["delivered_by"])),
        ("Delivered to", row["delivered_to"]),
        ("At delivery", row["delivery_remark"]),
        ("Why returned", row["return_reason"]),
    ]


def _customer_line(row: Row) -> dict[str, Any]:
    return {
        "number": row["phone"],
        "href": f"/plain/customers/{row['id']}",
        "title": row["name"],
        "status": _counted(row["open_calls"], "open call"),
        "tone": "amber",
        "more": [row["address"], row["email"], _counted(row["in_shop"], "device", "in the shop")],
    }


def _customer_facts(row: Row) -> list[Fact]:
    return [
        ("Phone", row["phone"]),
        ("Email", row["email"]),
        ("Address", row["address"]),
        ("Open calls", str(row["open_calls"])),
        ("In the shop", str(row["in_shop"])),
        ("Customer since", moment(row["created_at"])),
    ]


def _counted(count: int, what: str, where: str = "") -> str:
    return f"{count} {what}{'s' * (count != 1)} {where}".rstrip() if count else ""


def moment(at: str | None) -> str:
    """An ISO 8601 time in UTC as "24 Nov 2026, 10:42 UTC"; the server can't know the reader's zone."""
    return datetime.fromisoformat(at).strftime("%-d %b %Y, %H:%M UTC") if at else ""


def _by(at: str | None, person: str | None) -> str:
    return f"{moment(at)} by {person}" if at and person else moment(at)


CALLS = Words(
    title="Calls",
    tabs=(
        ("unassigned", "Unassigned"),
        ("mine", "Mine"),
        ("open", "Open"),
        ("overdue", "Overdue"),
        ("all", "All"),
    ),
    statuses={
        "pending": ("Pending", "amber"),
        "assigned": ("Assigned", "blue"),
        "in_progress": ("On site", "iris"),
        "completed": ("Completed", "green"),
        "cancelled": ("Cancelled", "slate"),
    },
    sorts={
        "newest": "Newest",
        "oldest": "Oldest",
        "priority": "Priority",
        "due": "Due",
        "customer": "Customer",
        "updated": "Last changed",
    },
    line=_call_line,
    heading=lambda row: row["problem"].partition("\n")[0],
    text=lambda row: row["problem"].partition("\n")[2],
    facts=_call_facts,
)
CARRY_INS = Words(
    title="Carry-ins",
    tabs=(
        ("shop", "In the shop"),
        ("received", "Received"),
        ("bench", "On the bench"),
        ("ready", "Ready"),
        ("mine", "Mine"),
        ("all", "All"),
    ),
    statuses={
        "received": ("Received", "amber"),
        "in_repair": ("On the bench", "iris"),
        "completed": ("Ready", "green"),
        "delivered": ("Delivered", "slate"),
    },
    sorts={"newest": "Newest", "oldest": "Oldest", "customer": "Customer", "updated": "Last changed"},
    line=_carry_in_line,
    heading=lambda row: row["item"],
    text=lambda row: row["fault"],
    facts=_carry_in_facts,
)
CUSTOMERS = Words(
    title="Customers",
    tabs=(),
    statuses={},
    sorts={"name": "Name", "newest": "Newest"},
    line=_customer_line,
    heading=lambda row: row["name"],
    text=lambda _: "",
    facts=_customer_facts,
)
