"""Half-typed forms survive what happens to the connection and to the server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.config import ROOT
from service_desk.domain.calls import Call, CallStatus
from service_desk.web.frontend import web_dir

from ..readings import last_entry, stored
from ..running_desk import COOKIE
from .conftest import Sit, Wired, wait_until_live
from .steps import dialog_of, row_with
from .test_drafts_kept import KEPT, expect_half_logged, half_log, kept, offer_on

TOKEN = "() => sessionStorage.token"
SCHEMA = re.compile(r"stateSchema=`([0-9a-f]{32})`")
BACK_MS = 20_000


def test_a_half_open_connection_costs_neither_text_nor_caret_though_the_server_forgets_the_tab(
    sit: Sit, wired: Wired, word: str
) -> None:
    page = sit("maya", base=wired.wire.url).page
    dialog = half_log(page, word)
    problem = dialog.get_by_label("Problem")
    problem.evaluate("field => field.setSelectionRange(2, 5)")
    before = page.evaluate(TOKEN)
    wired.wire.lose()
    # The browser has noticed; the server still holds the old connection, and takes this for a second tab.
    page.evaluate("() => window.deskSocket.io.engine.close()")
    page.wait_for_function("(before) => sessionStorage.token !== before", arg=before)
    wait_until_live(page)
    expect_half_logged(dialog, word)
    expect(problem).to_be_focused()
    assert problem.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 5]


def test_a_server_that_starts_again_costs_neither_text_nor_caret(sit: Sit, wired: Wired, word: str) -> None:
    page = sit("maya").page
    dialog = half_log(page, word)
    problem = dialog.get_by_label("Problem")
    problem.evaluate("field => field.setSelectionRange(2, 5)")
    wired.desk.stop()
    expect(page.locator(".chip")).not_to_have_text("Live")
    wired.desk.start(wired.desk.port)
    wait_until_live(page)
    expect_half_logged(dialog, word)
    expect(problem).to_be_focused()
    assert problem.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 5]


@pytest.fixture
def upgrade_desk(wired: Wired, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Stops the server and starts that of a later version, with pages of its own under other names."""
    desk = wired.desk
    before = desk.module, dict(desk.environment)

    def upgrade() -> None:
        schema = later_schema()
        make_pages(web_dir(), tmp_path, schema)
        desk.stop()
        desk.module = "tests.newer_desk"
        desk.environment |= {"SERVICE_DESK_WEB_DIR": str(tmp_path), "SERVICE_DESK_SKIP_BUILD": "1"}
        desk.start(desk.port)

    yield upgrade
    desk.stop()
    desk.module, desk.environment = before
    desk.start(desk.port)


def later_schema() -> str:
    """The name of the later version's states, as Reflex would write it into pages built from them."""
    command = [sys.executable, "-m", "tests.newer_desk", "schema"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[-1]


def make_pages(built: Path, folder: Path, schema: str) -> None:
    """The built pages, changed as a build of the later version would be: another schema, other file names."""
    client = folder / "build" / "client"
    shutil.copytree(built / "build" / "client", client, ignore=shutil.ignore_patterns("*.gz", "*.br"))
    scripts = list(client.rglob("*.js"))
    names = re.compile("|".join(re.escape(path.name) for path in scripts))
    named = 0
    for path in [*scripts, *client.rglob("*.html")]:
        text, found = SCHEMA.subn(f"stateSchema=`{schema}`", path.read_text())
        named += found
        path.write_text(names.sub(lambda name: f"later-{name[0]}", text))
    for path in scripts:
        path.rename(path.with_name(f"later-{path.name}"))
    assert named == 1


def test_a_new_version_reloads_the_page_once_and_what_was_half_typed_is_offered(
    sit: Sit, word: str, upgrade_desk: Callable[[], None]
) -> None:
    page = sit("maya").page
    half_log(page, word)
    loads: list[Page] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded))
    upgrade_desk()
    expect(offer_on(page)).to_contain_text("You were typing: New call", timeout=BACK_MS)
    wait_until_live(page)
    assert len(loads) == 1
    expect(page.locator("#reflex-new-version-banner")).to_have_count(0)
    offer_on(page).get_by_role("button", name="Continue").click()
    expect_half_logged(dialog_of(page, "New call"), word)


def test_a_form_sent_without_a_connection_is_offered_as_not_sent_once_its_page_is_loaded_again(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wired.wire.url).page
    dialog = half_log(page, word)
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Customer name").fill("Bright Stores")
    wired.wire.cut()
    expect(page.locator(".chip")).not_to_have_text("Live")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    warnings: list[str] = []
    page.on("dialog", lambda asked: (warnings.append(asked.type), asked.accept()))
    wired.wire.mend()
    with page.expect_navigation():
        # At once, before the socket is tried again.
        page.evaluate("() => { window.deskSocket.connect = () => {}; location.reload() }")
    assert warnings == ["beforeunload"]
    expect(offer_on(page)).to_contain_text("Not sent yet: New call")
    expect(row_with(page, word)).to_have_count(0)
    offer_on(page).get_by_role("button", name="Continue").click()
    expect(dialog).to_contain_text("not sent yet")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
    assert word not in kept(page)


def test_a_step_pressed_without_a_connection_says_at_once_that_it_waits_and_is_taken_once(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    people = wired.desk.people
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    call = create_call(people["maya"], {**form, "problem": word})
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    page = sit("ravi", f"/calls/{call}", base=wired.wire.url).page
    start = page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="Start")
    expect(start).to_be_visible()
    wired.wire.cut()
    expect(page.locator(".chip")).not_to_have_text("Live")
    start.click()
    note = page.get_by_role("status").filter(has_text="Will be sent when the connection is back")
    expect(note).to_contain_text("1 step waits", timeout=500)
    expect(start).to_have_attribute("aria-busy", "true", timeout=500)
    expect(start).to_be_focused()
    start.click()
    expect(note).to_contain_text("1 step waits")
    assert stored(Call, call).status == CallStatus.ASSIGNED
    wired.wire.mend()
    expect(page.get_by_role("definition").filter(has_text="On site")).to_be_visible()
    expect(note).to_have_count(0)
    assert stored(Call, call).status == CallStatus.IN_PROGRESS
    assert last_entry().verb == "start call"


def test_a_page_that_comes_back_under_another_name_shows_nothing_of_the_first_one(
    sit: Sit, wired: Wired, word: str
) -> None:
    seat = sit("maya", base=wired.wire.url)
    page = seat.page
    half_log(page, word)
    wired.wire.cut()
    expect(page.locator(".chip")).not_to_have_text("Live")
    seat.context.add_cookies([{"name": COOKIE, "value": wired.desk.token("lena"), "url": wired.desk.url}])
    wired.wire.mend()
    expect(page.locator(".who-name")).to_have_text("Lena Park", timeout=BACK_MS)
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert word not in page.content()
    assert page.get_by_label("Problem", exact=True).evaluate_all("all => all.every((field) => !field.value)")
    drafts = page.evaluate(KEPT)
    assert [key.split(":")[1] for key, draft in drafts if word in draft] == [
        str(wired.desk.people["maya"].id)
    ]
    page.wait_for_timeout(500)
    expect(offer_on(page)).to_have_count(0)
