"""The command line: `python -m service_desk <command>`."""

from service_desk.commands import cli

if __name__ == "__main__":
    cli()
