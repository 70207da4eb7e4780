"""An id that is not one's own answers as if it did not exist, however it is asked for."""

from __future__ import annotations

import json
import re
from itertools import cycle

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..caller import Caller, sentences, shown
from ..factories import make_call
from ..figures import Figure
from ..running_desk import RunningDesk
from .scale import scaled

SECRET = "the vault door alarm 4711"
MISSING = 999_999_999
WORDS = (0, -1, 2**31, 2**63, 10**30, "1 OR 1=1", "../1", "\uff11", "", " ", "null", MISSING)
ASKED_FOR = ("complete_call.choose", "assign_call.choose", "edit_call.edit")
A_SIGN_IN = 15
"""Tries with one sign-in: more at once would be refused for being too many."""
VIEWS = {"the_call", "the_customer", "past", "work"}


def is_answered(jo: Caller, key: object, number: int) -> bool:
    """Ask for a record by one of its handlers, or by its page."""
    before = len(jo.frames)
    if number % 5 == 4:
        jo.settle(f"/{'calls' if number % 2 else 'customers'}/{key}")
        states = shown(jo.frames[before:])
        shows = '"row_' in json.dumps({state: words for state, words in states.items() if state in VIEWS})
    else:
        told = "".join(sentences(jo.call(ASKED_FOR[number % len(ASKED_FOR)], {"call_id": key})))
        shows = not re.search("not found|You may not|could not be read", told)
    return shows or SECRET in "".join(jo.frames[before:])


def test_no_forged_id_is_answered(rehearsal_desk: RunningDesk, figure: Figure) -> None:
    desk, tries = rehearsal_desk, scaled(100, 1000)
    maya, ravi = desk.people["maya"], desk.people["ravi"]
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Vaults"})
    calls = [
        make_call(maya, category_id=category, problem=SECRET, customer_name=SECRET, assigned_to_id=ravi.id)
        for _ in range(tries // 4)
    ]
    ids = [key for pair in zip(calls * 4, cycle(WORDS), strict=False) for key in pair][:tries]
    answered = 0
    for start in range(0, tries, A_SIGN_IN):
        with Caller(desk.url, desk.token("jo")) as jo:
            jo.settle()
            for number in range(start, min(start + A_SIGN_IN, tries)):
                answered += is_answered(jo, ids[number], number)
    with Caller(desk.url, desk.token("ravi")) as owner:
        owner.settle()
        assert SECRET in "".join(owner.call("complete_call.choose", {"call_id": calls[0]})), "nobody sees it"
    figure("what one may not see does not exist: forged ids tried", len(ids))
    figure("what one may not see does not exist: forged ids answered", answered)
    assert len(ids) == tries and answered == 0
