"""GET /metrics: the desk's figures for Prometheus, behind a token."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator

from limits import parse
from limits.strategies import FixedWindowRateLimiter
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from .. import figures
from ..config import settings
from ..domain.errors import DeskError
from ..hits import HitsInMemory
from ..live import gate
from ..live.hub import Hub
from ..live.presence import Presence
from ..live.socket import ReflexPost
from ..log import get_logger
from ..queries.webhooks import Standing, standing
from .streams import streams
from .throttle import address_of

log = get_logger(__name__)

PREFIX = "service_desk_"
WRONG_TOKENS = parse("10/minute")
NO_STORE = {"Cache-Control": "no-store"}
GAUGES = {
    "signed_in": "Sign-ins with an open page",
    "sockets": "Connected browsers",
    "rooms": "Questions that somebody looks at",
    "room_members": "Answers on screens: one for each question of each browser",
    "journal_seq": "The number of the last change that this process has heard of",
    "packets_waiting": "Packets that browsers have not taken yet",
    "packets_waiting_most": "Packets that the slowest browser has not taken yet",
    "events_waiting": "Events that came in and are not done yet",
    "event_streams": "Open streams of events",
    "gate_threads": "Threads for the database, hashing and files",
    "gate_busy": "Those that work",
    "gate_waiting": "Work that waits for one",
}
LIMITS = ("dropped", "refused", "unreadable", "overflowed")
LIMITED = "What sockets met with at their limits: too many events, handshakes, nonsense, or not reading"
WEBHOOKS = {
    "webhooks": "Webhooks, by what becomes of what they are to be told",
    "webhook_changes_waiting": "Changes that the active webhook furthest behind is yet to be told, or spared",
}
STORE_SECONDS = 2.0
"""How long the store is waited for; what is known without it is told anyway."""
EMITS = "Messages sent to rooms and browsers; one for a room counts once"

_limiter = FixedWindowRateLimiter(HitsInMemory())
_registry = CollectorRegistry()
_standing: Standing | None = None


def watch(hub: Hub, presence: Presence, post: ReflexPost) -> None:
    """Tell the figures of this desk from now on."""

    def gauges() -> dict[str, float]:
        rooms = list(hub.rooms.values())
        waiting, most = post.packets_waiting()
        return {
            "signed_in": presence.sign_ins(),
            "sockets": post.sockets(),
            "rooms": len(rooms),
            "room_members": sum(len(room.members) for room in rooms),
            "journal_seq": hub.seq,
            "packets_waiting": waiting,
            "packets_waiting_most": most,
            "events_waiting": post.events_waiting(),
            "event_streams": streams.open_now(),
            "gate_threads": gate.THREADS,
            "gate_busy": gate.busy(),
            "gate_waiting": gate.waiting(),
        }

    def limits() -> dict[str, int]:
        return {name: getattr(post.lines, name) for name in LIMITS} if post.lines else {}

    ProcessCollector(registry=_registry)
    _registry.register(DeskCollector(gauges, lambda: post.sent, limits))


class DeskCollector(Collector):
    """Reads the figures when somebody asks for them, so that counting costs the desk next to nothing."""

    def __init__(
        self,
        gauges: Callable[[], dict[str, float]],
        emits: Callable[[], int],
        limits: Callable[[], dict[str, int]],
    ) -> None:
        self.gauges, self.emits, self.limits = gauges, emits, limits

    def describe(self) -> list[Metric]:
        """Nothing: a desk that does not run yet has no figures."""
        return []

    def collect(self) -> Iterator[Metric]:
        for name, value in self.gauges().items():
            yield GaugeMetricFamily(PREFIX + name, GAUGES[name], value=value)
        yield CounterMetricFamily(PREFIX + "emits", EMITS, value=self.emits())
        limited = CounterMetricFamily(PREFIX + "socket_limits", LIMITED, labels=["limit"])
        for name, count in self.limits().items():
            limited.add_metric([name], count)
        yield limited
        yield from _webhooks()
        for tally in figures.TALLIES:
            yield _counter(tally)
        for spread in figures.SPREADS:
            yield _histogram(spread)


def _webhooks() -> Iterator[Metric]:
    by_state = GaugeMetricFamily(PREFIX + "webhooks", WEBHOOKS["webhooks"], labels=["state"])
    waiting = GaugeMetricFamily(PREFIX + "webhook_changes_waiting", WEBHOOKS["webhook_changes_waiting"])
    if _standing is not None:
        for state, number in _standing.by_state.items():
            by_state.add_metric([state], number)
        waiting.add_metric([], _standing.changes_waiting)
    yield from (by_state, waiting)


def _counter(tally: figures.Tally) -> CounterMetricFamily:
    family = CounterMetricFamily(PREFIX + tally.name, tally.meaning, labels=tally.labels)
    for values, count in list(tally.counts.items()) or ([] if tally.labels else [((), 0)]):
        family.add_metric(values, count)
    return family


def _histogram(spread: figures.Spread) -> HistogramMetricFamily:
    family = HistogramMetricFamily(
        PREFIX + spread.name, spread.meaning, labels=[spread.label] if spread.label else []
    )
    for value, counts in list(spread.counts.items()):
        total, buckets = 0, []
        for bound, count in zip([*map(str, figures.BOUNDS), "+Inf"], list(counts), strict=True):
            total += count
            buckets.append((bound, float(total)))
        family.add_metric([value] if spread.label else [], buckets, spread.seconds[value])
    return family


async def show_metrics(request: Request) -> Response:
    """GET /metrics with `Authorization: Bearer <SERVICE_DESK_METRICS_TOKEN>`."""
    token = settings().metrics_token
    if token is None:
        return PlainTextResponse("Not Found", 404, NO_STORE)
    address = address_of(request)
    if not _limiter.test(WRONG_TOKENS, "metrics", address):
        return PlainTextResponse(
            "Too many wrong tokens. Wait a minute.", 429, {**NO_STORE, "Retry-After": "60"}
        )
    given = request.headers.get("authorization", "").encode()
    if not secrets.compare_digest(given, f"Bearer {token.get_secret_value()}".encode()):
        _limiter.hit(WRONG_TOKENS, "metrics", address)
        log.warning("a wrong token for the metrics", address=address)
        return PlainTextResponse("A token is needed here.", 401, {**NO_STORE, "WWW-Authenticate": "Bearer"})
    await _look_up()
    return Response(generate_latest(_registry), 200, {**NO_STORE, "Content-Type": CONTENT_TYPE_LATEST})


async def _look_up() -> None:
    """What only the store knows."""
    global _standing
    try:
        async with asyncio.timeout(STORE_SECONDS):
            _standing = await gate.off_loop(standing)
    except (DeskError, TimeoutError):
        _standing = None
