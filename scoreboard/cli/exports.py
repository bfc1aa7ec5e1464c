"""Commands that write what can be taken along."""

from __future__ import annotations

import typer

from scoreboard.cli import printing

export = typer.Typer(no_args_is_help=True, help="What can be taken along: pages to print.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    printing.register(export)
    app.add_typer(export, name="export")
