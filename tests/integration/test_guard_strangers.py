"""What one may not see does not exist, and what is another's stays so: tabs, ids, origins."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.queries.call import show_call

from ..caller import WIRE, Caller, arguments, basis, sentences, shown, stored
from ..factories import make_call
from ..raw_socket import fresh_key
from ..running_desk import COOKIE, RunningDesk
from .permissions import MAY

SECRET = "the vault door alarm 4711"
MISSING = 999_999_999


@pytest.fixture
def ravis_call(desk: RunningDesk) -> int:
    """A call that Jo may not see."""
    maya, ravi = desk.people["maya"], desk.people["ravi"]
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": str(uuid.uuid4())})
    return make_call(maya, category_id=category, problem=SECRET, assigned_to_id=ravi.id)


def about_calls() -> list[str]:
    """The handlers that are told of which call they are: by an argument, or by their form."""
    steps = {name.partition(".")[0] for name in MAY if "call_id" in arguments(name)}
    return sorted(name for name in MAY if name.partition(".")[0] in steps and arguments(name))


def test_a_replayed_tab_shows_its_owners_state_to_nobody_else(desk: RunningDesk, ravis_call: int) -> None:
    tab = str(uuid.uuid4())
    with Caller(desk.url, desk.token("ravi"), tab=tab) as ravi:
        ravi.settle()
        ravi.call("complete_call.choose", {"call_id": ravis_call})
        assert SECRET in "".join(ravi.frames)
    for username in (None, "jo", None, "fay"):
        token = desk.token(username) if username else None
        with Caller(desk.url, token, tab=tab) as stranger:
            stranger.open_page("/profile")
            stranger.send(WIRE["state.hydrate"])
            received = "".join(stranger.listen(0.3))
            assert SECRET not in received
            assert f"C-{ravis_call}" not in received
            assert username or "delta" not in received.replace('"delta":{}', "")


def test_the_same_tab_at_the_same_time_gets_a_state_of_its_own(desk: RunningDesk, ravis_call: int) -> None:
    tab = str(uuid.uuid4())
    with Caller(desk.url, desk.token("ravi"), tab=tab) as ravi:
        ravi.settle()
        ravi.call("complete_call.choose", {"call_id": ravis_call})
        with Caller(desk.url, desk.token("jo"), tab=tab) as jo:
            jo.settle()
            assert SECRET not in "".join(jo.frames)
            assert "new_token" in "".join(jo.frames)


@pytest.mark.parametrize("name", about_calls())
def test_a_call_of_another_engineer_answers_like_a_missing_one(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], ravis_call: int, name: str
) -> None:
    before, told = stored(desk), []
    with Caller(desk.url, desk.token("jo")) as jo:
        for key in (ravis_call, MISSING):
            jo.settle()
            form = payloads[name].get("form", {}) | {"basis": basis(key)}
            answer = jo.call(
                name, payloads[name] | ({"call_id": key} if "call_id" in arguments(name) else {"form": form})
            )
            errors = shown(answer).get(name.partition(".")[0], {}).get("errors", {})
            words = "".join([*sentences(answer), *errors.values()])
            told.append(re.sub(r"C-\d+|reference \w+", "…", words))
        assert told[0] == told[1]
        assert re.search("not found|You may not", told[0])
        assert SECRET not in "".join(jo.frames)
    assert stored(desk) == before


@pytest.mark.parametrize("page", ["/calls/{}", "/customers/{}"])
def test_the_page_of_what_is_anothers_looks_like_that_of_what_is_missing(
    desk: RunningDesk, ravis_call: int, page: str
) -> None:
    row = show_call(desk.people["maya"], ravis_call).rows[ravis_call]
    anothers = ravis_call if page.startswith("/calls") else row["customer_id"]
    seen = []
    for key in (anothers, MISSING):
        with Caller(desk.url, desk.token("jo")) as jo:
            jo.settle(page.format(key))
            frames = jo.frames
            assert SECRET not in "".join(frames)
            assert row["customer"] not in "".join(frames)
            views = {"the_call", "the_customer", "past", "work"}
            told = {state: told for state, told in shown(frames).items() if state in views}
            # The asker's own question comes back, and the room's number, which counts up.
            seen.append(re.sub(rf'view:\d+|"customer_id": {key}\b', "", json.dumps(told, sort_keys=True)))
    assert seen[0] == seen[1]


def test_a_dialog_left_open_saves_nothing_once_the_call_is_anothers(
    desk: RunningDesk, ravis_call: int
) -> None:
    maya, jo = desk.people["maya"], desk.people["jo"]
    with Caller(desk.url, desk.token("ravi")) as ravi:
        ravi.settle()
        ravi.call("complete_call.choose", {"call_id": ravis_call})
        unassign_call(maya, ravis_call)
        assign_call(maya, ravis_call, {"assigned_to_id": jo.id})
        before = stored(desk)
        form = {"basis": basis(ravis_call), "remark": "Done.", "key": fresh_key()}
        ravi.call("complete_call.save", {"form": form})
        errors = shown(ravi.frames)["complete_call"]["errors"]
    assert "not found" in errors["form"]
    assert stored(desk) == before


def test_pages_of_the_administration_tell_the_others_nothing(desk: RunningDesk) -> None:
    for page, views in (
        ("/users", ["user_rows"]),
        ("/categories", ["call_category_rows", "carry_in_category_rows"]),
        ("/security", ["all_sign_ins"]),
        ("/security?tab=doors", ["all_sign_ins", "door_lines"]),
    ):
        for username in ("maya", "fay", "ravi"):
            with Caller(desk.url, desk.token(username)) as caller:
                caller.settle(page)
                seen = shown(caller.frames)
            for view in views:
                assert seen[view]["order"] == []
                assert "You may not" in seen[view]["extra"]["refused"]
                assert not [key for key in seen[view] if key.startswith("row_")]


@pytest.mark.parametrize(
    "trick",
    [
        "http://evil.example",
        "null",
        "http://localhost:{port}.evil.example",
        "https://localhost:{port}",
        "http://localhost:{port}@evil.example",
        "http://localhost",
    ],
)
def test_a_foreign_origin_does_not_open_the_socket(desk: RunningDesk, trick: str) -> None:
    address = f"ws://localhost:{desk.port}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    headers = {"Cookie": f"{COOKIE}={desk.token('dana')}", "X-Forwarded-Host": "evil.example"}
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(address, additional_headers=headers, origin=trick.format(port=desk.port)),
    ):
        pass
    assert refused.value.response.status_code in (400, 403)


def test_a_client_cannot_connect_anew_with_headers_of_its_own_making(desk: RunningDesk) -> None:
    forged = {"asgi.scope": {"headers": [], "client": ["10.0.0.1", 1]}, "QUERY_STRING": "token=taken"}
    with Caller(desk.url, None) as stranger:
        stranger.socket.send("42/_event," + json.dumps(["connect", forged]))
        stranger.send(WIRE["state.hydrate"])
        assert "delta" not in "".join(stranger.listen(0.3)).replace('"delta":{}', "")
        assert "taken" not in "".join(stranger.frames)
