"""axe-core finds nothing: every page, for every role that may open it, light and dark, on a phone and on a desk."""

from __future__ import annotations

from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import start_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.domain.calls import Call

from ..readings import stored
from .conftest import PATIENCE_MS, Sit, Wired

PLACES = ("/calls", "/carry-ins", "/customers", "/activity", "/profile", "/nowhere")
ADMINS_PLACES = (
    "/users",
    "/categories",
    "/security",
    "/security?tab=doors",
    "/security?tab=tokens",
    "/webhooks",
    "/webhooks?tab=log",
)
WIDTHS = ((1280, 800), (360, 740))
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
IN_THEME = """(theme) => {
  const light = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part > 127);
  return light === (theme === "light");
}"""
SETTLED = "() => document.getAnimations().every((each) => each.playState !== 'running')"

axe = Axe()


@pytest.fixture(scope="module")
def records(wired: Wired) -> list[str]:
    """The addresses of a call on site and overdue, of a carry-in, and of their customer."""
    people, who = wired.desk.people, {"phone": "+14155550137", "customer_name": "Harbour Café"}
    late = {"priority": "urgent", "due_at": "2026-01-05T09:00:00+00:00", "address": "12 Elm Street"}
    problem = {"problem": "The till is dead\nSince the storm.", "category_id": wired.categories["Network"]}
    call = create_call(people["maya"], {**who, **late, **problem})
    create_call(people["maya"], {**who, **problem})
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id, "instructions": "Ring the bell"})
    start_call(people["ravi"], call)
    what = {"item": "Laptop", "fault": "Dark screen", "accessories": "Charger", "serial_number": "SN-77"}
    carry_in = receive_carry_in(people["maya"], {**who, **what, "category_id": wired.categories["Laptops"]})
    return [f"/calls/{call}", f"/carry-ins/{carry_in}", f"/customers/{stored(Call, call).customer_id}"]


def complaints(page: Page, within: str = "html") -> list[str]:
    """What axe finds in both themes at both widths."""
    found = []
    for theme, (width, height) in product(THEMES, WIDTHS):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(IN_THEME, arg=theme)
        page.wait_for_function(SETTLED)
        told = axe.run(page, within).response
        for fault in [*told["violations"], *filter(_is_unseen, told["incomplete"])]:
            nodes = "; ".join(node["html"][:160] for node in fault["nodes"][:3])
            found.append(f"{page.url}, {theme}, {width} px: {fault['id']}: {nodes}")
    return found


def _is_unseen(doubt: dict[str, Any]) -> bool:
    """Whether axe took a text for one of the same colour as its ground: half transparent, it is judged by chance."""
    told = [check["data"] for node in doubt["nodes"] for check in node["any"]]
    return any(isinstance(each, dict) and each.get("messageKey") == "equalRatio" for each in told)


@pytest.mark.parametrize("username", ["dana", "maya", "fay", "ravi"])
def test_axe_finds_nothing_on_any_page(sit: Sit, wired: Wired, records: list[str], username: str) -> None:
    page = sit(username).page
    found = []
    for path in (*PLACES, *records, *(ADMINS_PLACES if username == "dana" else ())):
        page.goto(wired.desk.url + path)
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found += complaints(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_before_the_sign_in(sit: Sit, wired: Wired) -> None:
    page = sit(None, "/sign-in?reason=deactivated").page
    found = complaints(page)
    for path in ("/setup?token=nothing", "/api/v1/docs"):
        page.goto(wired.desk.url + path)
        found += complaints(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_any_dialog(sit: Sit, wired: Wired, records: list[str]) -> None:
    """Each dialog is opened as it is, over its page, also those that no button leads to just now."""
    page = sit("dana").page
    found = []
    for path in (*records, "/users", "/categories", "/webhooks", "/profile"):
        page.goto(wired.desk.url + path)
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        page.locator("dialog").first.wait_for(state="attached", timeout=PATIENCE_MS)
        for dialog in page.locator("dialog").all():
            dialog.evaluate("dialog => dialog.showModal()")
            found += complaints(page, "dialog[open]")
            dialog.evaluate("dialog => dialog.close()")
    assert not found, "\n".join(found)
