"""The composition root: the parts are made here and told of each other. No logic."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from starlette.applications import Starlette

from . import reference
from .actions import api_tokens, doors, passwords, retention, sessions, webhooks
from .config import settings
from .domain.security import Door
from .live.bus import LocalBus
from .live.gate import off_loop
from .live.hub import Hub
from .live.lines import TOO_MUCH
from .live.presence import Presence
from .live.questions import register_views
from .live.socket import ReflexPost
from .live.upkeep import Upkeep
from .live.wake import Wake
from .queries.webhooks import DeliveriesQuestion, WebhooksQuestion
from .sharing import Sharing
from .store import database
from .ui import faults, live_state
from .ui.doorman import SocketDoorman, SocketPorter
from .ui.guard import Guard
from .ui.pages import add_pages
from .web import metrics, references
from .web.api import precedence
from .web.api.auth import porter
from .web.cookies import token_in, token_of
from .web.delivery import Delivery
from .web.farewell import Farewell
from .web.health import sharing_with, stopping_with
from .web.routes import routes
from .web.security import Security
from .web.shared_limits import SharedLimits
from .web.sockets import SocketDoor, socket_server
from .web.streams import streams
from .web.throttle import address_of
from .web.webhooks.courier import Courier

SLOW_CHECK_SECONDS = 20
UPKEEP_SECONDS = 1.0
# No news tells that a sign-in has expired: within two seconds nobody looks on with it.
SIGN_IN_CHECK_SECONDS = 1.0
DOOR_BOOK_SECONDS = 0.5
CLEAR_OUT_SECONDS = 3600
# Between two batches, so that whoever waits to write comes first.
PAUSE_SECONDS = 0.1

sockets = socket_server(settings().origins)
app = rx.App(
    sio=sockets,
    stylesheets=["/desk.css"],
    head_components=[
        rx.el.link(rel="icon", type="image/svg+xml", href="/favicon.svg"),
        rx.el.link(
            rel="preload", href="/fonts/inter-latin.woff2", custom_attrs={"as": "font", "crossorigin": ""}
        ),
    ],
    html_lang="en",
    backend_exception_handler=faults.answer_fault,
    frontend_exception_handler=faults.note_browser_fault,
    toaster=rx.toast.provider(position="bottom-right", rich_colors=False, close_button=True),
    api_transformer=[
        Delivery,
        Starlette(routes=routes, exception_handlers={Exception: references.answer_fault}),
        lambda inner: SocketDoor(inner, sockets),
        Security,
        references.References,
    ],
)
post = ReflexPost(app)
hub = Hub(post)
presence = Presence(hub, SocketDoorman(post), sessions.touch_session)
upkeep = Upkeep(hub, presence, post.tell_behind)
register_views()
live_state.wire(hub)
metrics.watch(hub, presence, post)
precedence.watch(hub)
add_pages(app)
sharing = Sharing(app, post, hub, presence) if settings().redis_url else None
farewell = Farewell(post, streams.close)
stopping_with(lambda: farewell.begun)


def _show_sent() -> None:
    hub.refresh_all(WebhooksQuestion)
    hub.refresh_all(DeliveriesQuestion)


def _tell_sent() -> None:
    _show_sent()
    if sharing:
        sharing.tell_sent()


if sharing:
    sharing.on_sent(_show_sent)
    sharing_with(sharing.redis_answers)
    porter.shared = SharedLimits(sharing.redis)
wake = Wake(hub)
streams.watch(wake)
courier = Courier(wake, _tell_sent)


def _note_denied(user_id: int, address: str, handler: str) -> None:
    doors.note(Door.STEP_DENIED, user_id, address, handler.rpartition("____")[2])


def _note_refused(sid: str, sentence: str) -> None:
    known = presence.who(sid)
    kind, detail = (Door.TOO_MUCH_SENT, "") if sentence == TOO_MUCH else (Door.STEP_DENIED, sentence)
    doors.note(kind, known.id if known else None, post.address(sid), detail)


def _hear_ended(session_ids: tuple[int, ...]) -> None:
    presence.hear_ended(session_ids)
    if sharing:
        sharing.tell_ended(session_ids)


def _hear_tokens() -> None:
    presence.hear_tokens()
    if sharing:
        sharing.tell_tokens()


guard = Guard(presence, token_of, _note_denied)
app.add_middleware(guard)


@contextlib.asynccontextmanager
async def desk() -> AsyncIterator[None]:
    """Open the store and keep the hub awake for as long as the server runs."""
    database.connect(settings().database_url)
    post.on_gone(presence.gone)
    post.screen(guard.read, faults.turn_down, _note_refused, presence.note_use_of)
    lines = post.watch(SocketPorter(post, presence, token_in, address_of, _note_refused))
    await hub.start()
    await off_loop(passwords.warm_up)
    end_news = (sharing.bus if sharing else LocalBus()).subscribe(hub.hear)
    end_goodbyes = sessions.on_sessions_ended(_hear_ended)
    end_token_changes = api_tokens.on_tokens_changed(_hear_tokens)
    end_denials = reference.on_denied(lambda asker: _note_denied(asker.user_id, asker.address, asker.step))
    end_revocations = api_tokens.on_tokens_changed(streams.ring)
    end_tests = webhooks.on_test_wanted(wake.ring_soon)
    sending = asyncio.create_task(courier.run())
    checks = [
        asyncio.create_task(work())
        for work in (
            *(_slow_checks, _upkeep, _sign_in_checks, _door_book, _clear_out),
            *(lines.sweep, lines.heartbeat.beat),
        )
    ]
    checks += sharing.begin() if sharing else []
    try:
        yield
    finally:
        for check in checks:
            check.cancel()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        end_tests()
        end_revocations()
        end_denials()
        end_token_changes()
        end_goodbyes()
        end_news()
        if sharing:
            await sharing.end()
        try:
            await off_loop(doors.write_all)
        finally:
            database.disconnect()


async def _slow_checks() -> None:
    while True:
        await asyncio.sleep(SLOW_CHECK_SECONDS)
        with contextlib.suppress(Exception):
            presence.online.tell()
            await hub.slow_check()


async def _upkeep() -> None:
    while True:
        await asyncio.sleep(UPKEEP_SECONDS)
        with contextlib.suppress(Exception):
            await upkeep.check()


async def _sign_in_checks() -> None:
    while True:
        await asyncio.sleep(SIGN_IN_CHECK_SECONDS)
        with contextlib.suppress(Exception):
            await presence.check_sign_ins()
        with contextlib.suppress(Exception):
            await streams.check()


async def _door_book() -> None:
    while True:
        await asyncio.sleep(DOOR_BOOK_SECONDS)
        with contextlib.suppress(Exception):
            if doors.is_waiting() and await off_loop(doors.write):
                presence.tell_doors()
                if sharing:
                    sharing.tell_doors()


async def _clear_out() -> None:
    while True:
        rest: float = CLEAR_OUT_SECONDS
        with contextlib.suppress(Exception):
            rest = PAUSE_SECONDS if await off_loop(retention.delete_some) else CLEAR_OUT_SECONDS
        await asyncio.sleep(rest)


app.register_lifespan_task(desk)
