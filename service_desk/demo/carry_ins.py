"""The carry-ins of three months, and those in the shop now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from ..actions.carry_ins import edit_carry_in, receive_carry_in
from ..actions.carry_ins_repair import complete_carry_in, deliver_carry_in, return_to_bench, take_to_bench
from ..domain.access import Actor
from ..queries.carry_in import show_carry_in
from .people import Customer
from .stage import Stage
from .words import carry_ins as words
from .words import lines, phrases

CATEGORIES = {
    "Laptops": 32,
    "Phones and tablets": 22,
    "Desktop computers": 18,
    "Printers and scanners": 12,
    "Network devices": 9,
    "Tills": 12,
}

IN_SHOP = lines("""
    0 received
    0 received
    0 in_repair
    1 received
    1 in_repair
    2 in_repair
    2 in_repair
    3 repaired
    4 in_repair
    4 repaired
    5 unrepaired
    7 repaired
""")
"""Received how many working days ago (0: in the present shift), and how far it came."""


class CarryInStory:
    """The verbs are done at the moment at which the script plays them; `id` is known after `receive`."""

    def __init__(self, stage: Stage, customer: Customer) -> None:
        self.stage, self.customer, self.id = stage, customer, 0
        wanted = {name: part for name, part in CATEGORIES.items() if name != "Tills" or customer.has_tills}
        self.category = stage.rng.choices([*wanted], [*wanted.values()])[0]
        self.item, self.fault, self.remark = stage.words.device(self.category)
        self.serial = "".join(stage.rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=10))
        self.technician = stage.rng.choice(stage.desk.engineers)

    def receive(self, by: Actor, with_serial: bool = True) -> None:
        typed = self.customer.form() | {
            "item": self.item,
            "serial_number": self.serial if with_serial else "",
            "accessories": self.stage.rng.choice((*words.ACCESSORIES, "", "", "")),
            "fault": self.fault,
            "category_id": self.stage.desk.carry_in_categories[self.category],
        }
        self.id = receive_carry_in(by, typed)

    def note_serial(self, by: Actor) -> None:
        row = show_carry_in(by, self.id).rows[self.id]
        edit_carry_in(
            by,
            self.id,
            version=row["version"],
            was={"serial_number": ""},
            changes={"serial_number": self.serial},
        )

    def take_to_bench(self) -> None:
        take_to_bench(self.technician, self.id, {})

    def complete(self, repaired: bool) -> None:
        remark = self.remark if repaired else self.stage.rng.choice(words.UNREPAIRED)
        outcome = "repaired" if repaired else "unrepaired"
        complete_carry_in(self.technician, self.id, {"outcome": outcome, "remark": remark})

    def return_to_bench(self) -> None:
        return_to_bench(self.technician, self.id, {"reason": self.stage.rng.choice(words.RETURNED)})

    def deliver(self, by: Actor) -> None:
        remark = self.stage.rng.choice((*phrases.HANDED_BACK, "", ""))
        deliver_carry_in(by, self.id, {"delivered_to": self.customer.contact, "remark": remark})


def write_delivered(stage: Stage, customer: Customer) -> None:
    """Put into the script a carry-in that was handed back before the present shift."""
    story = CarryInStory(stage, customer)
    steps: list[tuple[datetime, Callable[[], None]]] = []
    while not steps or steps[-1][0] >= stage.hours.today:
        steps = _plan(stage, story)
    for at, act in steps:
        stage.script.at(at, act)


def _plan(stage: Stage, story: CarryInStory) -> list[tuple[datetime, Callable[[], None]]]:
    hours = stage.hours
    at = hours.sometime()
    has_serial = stage.chance(0.85)
    steps: list[tuple[datetime, Callable[[], None]]] = [
        (at, partial(story.receive, _taker(stage), has_serial))
    ]
    if not has_serial and stage.chance(0.6):
        at = hours.later(at, 2, 40)
        steps.append((at, partial(story.note_serial, stage.rng.choice(stage.desk.office))))
    is_hopeless = stage.chance(0.05)
    repaired = not is_hopeless and stage.chance(0.92)
    if not is_hopeless:
        at = hours.later(at, 40, 3500)
        steps.append((at, story.take_to_bench))
    at = hours.later(at, 30, 2600)
    steps.append((at, partial(story.complete, repaired)))
    if repaired and stage.chance(0.06):
        at = hours.later(at, 60, 2000)
        steps.append((at, story.return_to_bench))
        at = hours.later(at, 30, 1200)
        steps.append((at, partial(story.complete, True)))
    at = hours.later(at, 60, 6500)
    steps.append((at, partial(story.deliver, stage.rng.choice(stage.desk.office))))
    return steps


def write_in_shop(stage: Stage, customers: list[Customer]) -> None:
    """Put into the script one carry-in for each line of IN_SHOP, each for the next of the customers."""
    for line, customer in zip(IN_SHOP, customers, strict=True):
        days, status = line.split()
        story = CarryInStory(stage, customer)
        shift = stage.hours.present - stage.hours.today
        now_and_then = stage.hours.today + shift * stage.rng.uniform(0.3, 0.9)
        at = now_and_then if days == "0" else stage.hours.days_ago(int(days))
        left = stage.hours.present - at
        stage.script.at(at, partial(story.receive, _taker(stage)))
        if status == "received":
            continue
        at = min(stage.hours.later(at, 20, 400), at + left * 0.5)
        stage.script.at(at, story.take_to_bench)
        if status != "in_repair":
            done = stage.hours.later(at, 60, 900)
            latest = stage.hours.present - timedelta(minutes=stage.rng.uniform(5, 60))
            stage.script.at(min(done, latest), partial(story.complete, status == "repaired"))


def _taker(stage: Stage) -> Actor:
    return stage.rng.choice(stage.desk.engineers if stage.chance(0.15) else stage.desk.office)
