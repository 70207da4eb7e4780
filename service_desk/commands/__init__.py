"""The commands; every module of this folder that has a `register(app)` adds its own."""

from importlib import import_module
from pkgutil import iter_modules

import typer

from service_desk.config import UnsafeSettings


def build() -> typer.Typer:
    """The command line with the commands of every module in this folder."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Service Desk"
    )
    app.callback()(lambda: None)
    for module in sorted(found.name for found in iter_modules(__path__)):
        if register := getattr(import_module(f"{__name__}.{module}"), "register", None):
            register(app)
    return app


def cli() -> None:
    """Run the command that was typed; Ctrl-C and unsafe settings end it without a traceback."""
    try:
        build()()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except UnsafeSettings as refused:
        typer.echo(f"The settings can't be used:\n{refused}", err=True)
        raise SystemExit(2) from None
