"""What people do at a large desk, each as one real query with ever other words, people and pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlmodel import col, func, select

from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.customers import Customer
from service_desk.domain.users import Role
from service_desk.queries.activity import ActivityQuestion, history, list_activity
from service_desk.queries.call import show_call
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.queries.calls_counts import count_calls, count_my_calls
from service_desk.queries.carry_ins import CarryInsQuestion, list_carry_ins
from service_desk.queries.carry_ins_counts import count_carry_ins
from service_desk.queries.customer import show_customer
from service_desk.queries.customer_work import customer_work
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import current

from .big_life import DISPATCHING, VISITING
from .names import FIRST, LAST

COMMON = ("printer", "the", "network", "screen", "since", "phone")
RARE = ("extension 4", "surge", "clogged", "envelopes", "crooked", "camera")
CATEGORIES = range(1, 9)


@dataclass
class Desk:
    """A filled desk, those who look at it, and chance."""

    rng: Random
    calls: int
    carry_ins: int
    customers: int
    dana: Actor
    ravi: Actor

    @classmethod
    def of_current(cls) -> Desk:
        with current().reading() as session:
            counts = [
                session.exec(select(func.max(col(kind.id)))).one() or 0 for kind in (Call, CarryIn, Customer)
            ]
        dana = Actor(DISPATCHING[0], Role.DISPATCHER, "Dana")
        return cls(Random(5), *counts, dana, Actor(VISITING[0], Role.ENGINEER, "Ravi"))  # noqa: S311

    def list(self, **params: Any) -> Any:
        return self._list(self.dana, params)

    def own(self, **params: Any) -> Any:
        return self._list(self.ravi, params)

    def _list(self, actor: Actor, params: dict[str, Any]) -> Any:
        given = {name: str(value) for name, value in params.items()}
        return list_calls(actor, CallsQuestion.from_params(actor, given))

    def last(self, actor: Actor, **params: str) -> Any:
        """The last page, as its link asks for it."""
        return self._list(actor, {**params, "page": -1})

    def name(self) -> str:
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def phone(self) -> str:
        with current().reading() as session:
            customer = session.get(Customer, self.rng.randrange(1, self.customers + 1))
        return customer.phone if customer else ""


Operation = Callable[[Desk], Any]


def carry_ins(desk: Desk, **params: str) -> Any:
    return list_carry_ins(desk.dana, CarryInsQuestion.from_params(desk.dana, params))


def customers(desk: Desk, **params: str) -> Any:
    return list_customers(desk.dana, CustomersQuestion.from_params(desk.dana, params))


def activity(desk: Desk, actor: Actor, **params: str) -> Any:
    return list_activity(actor, ActivityQuestion.from_params(actor, params))


OPERATIONS: dict[str, Operation] = {
    "open the list": lambda d: d.list(),
    "page 2": lambda d: d.list(page=2),
    "last page": lambda d: d.last(d.dana),
    "all: first page": lambda d: d.list(tab="all"),
    "all: page 2": lambda d: d.list(tab="all", page=2),
    "all: a page in the hundreds": lambda d: d.list(tab="all", page=d.rng.randrange(100, 400)),
    "all: last page": lambda d: d.last(d.dana, tab="all"),
    "counts of the tabs": lambda d: count_calls(d.dana),
    "count of mine": lambda d: count_my_calls(d.dana),
    "tab unassigned": lambda d: d.list(tab="unassigned"),
    "tab mine": lambda d: d.list(tab="mine"),
    "tab overdue": lambda d: d.list(tab="overdue"),
    "search a number": lambda d: d.list(q=f"C-{d.rng.randrange(1, d.calls + 1)}"),
    "search a number, all": lambda d: d.list(tab="all", q=d.rng.randrange(1, d.calls + 1)),
    "search a name": lambda d: d.list(q=d.rng.choice(LAST)),
    "search a name, all": lambda d: d.list(tab="all", q=d.rng.choice(LAST)),
    "search a whole name, all": lambda d: d.list(tab="all", q=d.name()),
    "search a phone, all": lambda d: d.list(tab="all", q=d.phone()),
    "search half a phone, all": lambda d: d.list(tab="all", q=d.phone()[-5:]),
    "search a common word": lambda d: d.list(q=d.rng.choice(COMMON)),
    "search a common word, all": lambda d: d.list(tab="all", q=d.rng.choice(COMMON)),
    "search a common word, all, page 30": lambda d: d.list(tab="all", q=d.rng.choice(COMMON), page=30),
    "search a common word, all, by customer": lambda d: d.list(
        tab="all", q=d.rng.choice(COMMON), sort="customer"
    ),
    "search a common word in a category": lambda d: d.list(
        tab="all", q=d.rng.choice(COMMON), category=d.rng.choice(CATEGORIES)
    ),
    "search a rare word, all": lambda d: d.list(tab="all", q=d.rng.choice(RARE)),
    "search two letters, all": lambda d: d.list(tab="all", q=d.rng.choice(("li", "bo", "tv", "xq"))),
    "search what is nowhere, all": lambda d: d.list(tab="all", q=f"zzq{d.rng.randrange(100)}"),
    "filter by engineer": lambda d: d.list(engineer=d.rng.choice(VISITING)),
    "filter by engineer, all": lambda d: d.list(tab="all", engineer=d.rng.choice(VISITING)),
    "filter by category": lambda d: d.list(category=d.rng.choice(CATEGORIES)),
    "filter by category, all": lambda d: d.list(tab="all", category=d.rng.choice(CATEGORIES)),
    "filter by engineer and category, all": lambda d: d.list(
        tab="all", engineer=d.rng.choice(VISITING), category=d.rng.choice(CATEGORIES)
    ),
    "four filters, all": lambda d: d.list(
        tab="all",
        engineer=d.rng.choice(VISITING),
        category=d.rng.choice(CATEGORIES),
        priority="urgent,high",
        status="completed,cancelled",
    ),
    **{
        f"all by {sort}": lambda d, sort=sort: d.list(tab="all", sort=sort)  # type: ignore[misc]
        for sort in ("oldest", "priority", "due", "customer", "updated")
    },
    "open by customer": lambda d: d.list(sort="customer"),
    "an engineer's own list": lambda d: d.own(),
    "an engineer's own, all": lambda d: d.own(tab="all"),
    "an engineer's own, all, last page": lambda d: d.last(d.ravi, tab="all"),
    "an engineer searches a name, all": lambda d: d.own(tab="all", q=d.rng.choice(LAST)),
    "an engineer's counts": lambda d: count_calls(d.ravi),
    "one call": lambda d: show_call(d.dana, d.rng.randrange(1, d.calls + 1)),
    "history of a call": lambda d: history(d.dana, "call", d.rng.randrange(1, d.calls + 1)),
    "carry-ins: the shop": lambda d: carry_ins(d),
    "carry-ins: all": lambda d: carry_ins(d, tab="all"),
    "carry-ins: search a name, all": lambda d: carry_ins(d, tab="all", q=d.rng.choice(LAST)),
    "carry-ins: counts": lambda d: count_carry_ins(d.dana),
    "customers": lambda d: customers(d),
    "customers: search a name": lambda d: customers(d, q=d.rng.choice(LAST)),
    "customers: last page": lambda d: customers(d, page="-1"),
    "customers of an engineer": lambda d: list_customers(d.ravi, CustomersQuestion()),
    "a customer's page": lambda d: (
        show_customer(d.dana, n := d.rng.randrange(1, d.customers + 1)),
        customer_work(d.dana, n),
    ),
    "activity": lambda d: activity(d, d.dana),
    "activity of one person": lambda d: activity(d, d.dana, person=str(d.rng.choice(VISITING))),
    "activity of categories": lambda d: activity(d, d.dana, kind="category"),
    "activity as an engineer sees it": lambda d: activity(d, d.ravi),
}
