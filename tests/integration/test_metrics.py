"""The figures for Prometheus: behind a token, true, bounded, and all of them explained."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from time import perf_counter

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from service_desk import figures
from service_desk.actions.webhooks import pause_webhook, remove_webhook
from service_desk.config import ROOT, Settings
from service_desk.domain.webhooks import Webhook
from service_desk.web import metrics
from service_desk.web.api.app import api

from ..api_caller import token_of
from ..caller import Caller
from ..door import Door
from ..event_reader import Reader
from ..factories import make_call
from ..raw_socket import fresh_key
from ..readings import all_rows, last_seq
from ..receiver import Receiver, until
from ..running_desk import RunningDesk
from ..webhook_room import hook, state

TOKEN = "a token for the collector"
WATCHED = {
    "SERVICE_DESK_METRICS_TOKEN": TOKEN,
    "SERVICE_DESK_WEBHOOK_ALLOW_HTTP": "1",
    "SERVICE_DESK_WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8",
}


@pytest.fixture(scope="module")
def watched(server: RunningDesk) -> Iterator[RunningDesk]:
    """The server with a token for its figures, and with receivers of webhooks on this machine."""
    server.stop()
    server.environment |= WATCHED
    server.open_store()
    for webhook in all_rows(Webhook):
        # Left by tests that used the same server.
        if webhook.id and webhook.removed_at is None:
            remove_webhook(server.people["dana"], webhook.id)
    server.start(server.port)
    yield server
    server.close_store()
    server.stop()
    for name in WATCHED:
        del server.environment[name]
    server.start(server.port)


def ask(desk: RunningDesk) -> str:
    answer = httpx.get(f"{desk.url}/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def figures_of(desk: RunningDesk) -> dict[str, float]:
    """Name with its labels → value."""
    return {
        sample.name
        + "".join(f" {value}" for key, value in sample.labels.items() if key != "le"): sample.value
        for family in text_string_to_metric_families(ask(desk))
        for sample in family.samples
    }


@pytest.fixture
def choosing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "settings", lambda: Settings(metrics_token=SecretStr(TOKEN)))
    metrics._limiter.storage.reset()


def test_without_a_token_there_is_no_such_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "settings", Settings)
    assert Door().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer ü"]
)
def test_another_token_is_refused(choosing: None, given: str) -> None:
    refused = Door().get("/metrics", headers={"authorization": given.encode()})
    assert refused.status_code == 401
    assert "service_desk_" not in refused.text


def test_who_guesses_often_must_wait_while_others_are_answered(choosing: None) -> None:
    guesser, other = Door(address="203.0.113.9"), Door(address="203.0.113.10")
    wrong, right = {"authorization": "Bearer guess"}, {"authorization": f"Bearer {TOKEN}"}
    assert [guesser.get("/metrics", headers=wrong).status_code for _ in range(12)] == [401] * 10 + [429] * 2
    assert other.get("/metrics", headers=right).status_code == 200


def test_a_change_is_counted_on_its_whole_way(watched: RunningDesk) -> None:
    with (
        Caller(watched.url, watched.token("dana")) as dana,
        Caller(watched.url, watched.token("maya")) as maya,
    ):
        dana.settle("/customers")
        maya.settle("/categories")
        before = figures_of(watched)
        dana.call("new_call_category.save", {"form": {"name": f"Roofs {perf_counter()}", "key": fresh_key()}})
        maya.wait_for(lambda frame: "Roofs" in frame)
        after = figures_of(watched)
    risen = {name: value - before.get(name, 0) for name, value in after.items()}
    assert after["service_desk_sockets"] == after["service_desk_signed_in"] == 2
    assert after["service_desk_rooms"] >= 1
    assert after["service_desk_room_members"] >= after["service_desk_rooms"]
    assert risen["service_desk_commits_total create call category"] == 1
    assert risen["service_desk_commit_seconds_count"] == 1
    assert risen["service_desk_journal_seq"] == 1
    assert risen["service_desk_news_lag_seconds_count"] >= 1
    assert 0 < risen["service_desk_news_lag_seconds_sum"] < 10
    assert risen["service_desk_emits_total"] >= 1
    assert after["process_resident_memory_bytes"] > 1e6


def test_refusals_are_counted(watched: RunningDesk) -> None:
    with Caller(watched.url, watched.token("ravi")) as ravi:
        ravi.settle()
        before = figures_of(watched)
        ravi.call("new_user.save", {"form": {}})
        httpx.post(f"{watched.url}/auth/sign-in", headers={"origin": "https://evil.example"})
        after = figures_of(watched)
    # `call` ends with an event that is denied too.
    assert (
        after["service_desk_denials_total engineer"] - before.get("service_desk_denials_total engineer", 0)
        == 2
    )
    assert after["service_desk_doors_total foreign origin"] == 1


def test_requests_of_the_api_are_counted_by_operation_and_by_what_came_of_them(watched: RunningDesk) -> None:
    ask = httpx.Client(
        base_url=watched.url, headers={"authorization": f"Bearer {token_of(watched.people['ravi'])}"}
    ).get
    before = figures_of(watched)
    assert [
        ask(f"/api/v1/{path}").status_code for path in ("me", "calls/999999", "calls/x", "nothing/12")
    ] == [
        200,
        404,
        404,
        404,
    ]
    httpx.get(f"{watched.url}/api/v1/me")
    risen = rise(before, figures_of(watched), "service_desk_api_")
    assert {name: times for name, times in risen.items() if "_requests_" in name} == {
        "service_desk_api_requests_total read_me 2xx": 1,
        "service_desk_api_requests_total read_me 4xx": 1,
        "service_desk_api_requests_total read_call 4xx": 2,
        "service_desk_api_requests_total none 4xx": 1,
    }
    assert (
        risen["service_desk_api_seconds_count read_me"]
        == risen["service_desk_api_seconds_count read_call"]
        == 2
    )
    assert 0 < risen["service_desk_api_seconds_sum read_me"] < 10
    assert not any("999999" in name or "12" in name for name in figures_of(watched))


def test_streams_of_events_are_counted(watched: RunningDesk) -> None:
    maya = watched.people["maya"]
    before = figures_of(watched)
    with Reader(watched.url, token_of(maya), after=last_seq()) as reader:
        make_call(maya)
        until(lambda: "call_created" in reader.named, "the call was not told")
        now = figures_of(watched)
        assert now["service_desk_event_streams"] == 1
        assert now["service_desk_stream_events_total"] - before["service_desk_stream_events_total"] == len(
            reader.events
        )
        assert now["service_desk_api_requests_total stream_events 2xx"] >= 1
    until(lambda: figures_of(watched)["service_desk_event_streams"] == 0, "the stream still counts")
    assert figures_of(watched)["service_desk_streams_cut_total"] == 0


def test_webhooks_are_counted_by_what_came_of_them(watched: RunningDesk, receivers_at_home: None) -> None:
    dana = watched.people["dana"]
    with Receiver() as willing, Receiver(lambda _: 500) as broken:
        taking, failing = hook(dana, willing), hook(dana, broken, name="Till")
        before = figures_of(watched)
        make_call(watched.people["maya"])
        until(
            lambda: state(taking).delivered_at is not None and state(failing).failures > 0, "nothing was sent"
        )
        sent = "service_desk_webhook_deliveries_total"
        # What is stored is counted a moment later.
        until(
            lambda: {f"{sent} taken", f"{sent} refused"} <= rise(before, figures_of(watched), sent).keys(),
            "nothing was counted",
        )
        after = figures_of(watched)
        states = {
            name: after[f"service_desk_webhooks {name}"] for name in ("sending", "failing", "paused", "off")
        }
        assert states == {"sending": 1, "failing": 1, "paused": 0, "off": 0}
        assert after["service_desk_webhook_changes_waiting"] >= 1
        risen = rise(before, after, "service_desk_webhook_")
        assert risen[f"{sent} taken"] == risen["service_desk_webhook_lag_seconds_count"]
        assert risen[f"{sent} refused"] == 1
        assert 0 < risen["service_desk_webhook_lag_seconds_sum"] < 60
        pause_webhook(dana, failing)
        remove_webhook(dana, taking)
        after = figures_of(watched)
    assert (after["service_desk_webhooks paused"], after["service_desk_webhooks sending"]) == (1, 0)
    assert after["service_desk_webhook_changes_waiting"] == 0
    remove_webhook(dana, failing)


def rise(before: dict[str, float], after: dict[str, float], prefix: str) -> dict[str, float]:
    """By how much the figures of this prefix have risen; those that have not are left out."""
    risen = {name: value - before.get(name, 0) for name, value in after.items() if name.startswith(prefix)}
    return {name: value for name, value in risen.items() if value}


def test_no_figure_tells_a_secret(watched: RunningDesk) -> None:
    token = watched.token("dana")
    with Caller(watched.url, token) as dana:
        dana.settle()
        told = ask(watched)
    for secret in (TOKEN, token, dana.tab, "dana", str(watched.folder)):
        assert secret not in told
        assert secret not in watched.log.read_text() or secret in ("dana", str(watched.folder))


def test_every_figure_is_explained(watched: RunningDesk) -> None:
    told = {family.name for family in text_string_to_metric_families(ask(watched))}
    ours = {metrics.PREFIX + each.name for each in (*figures.TALLIES, *figures.SPREADS)}
    others = (*metrics.GAUGES, *metrics.WEBHOOKS, "emits", "socket_limits")
    ours |= {metrics.PREFIX + name for name in others}
    assert {name for name in told if name.startswith(metrics.PREFIX)} == ours
    explained = set(re.findall(r"`(service_desk_[a-z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert {name.removesuffix("_total") for name in explained} == ours


def test_labels_are_bounded() -> None:
    tally, spread = figures.Tally("x", "y", "z"), figures.Spread("x", "y", "z")
    two = figures.Tally("x", "y", "z", "w", most=20)
    for number in range(10_000):
        tally.add(str(number))
        two.add(str(number), "2xx")
        spread.add(0.1, str(number))
    assert len(tally.counts) <= figures.MOST_LABELS + 1
    assert len(two.counts) == 21 and two.counts[figures.OTHERS, figures.OTHERS] == 9_980
    assert len(spread.counts) <= figures.MOST_LABELS + 1
    assert sum(tally.counts.values()) == 10_000


def test_every_operation_has_a_label_of_its_own() -> None:
    operations = [operation for path in api.openapi()["paths"].values() for operation in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations) < figures.MOST_LABELS


def test_threads_lose_no_count() -> None:
    tally = figures.Tally("x", "y")

    async def main() -> None:
        await asyncio.gather(
            *(asyncio.to_thread(lambda: [tally.add() for _ in range(5_000)]) for _ in range(8))
        )

    asyncio.run(main())
    assert tally.counts[()] == 40_000


def test_counting_costs_a_change_next_to_nothing() -> None:
    spread, tally = figures.Spread("x", "y"), figures.Tally("x", "y", "z")
    best = min(_cost(spread, tally) for _ in range(20))
    # Measured at about 1 µs for both; ten times that on a machine that others use.
    assert best < 10e-6


def _cost(spread: figures.Spread, tally: figures.Tally) -> float:
    began = perf_counter()
    for _ in range(1000):
        spread.add(0.004)
        tally.add("create call")
    return (perf_counter() - began) / 1000
