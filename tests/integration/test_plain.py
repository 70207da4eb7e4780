"""The plain pages: the same lists, records and rights as the live desk, over HTTP alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.categories import create_category
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind

from ..factories import make_call, make_carry_in
from ..readings import stored
from ..running_desk import COOKIE, RunningDesk

NOT_THERE = "There is no such record, or it is not yours to see."
BROWSER = {"Accept": "text/html"}

Read = Callable[..., httpx.Response]


@pytest.fixture
def read(desk: RunningDesk) -> Iterator[Read]:
    """`read("ravi", "/plain/calls")`; nobody signed in when the name is None."""
    with httpx.Client(base_url=desk.url, timeout=10) as client:

        def get(who: str | None, path: str, **headers: str) -> httpx.Response:
            cookies = {"Cookie": f"{COOKIE}={desk.token(who)}"} if who else {}
            return client.get(path, headers={**BROWSER, **cookies, **headers})

        yield get


@pytest.fixture
def category(desk: RunningDesk) -> int:
    return create_category(desk.people["dana"], CategoryKind.CALL, {"name": f"Roofs {uuid4()}"})


def problems(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r'<a class="title"[^>]*>(.*?)</a>', answer.text)


def test_the_short_address_leads_to_the_calls(read: Read) -> None:
    answer = read("ravi", "/plain")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plain/calls")


def test_a_list_is_searched_filtered_and_paged_by_its_address(
    desk: RunningDesk, read: Read, category: int
) -> None:
    maya, word = desk.people["maya"], f"Word{uuid4().hex[:8]}"
    form = {"phone": "+14155550123", "customer_name": "Bright Stores", "category_id": category}
    for number in range(30):
        create_call(maya, {**form, "problem": f"{word} {number}"})
    first = read("lena", f"/plain/calls?tab=all&q={word}&sort=oldest")
    assert problems(first) == [f"{word} {number}" for number in range(25)]
    assert "1–25 of 30" in first.text
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = read("lena", following[1].replace("&amp;", "&"))
    assert problems(second) == [f"{word} {number}" for number in range(25, 30)]
    assert problems(read("lena", f"/plain/calls?q={word}&status=assigned")) == []
    assert re.search(r'as of <time datetime="[^"]+">\d\d:\d\d:\d\d UTC</time>', first.text)
    assert f'href="/calls?tab=all&amp;q={word}&amp;sort=oldest"' in first.text


def test_an_engineer_sees_there_what_is_theirs_and_nothing_else(
    desk: RunningDesk, read: Read, category: int
) -> None:
    maya, ravi = desk.people["maya"], desk.people["ravi"]
    theirs, other = (make_call(maya, category_id=category) for _ in range(2))
    assign_call(maya, theirs, {"assigned_to_id": ravi.id})
    assert read("ravi", f"/plain/calls/{theirs}").status_code == 200
    hidden, missing = read("ravi", f"/plain/calls/{other}"), read("ravi", "/plain/calls/999999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    # Each answer has a reference of its own.
    first, second = (re.sub(r"<code>\w+</code>", "", answer.text) for answer in (hidden, missing))
    assert first == second
    assert NOT_THERE in hidden.text
    listed = read("ravi", "/plain/calls?tab=all").text
    assert f"C-{theirs}<" in listed
    assert f"C-{other}<" not in listed


def test_a_carry_in_is_told_with_its_facts(desk: RunningDesk, read: Read) -> None:
    laptops = create_category(desk.people["dana"], CategoryKind.CARRY_IN, {"name": f"Laptops {uuid4()}"})
    carry_in = make_carry_in(desk.people["maya"], category_id=laptops, serial_number="SN-77")
    told = read("fay", f"/plain/carry-ins/{carry_in}")
    assert told.status_code == 200
    assert f"S-{carry_in}" in told.text
    assert "SN-77" in told.text
    assert f"/plain/carry-ins/{carry_in}" in read("fay", "/plain/carry-ins").text


def test_customers_are_there_by_the_same_rights(desk: RunningDesk, read: Read, category: int) -> None:
    maya, word = desk.people["maya"], f"Word{uuid4().hex[:8]}"
    name, address = f"{word} Stores", "12 Elm Street"
    form = {"phone": "+14155550188", "customer_name": name, "address": address, "category_id": category}
    call = stored(Call, create_call(maya, {**form, "problem": "The till is dead"}))
    listed = read("fay", f"/plain/customers?q={word}")
    assert problems(listed) == [name]
    assert "1 open call" in listed.text
    told = read("fay", f"/plain/customers/{call.customer_id}")
    assert told.status_code == 200
    assert name in told.text and address in told.text
    assert problems(read("jo", f"/plain/customers?q={word}")) == []
    assert read("jo", f"/plain/customers/{call.customer_id}").status_code == 404
    assign_call(maya, call.key, {"assigned_to_id": desk.people["jo"].id})
    assert problems(read("jo", f"/plain/customers?q={word}")) == [name]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("path", ["/plain/calls", "/plain/calls/1", "/plain/carry-ins/1", "/plain/customers"])
def test_strangers_go_to_sign_in_whatever_they_accept(read: Read, path: str, accept: str) -> None:
    answer = read(None, path, Accept=accept)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/sign-in?next={path}")


@pytest.mark.parametrize("record", ["0", "9" * 9, "9" * 5000, "1.5", "-1", "x"])
def test_an_odd_number_is_a_record_that_is_not_there(read: Read, record: str) -> None:
    assert read("maya", f"/plain/calls/{record}").status_code == 404


def test_stored_text_stays_text_and_no_script_may_run(desk: RunningDesk, read: Read, category: int) -> None:
    payload = '<img src=x onerror="alert(1)"></a><script>alert(2)</script>'
    form = {"phone": "+14155550123", "customer_name": payload, "category_id": category, "problem": payload}
    call = create_call(desk.people["maya"], form)
    for path in (f"/plain/calls/{call}", "/plain/calls?tab=all&sort=newest", f"/plain/calls?q={payload}"):
        answer = read("maya", path)
        assert "<img" not in answer.text
        assert "<script" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"


def test_nothing_can_be_changed_there(desk: RunningDesk, read: Read) -> None:
    headers = {"Cookie": f"{COOKIE}={desk.token('maya')}", "Origin": desk.url}
    assert httpx.post(f"{desk.url}/plain/calls", headers=headers).status_code == 405
