"""`serve`: build the pages when they are stale, migrate, and serve everything on one port."""

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from starlette.types import ASGIApp

from service_desk.config import ROOT, Settings, settings
from service_desk.config_warnings import warnings
from service_desk.domain.errors import Refused

if TYPE_CHECKING:
    from service_desk.web.server import Farewell


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)
    app.command(hidden=True)(worker)
    app.command(hidden=True)(prepare)
    app.command()(build)
    app.command()(lock)


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port for pages, socket and HTTP.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes share the port.")] = None,
    demo: Annotated[bool, typer.Option(help="Fill an empty desk with believable work.")] = False,
) -> None:
    """Start the service desk; Ctrl-C ends it."""
    os.chdir(ROOT)
    # A kill must end the build and its children just as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # What is being started is the newest version already; a reload must not end it.
    signal.signal(signal.SIGHUP, lambda *_: None)
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"SERVICE_DESK_{name}"] = str(value)
    settings.cache_clear()
    chosen = settings()
    _begin_log(chosen)
    _build(force=False)
    from service_desk.store import in_use
    from service_desk.web import server

    try:
        with in_use.serving(chosen.database_url):
            _migrate(chosen.database_url)
            if demo:
                _fill()
            if chosen.workers > 1:
                _serve_with_workers(chosen)
            else:
                # What renews several processes can only end a single one: well, so that it may be started again.
                signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
                server.run(chosen, _application)
    except (server.PortTaken, Refused) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


def _serve_with_workers(chosen: Settings) -> None:
    """Several processes share the port. SIGHUP renews them one after another, for a new version."""
    from service_desk.web import frontend, server, workers

    with (
        server.listen(chosen.host, chosen.port) as listener,
        TemporaryDirectory(prefix="service-desk-") as made,
    ):
        _show_first_run_link(chosen.public_url or f"http://localhost:{chosen.port}")
        folder, published = Path(made), list[Path]()

        def publish() -> Path:
            """The pages as built, and of the version before what its pages load."""
            into = folder / f"pages-{len(published)}"
            # What an attempt without enough room has left.
            shutil.rmtree(into, ignore_errors=True)
            published.append(frontend.publish(into, published[-1] if published else None))
            return into

        parent = workers.Workers(chosen.workers, listener, folder, _prepare, publish)
        try:
            parent.run(lambda: server.say_ready(chosen.host, chosen.port))
        except workers.NoneStarted:
            raise typer.Exit(1) from None


def _prepare() -> "subprocess.Popen[bytes]":
    from service_desk.web.workers import module_of_command

    return subprocess.Popen([sys.executable, "-m", module_of_command(), "prepare"])


def prepare() -> None:
    """Build and migrate for the version on disk, before its processes are started."""
    os.chdir(ROOT)
    chosen = settings()
    _begin_log(chosen)
    _build(force=False)
    _migrate(chosen.database_url)


def worker() -> None:
    """One of several processes; started by `serve`."""
    os.chdir(ROOT)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    chosen = settings()
    _begin_log(chosen, warn=False)
    from service_desk.store import in_use
    from service_desk.web import server

    try:
        with in_use.serving(chosen.database_url):
            server.run(chosen, _loaded)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


def _begin_log(chosen: Settings, *, warn: bool = True) -> None:
    from service_desk.log import get_logger
    from service_desk.web import logs

    logs.set_up(chosen)
    for sentence in warnings(chosen) if warn else ():
        get_logger(__name__).warning(sentence)


def build(force: Annotated[bool, typer.Option(help="Also when nothing changed.")] = False) -> None:
    """Build the pages when they are stale."""
    os.chdir(ROOT)
    _build(force)


def lock() -> None:
    """Write reflex.lock anew, after the pages came to need other npm packages."""
    os.chdir(ROOT)
    _build(force=True, relock=True)


def _build(force: bool, relock: bool = False) -> None:
    from service_desk.web import frontend

    try:
        frontend.ensure_built(say=typer.echo, force=force, relock=relock)
    except frontend.BuildFailed as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(1) from None


def _application() -> "tuple[ASGIApp, Farewell]":
    """The application, and what it does before it stops.

    Called once the port is taken: a second server that finds it taken must not void the first one's link.
    """
    chosen = settings()
    _show_first_run_link(chosen.public_url or f"http://localhost:{chosen.port}")
    return _loaded()


def _loaded() -> "tuple[ASGIApp, Farewell]":
    from service_desk.service_desk import app, farewell

    return app(), farewell.say


def _migrate(url: str) -> None:
    from service_desk.store import migrate

    migrate.upgrade(url)


def _show_first_run_link(address: str) -> None:
    """Print the one-time link while nobody can sign in yet."""
    from service_desk.store import database
    from service_desk.web.setup import first_run_link

    database.connect(settings().database_url)
    link = first_run_link(address)
    database.disconnect()
    if link:
        typer.echo(f"Nobody can sign in yet. Make the first admin here, once and within 24 hours:\n  {link}")


def _fill() -> None:
    if find_spec("service_desk.commands.demo") is None:
        typer.echo("There is no demo data in this version.", err=True)
        raise typer.Exit(1)
    from service_desk.commands import demo

    demo.fill()
