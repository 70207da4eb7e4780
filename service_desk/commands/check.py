"""`check`: whether the database keeps everything that the desk promises of it."""

import typer

from service_desk.config import settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)


def check() -> None:
    """Check every invariant of the desk's database; changes nothing, and the desk may go on working."""
    from service_desk.store.invariants import check_database

    broken = 0
    for verdict in check_database(settings().database_url):
        typer.echo(f"{'ok    ' if verdict.holds else 'BROKEN'}  {verdict.invariant}")
        for violation in verdict.violations:
            typer.echo(f"          {violation}", err=True)
        if verdict.more:
            typer.echo("          … and more", err=True)
        broken += not verdict.holds
    if broken:
        typer.echo(f"{broken} of the desk's invariants {'is' if broken == 1 else 'are'} broken.", err=True)
        raise typer.Exit(1)
    typer.echo("Everything is as it should be.")
