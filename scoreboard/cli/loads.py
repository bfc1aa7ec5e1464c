"""Commands about files: load, loads, undo, doctor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from scoreboard.cli.context import Context
from scoreboard.errors import Refused


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (load, loads, undo, doctor):
        app.command()(command)


def load(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Export files: CSV or XLSX.")] = None,
    source: Annotated[str | None, typer.Option(help="What the rows are, e.g. order_lines (else told from the headers).")] = None,
    map_file: Annotated[Path | None, typer.Option("--map", help="A TOML map from the file's columns to ours.")] = None,
    branch: Annotated[str | None, typer.Option(help="The branch all rows belong to.")] = None,
    create_branches: Annotated[bool, typer.Option("--create-branches", help="Add branches whose codes are not known.")] = False,
    through: Annotated[str | None, typer.Option(help="How far the file reaches (local time); else its latest event.")] = None,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Load nothing when a row has a problem.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show the effect; change nothing.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample data, shifted to end last week.")] = False,
) -> None:
    """Load export files. Exit code 0: all rows are in; 1: some were rejected (see the report); 2: refused."""
    from scoreboard.imports import loading, sampling

    context: Context = ctx.obj
    if sample:
        report = sampling.load_sample(context.settings, context.engine, context.viewer)
    elif not files:
        raise Refused("No file was given.", "Name one or more CSV or XLSX files.")
    else:
        wish = loading.Wish(source, map_file, branch, create_branches, _local(through), all_or_nothing, dry_run)
        report = sampling.load_real(context.settings, context.engine, context.viewer, files, wish)
    context.show(report.as_dict(), _said(report))
    raise typer.Exit(report.exit_code)


def _local(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Refused(f'"{text}" is not a time.', "Write --through like 2026-11-06 or 2026-11-06T16:00.") from None


def _said(report: object) -> list[str]:
    from scoreboard.imports.load_report import LoadReport

    assert isinstance(report, LoadReport)
    lines = []
    for file in report.files:
        if file.already:
            rest = f"its {file.rejected} rejected rows are rejected as before: {file.report}" if file.rejected else "nothing to do"
            lines.append(f"{file.name}: {file.already}; {rest}.")
            continue
        lines.append(f"{file.name} ({file.source}): {file.read} rows read; {file.new} new, {file.changed} changed, "
                     f"{file.same} same, {file.rejected} rejected, {file.waiting} waiting for their record.")
        lines += [f"  row {p['row']}, {p['column']}: {p['message']}" if p["row"] and p["column"] else f"  {p['message']}"
                  for p in file.problems[:10]]
        if len(file.problems) > 10:
            lines.append(f"  … and {sum(file.problem_counts.values()) - 10} more.")
        if file.report:
            lines.append(f"  Every rejected row with its reason: {file.report}")
        if file.ignored:
            lines.append(f"  Columns not used: {', '.join(file.ignored)}")
    lines += [f"{e.branch} {e.metric} {e.week}: {e.before} → {e.after}" for e in report.effects[:12]]
    if report.refused:
        lines.append(report.refused)
    elif report.dry_run:
        lines.append(f"Dry run: nothing was changed. {len(report.weeks)} weeks would be touched.")
    elif report.load_id is not None and not report.undone:
        lines.append(f"Load {report.load_id} committed; {len(report.weeks)} weeks touched. Take it back with: undo {report.load_id}")
    if report.sample_left:
        lines.append("The sample company was taken out: real rows are in.")
    return lines


def loads(ctx: typer.Context) -> None:
    """What was loaded, newest first."""
    from scoreboard.imports.history import listing

    context: Context = ctx.obj
    with context.reading() as conn:
        found = listing(conn, context.viewer)
    context.show({"loads": found}, [
        f"{one['load_id']:>4}  {one['at'][:16]}  {one['who']}  {'undone' if one['undone'] else 'sample' if one['sample'] else 'live'}  "
        + ", ".join(f"{f['name']} ({f['source']}: {f['new']} new, {f['changed']} changed, {f['rejected']} rejected)" for f in one["files"])
        for one in found] or ["Nothing was loaded yet."])


def undo(ctx: typer.Context, load_id: Annotated[int, typer.Argument(help="The number of the load.")]) -> None:
    """Take a load back, as if it had never been loaded."""
    from scoreboard.imports.undoing import undo as undo_load

    context: Context = ctx.obj
    report = undo_load(context.settings, context.engine, context.viewer, load_id)
    context.show(report.as_dict(), [f"Load {load_id} was taken back; {len(report.weeks)} weeks changed."
                                     if report.weeks else f"Load {load_id} was taken back; no figure changed. "
                                     "Its rows are in other loads too, or none of them counted."])


def doctor(ctx: typer.Context, check_only: Annotated[bool, typer.Option("--check", help="Name damage, repair nothing.")] = False) -> None:
    """Check the store, name what is damaged and how to restore it, rebuild what is derived."""
    from scoreboard.imports.doctor import examine

    context: Context = ctx.obj
    context.viewer.require_everything("The store")
    findings = examine(context.settings, context.engine, context.viewer, repair=not check_only)
    context.show(findings.as_dict(), findings.lines)
    raise typer.Exit(0 if findings.healthy else 1)
