"""The sample company: loaded in one step, marked as sample, and gone at the first real load."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from scoreboard.errors import Refused
from scoreboard.facts.sources import SOURCES
from scoreboard.imports import loading, reroll, sample_setup
from scoreboard.imports.load_report import LoadReport
from scoreboard.imports.undoing import undo
from scoreboard.samples import write_shifted
from scoreboard.settings import Settings
from scoreboard.state.database import reading
from scoreboard.state.schema import load_files, loads
from scoreboard.state.viewers import EVERYONE, Viewer
from scoreboard.weeks import WEEK, week_of

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


def is_there(conn: Connection) -> bool:
    """Whether what is loaded is the sample."""
    return conn.execute(select(loads.c.id).where(loads.c.sample, loads.c.undone_version.is_(None)).limit(1)).first() is not None


def load_sample(settings: Settings, engine: Engine, viewer: Viewer, folder: Path = FOLDER) -> LoadReport:
    """Loads the sample in a folder, shifted by whole weeks to end last week. Refused when anything is loaded already."""
    viewer.require_everything("The sample")
    try:
        about = tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    except OSError:
        raise Refused(f'"{folder}" holds no sample.', f'Write one with: sample --out "{folder}"') from None
    with reading(engine) as conn:
        if conn.execute(select(loads.c.id).where(loads.c.undone_version.is_(None)).limit(1)).first():
            raise Refused("The sample is for an empty scoreboard; something is loaded already.", 'See "loads".')
    shift = (week_of(settings.now.date()) - WEEK - about["last_week"]) // WEEK
    with tempfile.TemporaryDirectory(prefix="scoreboard-sample-") as place:
        files = write_shifted(folder, Path(place), shift)
        reroll.change(settings, engine, viewer.who, "sample", lambda conn: sample_setup.set_up(conn, files, settings))
        wish = loading.Wish(through=about["through"] + shift * WEEK, sample=True)
        return loading.load(settings, engine, viewer, [files[s.name] for s in SOURCES], wish)


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
    if not any(rows for _, is_sample, rows in live if not is_sample):
        return False
    made_up = [load_id for load_id, is_sample, _ in live if is_sample]
    if made_up:
        tell("Taking the sample company away")
    return _take_away(settings, engine, viewer, made_up, "real rows are in") or bool(made_up)


def take_away(settings: Settings, engine: Engine, viewer: Viewer) -> None:
    """Takes the sample away, whether real rows are there or not. Refused when no sample is loaded."""
    viewer.require_everything("The sample")
    viewer.require_change("undo")
    with reading(engine) as conn:
        made_up = list(conn.scalars(select(loads.c.id).where(loads.c.sample, loads.c.undone_version.is_(None))))
    if not made_up:
        raise Refused("The sample is not loaded.", "Nothing was changed.")
    _take_away(settings, engine, viewer, made_up, "it was taken away")


def _take_away(settings: Settings, engine: Engine, viewer: Viewer, made_up: Sequence[int], why: str) -> bool:
    """Its loads, then what was set up for it. False when nothing of that was left."""
    for load_id in made_up:
        undo(settings, engine, EVERYONE, load_id, take_down=False)
    return sample_setup.take_down(settings, engine, viewer.who, why)
