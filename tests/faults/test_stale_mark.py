"""While the database is down every screen says since when it is old; afterwards it comes up to date unaided."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..browser.steps import row_with
from ..browser.test_reconnect import shown
from ..figures import Figure
from ..running_desk import RunningDesk
from ..seats import Sit
from .cluster import Cluster, a_cluster
from .conftest import a_desk

MARKED_SECONDS = 3
CURRENT_SECONDS = 3


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with a_cluster() as cluster:
        yield cluster


@pytest.fixture
def desk(cluster: Cluster, tmp_path: Path) -> Iterator[RunningDesk]:
    """A running desk with its pages, on a database that can be stopped."""
    with a_desk(tmp_path, cluster.url, pages=True) as desk:
        yield desk


def old(page: Page) -> Locator:
    return page.locator(".chip").filter(has_text="Not up to date since")


def test_screens_say_that_they_are_old_while_the_database_is_down_and_recover_by_themselves(
    cluster: Cluster, desk: RunningDesk, sit: Sit, figure: Figure
) -> None:
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    form = {"phone": "+14155550100", "customer_name": "Bright Stores", "category_id": category}
    create_call(desk.people["maya"], {**form, "problem": "Before the fault"})
    lena = sit("lena")
    expect(row_with(lena.page, "Before the fault")).to_be_visible()
    before, other = shown(lena.page), lena.tab(f"{desk.url}/calls")
    desk.close_store()

    cluster.stop()
    start = time.monotonic()
    expect(old(lena.page)).to_be_visible(timeout=MARKED_SECONDS * 1000)
    figure("database stopped: screens say so after", time.monotonic() - start, "s")
    other.get_by_role("link", name="Customers").first.click()
    other.wait_for_url("**/customers")
    expect(old(other)).to_be_visible()
    other.wait_for_timeout(1000)
    expect(row_with(other, "Bright Stores")).to_have_count(0)
    assert shown(lena.page) == before

    cluster.start()
    start = time.monotonic()
    for page, words in ((lena.page, "Before the fault"), (other, "Bright Stores")):
        expect(page.locator(".chip")).to_have_text("Live", timeout=CURRENT_SECONDS * 1000)
        expect(row_with(page, words)).to_be_visible(timeout=CURRENT_SECONDS * 1000)
    figure("database stopped: screens are current again after", time.monotonic() - start, "s")
    desk.open_store()
    create_call(desk.people["maya"], {**form, "problem": "After the fault"})
    expect(row_with(lena.page, "After the fault")).to_be_visible()
