"""One call and what people do about it, through the actions."""

from __future__ import annotations

from datetime import datetime

from ..actions.calls import create_call, edit_call
from ..actions.calls_assign import assign_call, unassign_call
from ..actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from ..domain.access import Actor
from ..queries.call import show_call
from .people import Customer
from .stage import Stage
from .words import phrases

CATEGORIES = {
    "Printers": 18,
    "Network": 20,
    "Workstations": 20,
    "Point of sale": 16,
    "Servers": 9,
    "Telephony": 9,
    "Doors and cameras": 7,
    "Power": 6,
}
PRIORITIES = {"normal": 60, "high": 20, "low": 13, "urgent": 7}


class CallStory:
    """The verbs are done at the moment at which the script plays them; `id` is known after `log`."""

    def __init__(self, stage: Stage, customer: Customer, priority: str = "") -> None:
        self.stage, self.customer, self.id = stage, customer, 0
        rng = stage.rng
        self.category = rng.choices(*self._fitting())[0]
        self.problem, self.remark = stage.words.problem(self.category, customer.is_home)
        self.priority = priority or rng.choices([*PRIORITIES], [*PRIORITIES.values()])[0]
        self.engineer = rng.choice(stage.desk.engineers)
        self.instructions = stage.words.instructions(customer.is_home)

    def _fitting(self) -> tuple[list[str], list[int]]:
        wanted = dict(CATEGORIES)
        if not self.customer.has_tills:
            del wanted["Point of sale"]
        if self.customer.is_home:
            del wanted["Servers"]
        return [*wanted], [*wanted.values()]

    def log(self, by: Actor, due: datetime | None = None, assigned: bool = False) -> None:
        typed = self.customer.form() | {
            "problem": self.problem,
            "category_id": self.stage.desk.call_categories[self.category],
            "priority": self.priority,
            "due_at": due.isoformat() if due else "",
        }
        if assigned:
            typed |= {"assigned_to_id": self.engineer.id, "instructions": self.instructions}
        if not self.customer.is_home and "address" not in typed and self.stage.chance(0.08):
            typed["address"] = self.stage.rng.choice(phrases.OTHER_SITES)
        self.id = create_call(by, typed)

    def assign(self, by: Actor) -> None:
        assign_call(by, self.id, {"assigned_to_id": self.engineer.id, "instructions": self.instructions})

    def hand_over(self, by: Actor, to: Actor) -> None:
        self.engineer = to
        assign_call(
            by,
            self.id,
            {"assigned_to_id": to.id, "instructions": self.stage.rng.choice(phrases.HANDED_OVER)},
        )

    def take_back(self, by: Actor) -> None:
        unassign_call(by, self.id)

    def edit(self, by: Actor, **changes: str) -> None:
        row = show_call(by, self.id).rows[self.id]
        was = {name: row[name] or "" for name in changes}
        edit_call(by, self.id, version=row["version"], was=was, changes=changes)

    def start(self) -> None:
        start_call(self.engineer, self.id)

    def complete(self, remark: str = "") -> None:
        complete_call(self.engineer, self.id, {"remark": remark or self.remark})

    def cancel(self, by: Actor) -> None:
        cancel_call(by, self.id, {"reason": self.stage.rng.choice(phrases.CANCELLED)})

    def reopen(self, by: Actor) -> None:
        reopen_call(by, self.id, {"reason": self.stage.rng.choice(phrases.REOPENED)})
