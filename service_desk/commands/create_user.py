"""`create-user`: let somebody in from the console, the first admin included."""

import sys
from typing import Annotated

import typer

from service_desk.config import settings
from service_desk.domain.errors import DeskError
from service_desk.domain.users import Role


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("create-user")(create_user)


def create_user(
    username: Annotated[str, typer.Option(help="What they sign in with.")],
    role: Annotated[Role, typer.Option(help="What they may do.")],
    full_name: Annotated[
        str, typer.Option(help="Their name as colleagues see it; the username without it.")
    ] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from standard input.")
    ] = False,
) -> None:
    """Let somebody in. The password is asked for, or read from standard input; never an argument."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked()
    typed = {
        "username": username,
        "role": role.value,
        "full_name": full_name or username,
        "password": password,
    }
    try:
        _create(typed)
    except DeskError as refusal:
        for field, sentence in refusal.fields.items() or [("", refusal.sentence)]:
            typer.echo(f"{field}: {sentence}" if field else sentence, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{username} can sign in now, as {role.label.lower()}.")


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _create(typed: dict[str, str]) -> None:
    from service_desk.actions.users_first import create_user_at_console
    from service_desk.store import database, migrate

    url = settings().database_url
    migrate.upgrade(url)
    database.connect(url)
    try:
        create_user_at_console(typed)
    finally:
        database.disconnect()
