"""A hundred different questions, as a company that size asks them: by person, by trade, by tab, by sort, by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import parse_qsl

from service_desk.domain.access import Actor
from service_desk.queries.answer import Answer
from service_desk.queries.calls import SORTS, CallsQuestion, list_calls

from .big_life import VISITING
from .names import LAST

TABS = ("unassigned", "open", "overdue", "all")
PRIORITIES = ("low", "normal", "high", "urgent")
PAGES = range(2, 8)
SEARCHES = [name.lower() for name in LAST[:4]]
CATEGORIES, ENGINEERS = range(1, 9), VISITING[:20]


@dataclass(frozen=True, slots=True)
class Look:
    """An address of the list of calls: what stands in it from the question mark on."""

    query: str

    def answer(self, actor: Actor) -> Answer:
        return list_calls(actor, self.question(actor))

    def shows(self, actor: Actor) -> frozenset[int]:
        """The calls whose change is seen here: those of the page, or all where a change moves a call to the top."""
        question, found = self.question(actor), self.answer(actor)
        pages = range(1, found.extra["pages"] + 1) if question.sort == "updated" else [question.page]
        answers = [list_calls(actor, replace(question, page=page)) for page in pages]
        return frozenset(int(row) for answer in answers for row in answer.rows)

    def question(self, actor: Actor) -> CallsQuestion:
        return CallsQuestion.from_params(actor, dict(parse_qsl(self.query.removeprefix("?"))))


def hundred_looks() -> list[Look]:
    """Engineers 20, categories 8, both of a category and a priority 32, tabs by sort 24, further pages, searches."""
    queries = [f"?engineer={engineer}" for engineer in ENGINEERS]
    queries += [f"?category={category}" for category in CATEGORIES]
    queries += [
        f"?category={category}&priority={priority}" for category, priority in product(CATEGORIES, PRIORITIES)
    ]
    queries += [f"?tab={tab}&sort={sort}" for tab, sort in product(TABS, SORTS)]
    queries += [f"?page={page}" for page in PAGES]
    queries += [f"?q={search}" for search in SEARCHES]
    queries += [f"?priority={priority}" for priority in PRIORITIES] + [
        "?sort=oldest&page=2",
        "?tab=all&page=9",
    ]
    return [Look(query) for query in queries][:100]
