"""Commands that write files to take along: export branch, export territory, export print (`printing`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoreboard import weeks as weeks_module
from scoreboard.cli import printing
from scoreboard.cli.context import Context, require_figures
from scoreboard.cli.figures import Week
from scoreboard.errors import Refused

export = typer.Typer(no_args_is_help=True, help="Files to take along, made from what the board shows.")
Out = Annotated[Path, typer.Option("--out", "-o", help="The file to write; one that is there is replaced when the new one is whole.")]
Weeks = Annotated[int, typer.Option("--weeks", help="How many weeks its trends go back.")]
Logo = Annotated[Path | None, typer.Option("--logo", help="A picture for the first sheet: PNG or JPEG, at most 1 MB.")]
MOST_WEEKS = 260


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    printing.register(export)
    app.add_typer(export, name="export")


@export.command("branch")
def branch(ctx: typer.Context, code: Annotated[str, typer.Argument(help="The branch's code.")], out: Out, week: Week = None,
           weeks: Weeks = 26, logo: Logo = None) -> None:
    """The workbook of a branch: every figure computed by Excel from its own sheet Data."""
    _write(ctx.obj, "branch", code, out, week, weeks, logo)


@export.command("territory")
def territory(ctx: typer.Context, name: Annotated[str, typer.Argument(help="The territory's name.")], out: Out, week: Week = None,
              weeks: Weeks = 26, logo: Logo = None) -> None:
    """The workbook of a territory: one file, a row for each of its branches."""
    _write(ctx.obj, "territory", name, out, week, weeks, logo)


def _write(context: Context, kind: str, of: str, out: Path, week: str | None, weeks: int, logo: Path | None) -> None:
    from scoreboard.exports.catalogue import EXPORTS
    from scoreboard.metrics import company as companies

    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(f"A workbook shows 1 to {MOST_WEEKS} weeks, not {weeks}.", "Give for example --weeks 26.")
    if out.suffix.casefold() != ".xlsx":
        raise Refused(f'"{out.name}" does not end in .xlsx, so no spreadsheet would open it.', f"Write to {out.name}.xlsx.")
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        require_figures(conn, known)
        picked = weeks_module.parse(week, known.first_day) if week else None
        made = next(one for one in EXPORTS if one.name == kind)
        made.write(conn, context.settings, context.viewer, known, of, picked, weeks, out, logo)
    context.show({"file": str(out), "of": of, "bytes": out.stat().st_size}, [f"{out} is written."])
