"""`backup` and `restore`: a desk in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from service_desk.config import settings
from service_desk.domain.errors import DeskError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Copy the whole desk into one file, while it works. Keep the file as safe as the desk itself."""
    from service_desk.store.backup import back_up

    try:
        made = back_up(settings().database_url, file)
    except DeskError as refusal:
        _refuse(refusal)
    typer.echo(f"{made.file} holds the desk up to change {made.seq} ({made.size / 1e6:.1f} MB).")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` made.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace a desk that has users.")] = False,
) -> None:
    """Make the desk what it was when the backup was made. Stop the server first."""
    from service_desk.store.backup import restore as put_back

    try:
        seq = put_back(settings().database_url, file, replace=yes)
    except DeskError as refusal:
        _refuse(refusal)
    typer.echo(f"The desk stands at change {seq} again. Everybody has to sign in anew.")


def _refuse(refusal: DeskError) -> None:
    typer.echo(refusal.sentence, err=True)
    raise typer.Exit(1) from None
