"""The composition root: the parts are made here and told of each other. No logic."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from starlette.applications import Starlette

from .actions import sessions
from .config import settings
from .live.bus import LocalBus
from .live.hub import Hub
from .live.presence import Presence
from .live.questions import register_views
from .live.socket import ReflexPost
from .store import database
from .ui import browser, faults, live_state
from .ui.doorman import SocketDoorman
from .ui.guard import Guard
from .ui.pages import add_pages
from .web.cookies import token_of
from .web.delivery import Delivery
from .web.routes import routes
from .web.security import Security

SLOW_CHECK_SECONDS = 20
# No news tells that a sign-in has expired: within two seconds nobody looks on with it.
SIGN_IN_CHECK_SECONDS = 1.5

app = rx.App(
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
    api_transformer=[Delivery, Starlette(routes=routes), Security],
)
post = ReflexPost(app)
hub = Hub(post)
presence = Presence(hub, SocketDoorman(post), sessions.touch_session)
register_views()
live_state.wire(hub)
add_pages(app)
guard = Guard(presence, token_of)
app.add_middleware(guard)


@contextlib.asynccontextmanager
async def desk() -> AsyncIterator[None]:
    """Open the store and keep the hub awake for as long as the server runs."""
    database.connect(settings().database_url)
    post.on_gone(presence.gone)
    post.screen(guard.read, browser.complain)
    await hub.start()
    end_news = LocalBus().subscribe(hub.hear)
    end_goodbyes = sessions.on_sessions_ended(presence.hear_ended)
    checks = [asyncio.create_task(work()) for work in (_slow_checks, _sign_in_checks)]
    try:
        yield
    finally:
        for check in checks:
            check.cancel()
        end_goodbyes()
        end_news()
        database.disconnect()


async def _slow_checks() -> None:
    while True:
        await asyncio.sleep(SLOW_CHECK_SECONDS)
        with contextlib.suppress(Exception):
            presence.tell_who_is_online()
            await hub.slow_check()


async def _sign_in_checks() -> None:
    while True:
        await asyncio.sleep(SIGN_IN_CHECK_SECONDS)
        with contextlib.suppress(Exception):
            await presence.check_sign_ins()


app.register_lifespan_task(desk)
