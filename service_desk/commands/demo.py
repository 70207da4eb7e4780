"""`demo`: fill an empty desk with believable work, and tell once how to sign in."""

import typer

from service_desk.config import settings
from service_desk.domain.errors import Refused


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo)


def demo() -> None:
    """Fill an empty desk with three months of believable work."""
    if not fill():
        raise typer.Exit(1)


def fill() -> bool:
    """Fill the desk of the settings and print the passwords; whether it was empty."""
    from service_desk.demo import fill_demo
    from service_desk.queries.sessions import has_anybody
    from service_desk.store import database, migrate

    url = settings().database_url
    migrate.upgrade(url)
    database.connect(url)
    try:
        if not has_anybody():
            typer.echo("Filling the desk with three months of work; this takes a moment…")
        newcomers = fill_demo()
    except Refused as refusal:
        typer.echo(refusal.sentence, err=True)
        return False
    finally:
        database.disconnect()
    typer.echo("\nSign in as one of these. The passwords are shown this once and kept nowhere:\n")
    for newcomer in newcomers:
        typer.echo(f"  {newcomer.username:<8} {newcomer.role:<12} {newcomer.password}")
    typer.echo("")
    return True
