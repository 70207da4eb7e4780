"""A reference leads from what a person was shown to the line that says why."""

from __future__ import annotations

import asyncio
import logging
from contextvars import copy_context

import httpx
import pytest
from reflex_base.event.context import EventContext
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from service_desk import reference
from service_desk.domain.errors import Busy, Conflict, DeskError, Forbidden, Invalid, NotFound, Refused
from service_desk.live.gate import off_loop
from service_desk.ui import browser, faults
from service_desk.web.references import HEADER, References


def test_a_reference_is_short_and_nothing_in_it_is_mixed_up() -> None:
    made = {reference.begin() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(each) == 8 and not set(each) & set("0O1Il") and each.isalnum() for each in made)
    assert reference.begin("an event") == reference.begin("an event") != reference.begin("another")


@pytest.mark.parametrize("refusal", [Busy("No."), Forbidden("No."), NotFound("No."), DeskError("No.")])
def test_what_may_be_reported_carries_its_reference_and_is_in_the_log(
    refusal: DeskError, caplog: pytest.LogCaptureFixture
) -> None:
    made = reference.begin()
    assert reference.told(refusal) == f"No. (reference {made})"
    assert made in str(browser.complain(refusal))
    assert [record.told for record in caplog.records] == ["No.", "No."]


@pytest.mark.parametrize("refusal", [Invalid("No."), Refused("No."), Conflict("No.", {})])
def test_what_explains_itself_has_none(refusal: DeskError, caplog: pytest.LogCaptureFixture) -> None:
    reference.begin()
    assert reference.told(refusal) == "No."
    assert not caplog.records


def test_a_thread_works_under_the_reference_of_whoever_sent_it() -> None:
    async def main() -> tuple[str, str]:
        made = reference.begin()
        return made, await off_loop(reference.current)

    made, seen = asyncio.run(main())
    assert made == seen


def test_two_events_at_once_keep_their_own_references() -> None:
    async def event() -> bool:
        made = reference.begin()
        await asyncio.sleep(0.01)
        return made == reference.current() == await off_loop(reference.current)

    async def main() -> list[bool]:
        return await asyncio.gather(*(event() for _ in range(20)))

    assert all(asyncio.run(main()))


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(Request(scope))(scope, receive, send)


def answer(request: Request) -> Response:
    if request.url.path == "/broken":
        raise RuntimeError("the pipe burst")
    return PlainTextResponse(reference.current())


def get(path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(References(hello))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(asked())


def test_every_answer_names_its_reference_and_a_clients_own_is_not_believed() -> None:
    answers = [get("/", {HEADER: "MINE"}) for _ in range(3)]
    assert all(each.headers[HEADER] == each.text != "MINE" for each in answers)
    assert len({each.text for each in answers}) == 3


def test_a_broken_request_is_answered_with_a_page_and_logged_under_its_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = get("/broken")
    assert broken.status_code == 500
    assert f"Reference <code>{broken.headers[HEADER]}</code>" in broken.text
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.exc_info is not None
    assert "pipe" not in broken.text


def test_a_fault_is_told_under_the_reference_of_its_event(caplog: pytest.LogCaptureFixture) -> None:
    def handle() -> str:
        EventContext.set(EventContext(token="a tab", state_manager=None, enqueue_impl=None, txid="an event"))
        faults.begin_event()
        return reference.current()

    async def fail() -> tuple[str, str]:
        # Reflex reports the fault from a task that knows the event alone.
        EventContext.set(EventContext(token="a tab", state_manager=None, enqueue_impl=None, txid="an event"))
        reference.begin()
        return str(faults.answer_fault(RuntimeError("the pipe burst"))), reference.current()

    made = copy_context().run(handle)
    told, seen = copy_context().run(asyncio.run, fail())
    assert f"(reference {made})" in told
    assert seen == made
    assert "the pipe burst" in str(caplog.records[0].exc_info)
