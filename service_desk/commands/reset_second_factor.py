"""`reset-second-factor`: for an admin who lost the phone and has no other admin to ask."""

from typing import Annotated

import typer

from service_desk.config import settings
from service_desk.domain.errors import DeskError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("reset-second-factor")(reset_second_factor)


def reset_second_factor(username: Annotated[str, typer.Argument(help="Whose it is.")]) -> None:
    """Turn off somebody's two-step sign-in and sign them out everywhere."""
    from service_desk.actions import doors, second_factor
    from service_desk.store import database, migrate

    migrate.upgrade(settings().database_url)
    database.connect(settings().database_url)
    try:
        second_factor.reset_second_factor_of(username)
        # The server writes its own book alone.
        doors.write()
    except DeskError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    finally:
        database.disconnect()
    typer.echo(f"{username} signs in with the password alone now, and was signed out everywhere.")
