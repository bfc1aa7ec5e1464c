"""Commands about files: load, loads, waiting, undo, doctor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard.cli.context import Context
from scoreboard.cli.rules import watched_lines
from scoreboard.cli.text import beside, counted, moment, some, table
from scoreboard.errors import Refused

if TYPE_CHECKING:
    from scoreboard.imports.load_report import LoadReport


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (load, loads, waiting, undo, doctor):
        app.command()(command)


def load(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Export files: CSV or XLSX; with --sample its folder.")] = None,
    source: Annotated[str | None, typer.Option(help="What the rows are, e.g. order_lines (else told from the headers).")] = None,
    map_file: Annotated[Path | None, typer.Option("--map", help="A TOML map from the file's columns to ours.")] = None,
    branch: Annotated[str | None, typer.Option(help="The branch all rows belong to.")] = None,
    create_branches: Annotated[bool, typer.Option("--create-branches", help="Add branches whose codes are not known.")] = False,
    through: Annotated[str | None, typer.Option(help="How far the file reaches (local time); else its latest event.")] = None,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Load nothing when a row has a problem.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show the effect; change nothing.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample, or the one in a folder, moved to end last week.")] = False,
) -> None:
    """Load export files. Exit code 0: all rows are in; 1: some were rejected (see the report); 2: refused."""
    from scoreboard.imports import loading, sampling

    context: Context = ctx.obj
    if sample:
        if len(files or ()) > 1:
            raise Refused("A sample is one folder.", "Name the folder that the command sample wrote, or none.")
        report = sampling.load_sample(context.settings, context.engine, context.viewer, *(files or ()))
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


def _said(report: LoadReport) -> list[str]:
    lines = []
    for file in report.files:
        if file.already:
            again = counted(file.rejected, "rejected row is", "rejected rows are")
            rest = f"its {again} rejected as before: {file.report}" if file.rejected else "nothing to do"
            lines.append(f"{file.name}: {file.already}; {rest}.")
            continue
        lines.append(f"{file.name} ({file.source}): {counted(file.read, 'row')} read; {file.new} new, {file.changed} changed, "
                     f"{file.same} same, {file.rejected} rejected, {file.waiting} waiting for their record.")
        lines += [f"  row {p['row']}, {p['column']}: {p['message']}" if p["row"] and p["column"] else f"  {p['message']}"
                  for p in file.problems[:10]]
        if len(file.problems) > 10:
            lines.append(f"  … and {sum(file.problem_counts.values()) - 10} more.")
        if file.report:
            lines.append(f"  Every rejected row with its reason: {file.report}")
        if file.waiting:
            lines.append(f"  {counted(file.waiting, 'row waits', 'rows wait')} for their record: see the command waiting.")
        if file.ignored:
            lines.append(f"  Columns not used: {', '.join(file.ignored)}")
    lines += [one.why for one in report.unread]
    lines += [f"{e.branch} {e.metric} {e.week}: {e.before} → {e.after}" for e in report.effects[:12]]
    if report.new_branches:
        lines += _branch_lines(report)
    if report.refused:
        lines.append(report.refused)
    elif report.unread:
        lines.append("Dry run: nothing was changed, and these files would be refused together. Leave out what cannot be read.")
    elif report.dry_run:
        lines.append(f"Dry run: nothing was changed. {counted(len(report.weeks), 'week')} would be touched.")
    elif report.load_id is not None and not report.undone:
        weeks = counted(len(report.weeks), "week")
        lines.append(f"Load {report.load_id} committed; {weeks} touched. Take it back with: undo {report.load_id}")
    lines += watched_lines(report.rules)
    if report.sample_left:
        lines.append("The sample company was taken out: real rows are in.")
    return lines


def _branch_lines(report: LoadReport) -> list[str]:
    from scoreboard.state.branches import Branch

    usual, many = Branch("", ""), len(report.new_branches) > 1
    said = (f"New {'branches' if many else 'branch'}: {some(report.new_branches)}. Time zone {usual.time_zone}, open Monday to Friday "
            f"{usual.opens}–{usual.closes}, no holidays, until you say otherwise{', for each' if many else ''}:")
    example = f"branches add {report.new_branches[0]} --time-zone America/Chicago --country US --opens 07:30 --closes 17:00"
    return [*beside("", said, 0), f"  {example}"]


def loads(ctx: typer.Context) -> None:
    """What was loaded, newest first."""
    from scoreboard.imports.history import listing

    context: Context = ctx.obj
    with context.reading() as conn:
        found = listing(conn, context.viewer)
    context.show({"loads": found}, [line for one in found for line in _load_lines(one)] or ["Nothing was loaded yet."])


def _load_lines(one: dict[str, Any]) -> list[str]:
    state = "undone" if one["undone"] else "sample" if one["sample"] else "live"
    files = [[f["name"], f["source"], *(f"{f[c]} {c}" for c in ("new", "changed", "same", "rejected")),
              f"{f['waiting']} waiting" if f["waiting"] else ""] for f in one["files"]]
    head = f"{one['load_id']:>4}  {moment(one['at'])}  {one['who']}  {state}"
    return [head, *table(files, right=range(2, 7), indent=" " * 6)]


def waiting(ctx: typer.Context) -> None:
    """The rows that wait for their record, such as shipments before their order."""
    from scoreboard.imports.waiting import listing

    context: Context = ctx.obj
    with context.reading() as conn:
        found = listing(context.settings, conn, context.viewer)
    rows = [[w["source"], w["branch"], ", ".join(f"{c} {v}" for c, v in w["key"].items() if v), f"waits for {w['waits_for']}"]
            for w in found]
    said = f"{counted(len(found), 'row waits for its', 'rows wait for their')} record; until it comes they count nowhere."
    context.show({"waiting": found}, [said, *table(rows)] if found else ["No row waits for its record."])


def undo(ctx: typer.Context, load_id: Annotated[int, typer.Argument(help="The number of the load.")]) -> None:
    """Take a load back, as if it had never been loaded."""
    from scoreboard.imports.undoing import undo as undo_load

    context: Context = ctx.obj
    report = undo_load(context.settings, context.engine, context.viewer, load_id)
    changed = (f"{counted(len(report.weeks), 'week')} changed." if report.weeks else
               "no figure changed. Its rows are in other loads too, or none of them counted.")
    left = ["The sample company was taken out with it."] if report.sample_left else []
    context.show(report.as_dict(), [f"Load {load_id} was taken back; {changed}", *watched_lines(report.rules), *left])


def doctor(ctx: typer.Context, check_only: Annotated[bool, typer.Option("--check", help="Name damage, repair nothing.")] = False) -> None:
    """Check the store, name what is damaged and how to restore it, rebuild what is derived."""
    from scoreboard.imports.doctor import examine

    context: Context = ctx.obj
    context.viewer.require_everything("The store")
    findings = examine(context.settings, context.engine, context.viewer, repair=not check_only)
    context.show(findings.as_dict(), findings.lines)
    raise typer.Exit(0 if findings.healthy else 1)
