"""The sample company: loaded in one step, marked as sample, and gone at the first real load."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select, update

from scoreboard.errors import Refused
from scoreboard.facts.sources import SOURCES
from scoreboard.imports import loading, reroll
from scoreboard.imports.load_report import LoadReport
from scoreboard.imports.undoing import undo
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.samples import write_shifted
from scoreboard.settings import Settings
from scoreboard.state import branches, options, targets
from scoreboard.state.database import reading
from scoreboard.state.schema import branches as branch_table
from scoreboard.state.schema import load_branches, load_files, loads
from scoreboard.state.schema import options as option_table
from scoreboard.state.schema import targets as target_table
from scoreboard.state.viewers import EVERYONE, Viewer
from scoreboard.weeks import WEEK, week_of

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
WHO = "sample"


def load_sample(settings: Settings, engine: Engine, viewer: Viewer, folder: Path = FOLDER) -> LoadReport:
    """Loads the sample, shifted by whole weeks to end last week. Refused when anything is loaded already."""
    viewer.require_everything("The sample")
    about = tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    with reading(engine) as conn:
        if conn.execute(select(loads.c.id).where(loads.c.undone_version.is_(None)).limit(1)).first():
            raise Refused("The sample is for an empty scoreboard; something is loaded already.", 'See "loads".')
    shift = (week_of(settings.now.date()) - WEEK - about["last_week"]) // WEEK
    with tempfile.TemporaryDirectory(prefix="scoreboard-sample-") as place:
        files = write_shifted(folder, Path(place), shift)
        reroll.change(settings, engine, viewer.who, "sample", lambda conn: _set_up(conn, files, settings))
        wish = loading.Wish(through=about["through"] + shift * WEEK, sample=True)
        return loading.load(settings, engine, viewer, [files[s.name] for s in SOURCES], wish)


def _set_up(conn: Connection, files: dict[str, Path], settings: Settings) -> None:
    for row in _read(files["branches"]):
        branches.add(conn, row["code"], name=row["name"], territory=row["territory"], time_zone=row["time_zone"],
                     country=row["country"], open_days=row["open_days"], opens=row["opens"], closes=row["closes"],
                     sample=True, now=settings.now, who=WHO)
    for row in _read(files["options"]):
        options.set_option(conn, row["key"], row["value"], why=row["reason"], who=WHO, now=settings.now, metrics=BY_KEY)
    for row in _read(files["targets"]):
        targets.set_target(conn, metric=row["metric"], scope_kind=row["scope_kind"], scope=row["scope"],
                           target=_number(row["target"]), floor=_number(row["floor"]), from_on=date.fromisoformat(row["from_on"]),
                           reason=row["reason"], who=WHO, now=settings.now, metrics=BY_KEY)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    return float(text) if text else None


def load_real(settings: Settings, engine: Engine, viewer: Viewer, files: Sequence[Path], wish: loading.Wish) -> LoadReport:
    """Loads files; the first load that commits takes the sample away."""
    report = loading.load(settings, engine, viewer, files, wish)
    if wish.dry_run or report.refused or not leave(settings, engine, viewer, wish.tell):
        return report
    return replace(report, sample_left=True)


def leave(settings: Settings, engine: Engine, viewer: Viewer, tell: Callable[[str], None] = loading.silent) -> bool:
    """Takes the sample away once real rows are loaded: its loads, and what was set up for it that no real load uses.

    Asked after every load, so one that was killed before this point is made good by the next.
    """
    with reading(engine) as conn:
        live = conn.execute(select(loads.c.id, loads.c.sample, func.sum(load_files.c.new + load_files.c.changed + load_files.c.same)
                                   ).join(load_files).where(loads.c.undone_version.is_(None)).group_by(loads.c.id, loads.c.sample)).all()
    made_up = [load_id for load_id, is_sample, _ in live if is_sample]
    if not made_up or not any(rows for _, is_sample, rows in live if not is_sample):
        return False
    tell("Taking the sample company away")
    _take_away(settings, engine, viewer, made_up)
    return True


def take_away(settings: Settings, engine: Engine, viewer: Viewer) -> None:
    """Takes the sample away, whether real rows are there or not. Refused when no sample is loaded."""
    viewer.require_everything("The sample")
    viewer.require_change("undo")
    with reading(engine) as conn:
        made_up = list(conn.scalars(select(loads.c.id).where(loads.c.sample, loads.c.undone_version.is_(None))))
    if not made_up:
        raise Refused("The sample is not loaded.", "Nothing was changed.")
    _take_away(settings, engine, viewer, made_up)


def _take_away(settings: Settings, engine: Engine, viewer: Viewer, made_up: list[int]) -> None:
    for load_id in made_up:
        undo(settings, engine, EVERYONE, load_id)
    reroll.change(settings, engine, viewer.who, "sample", _take_down)


def _take_down(conn: Connection) -> None:
    used = select(load_branches.c.branch).join(load_files, load_files.c.id == load_branches.c.load_file_id).join(
        loads, loads.c.id == load_files.c.load_id).where(~loads.c.sample, loads.c.undone_version.is_(None))
    conn.execute(delete(target_table).where(target_table.c.who == WHO))
    conn.execute(delete(option_table).where(option_table.c.key.in_([row["key"] for row in _read(FOLDER / "options.csv")])))
    conn.execute(delete(branch_table).where(branch_table.c.sample, branch_table.c.code.not_in(used)))
    conn.execute(update(branch_table).values(sample=False).where(branch_table.c.sample))
