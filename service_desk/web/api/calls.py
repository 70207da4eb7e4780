"""Calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import calls as actions
from ...actions import calls_assign, calls_visit
from ...domain.access import Actor
from ...domain.calls import STEPS, CallStatus, Priority
from ...live.gate import off_loop
from ...queries import params
from ...queries.call import show_call
from ...queries.calls import TABS, CallsQuestion
from ...queries.keyset import calls_before
from .auth import Asker
from .describe import LISTED
from .pages import Page, Paging, page_of
from .resource import Resource, Verb, add_create, add_edit, add_read, add_verb
from .shapes import FromRow, Ids, IdsOrNobody, Words, several, steps_in
from .undo import last_step

PriorityWord = Literal[tuple(priority.word for priority in Priority)]  # type: ignore[valid-type]


class Call(FromRow):
    """A call. `may` are the steps that you may take on it as it is now."""

    id: int
    number: str
    version: int
    status: CallStatus
    priority: PriorityWord
    problem: str
    category_id: int
    category: str
    customer_id: int
    customer: str
    phone: str = Field(description="E.164")
    site_address: str | None
    assigned_to_id: int | None
    assigned_to: str | None
    instructions: str | None
    due_at: str | None
    created_at: str
    created_by: str | None
    updated_at: str
    assigned_by: str | None
    assigned_at: str | None
    started_at: str | None
    completed_by: str | None
    completed_at: str | None
    completion_remark: str | None
    cancelled_by: str | None
    cancelled_at: str | None
    cancel_reason: str | None
    reopen_reason: str | None
    may: list[str]

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        engineer = {"assigned_to_id": row["engineer_id"], "assigned_to": row["engineer"]}
        return {"phone": row["tel"], "may": steps_in(row, STEPS), **engineer}


class CallFilters(Paging):
    tab: Literal[TABS] = Field("all", description="As on the screen.")  # type: ignore[valid-type]
    status: list[CallStatus] = Field([], max_length=10)
    priority: list[PriorityWord] = Field([], max_length=10)
    category: Ids = Field([])
    engineer: IdsOrNobody = Field([])
    q: Words = ""

    def question(self, asker: Actor) -> CallsQuestion:
        return CallsQuestion(
            tab=self.tab,
            me=asker.id if self.tab == "mine" else 0,
            statuses=several(self.status),
            categories=several(self.category),
            engineers=several(self.engineer),
            priorities=several(self.priority),
            search=params.search({"q": self.q}),
        )


router = APIRouter(tags=["calls"])
CALLS = Resource("/calls", "call", "Call C-{}", Call, show_call)


@router.get(CALLS.path, responses=LISTED, operation_id="list_calls")
async def list_calls(
    asker: Asker, request: Request, response: Response, filters: Annotated[CallFilters, Query()]
) -> Page[Call]:
    """The calls that you see, newest first."""
    found = await off_loop(calls_before, asker, filters.question(asker), filters.before, filters.limit)
    return page_of(found, Call, request, response)


add_create(router, CALLS, actions.create_call, actions.CallDraft)
add_read(router, CALLS)
add_edit(router, CALLS, actions.edit_call, actions.CallEdit)
for verb in (
    Verb("assign", calls_assign.assign_call, calls_assign.AssignDraft),
    Verb("unassign", calls_assign.unassign_call),
    Verb("start", calls_visit.start_call),
    Verb("complete", calls_visit.complete_call, calls_visit.RemarkDraft),
    Verb("cancel", calls_visit.cancel_call, calls_visit.ReasonDraft),
    Verb("reopen", calls_visit.reopen_call, calls_visit.ReasonDraft),
    Verb("undo", last_step("call")),
):
    add_verb(router, CALLS, verb)
