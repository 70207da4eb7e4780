"""Carry-ins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import carry_ins as actions
from ...actions import carry_ins_repair as bench
from ...domain.access import Actor
from ...domain.carry_ins import STEPS, CarryInStatus, Outcome
from ...live.gate import off_loop
from ...queries import params
from ...queries.carry_in import show_carry_in
from ...queries.carry_ins import TABS, CarryInsQuestion
from ...queries.keyset import carry_ins_before
from .auth import Asker
from .describe import LISTED
from .pages import Page, Paging, page_of
from .resource import Resource, Verb, add_create, add_edit, add_read, add_verb
from .shapes import FromRow, Ids, IdsOrNobody, Words, several, steps_in
from .undo import last_step


class CarryIn(FromRow):
    """A device. `may` are the steps that you may take on it as it is now."""

    id: int
    number: str
    version: int
    status: CarryInStatus
    item: str
    serial_number: str | None
    accessories: str | None
    fault: str
    category_id: int
    category: str
    customer_id: int
    customer: str
    phone: str = Field(description="E.164")
    assigned_to_id: int | None
    assigned_to: str | None
    outcome: Outcome | None
    created_at: str
    created_by: str | None
    updated_at: str
    completed_by: str | None
    completed_at: str | None
    completion_remark: str | None
    delivered_by: str | None
    delivered_at: str | None
    delivered_to: str | None
    delivery_remark: str | None
    return_reason: str | None
    may: list[str]

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        technician = {"assigned_to_id": row["technician_id"], "assigned_to": row["technician"]}
        return {"phone": row["tel"], "may": steps_in(row, STEPS), **technician}


class CarryInFilters(Paging):
    tab: Literal[TABS] = Field("all", description="As on the screen.")  # type: ignore[valid-type]
    status: list[CarryInStatus] = Field([], max_length=10)
    category: Ids = Field([])
    technician: IdsOrNobody = Field([])
    q: Words = ""

    def question(self, asker: Actor) -> CarryInsQuestion:
        return CarryInsQuestion(
            tab=self.tab,
            me=asker.id if self.tab == "mine" else 0,
            statuses=several(self.status),
            categories=several(self.category),
            technicians=several(self.technician),
            search=params.search({"q": self.q}),
        )


router = APIRouter(tags=["carry-ins"])
CARRY_INS = Resource("/carry-ins", "carry_in", "Carry-in S-{}", CarryIn, show_carry_in)


@router.get(CARRY_INS.path, responses=LISTED, operation_id="list_carry_ins")
async def list_carry_ins(
    asker: Asker, request: Request, response: Response, filters: Annotated[CarryInFilters, Query()]
) -> Page[CarryIn]:
    """The carry-ins, newest first."""
    found = await off_loop(carry_ins_before, asker, filters.question(asker), filters.before, filters.limit)
    return page_of(found, CarryIn, request, response)


add_create(router, CARRY_INS, actions.receive_carry_in, actions.CarryInDraft)
add_read(router, CARRY_INS)
add_edit(router, CARRY_INS, actions.edit_carry_in, actions.CarryInEdit)
for verb in (
    Verb("bench", bench.take_to_bench, bench.BenchDraft),
    Verb("complete", bench.complete_carry_in, bench.CompletionDraft),
    Verb("deliver", bench.deliver_carry_in, bench.DeliveryDraft),
    Verb("return", bench.return_to_bench, bench.ReturnDraft),
    Verb("undo", last_step("carry_in")),
):
    add_verb(router, CARRY_INS, verb)
