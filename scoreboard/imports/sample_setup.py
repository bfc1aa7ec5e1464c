"""What is set up for the sample company (branches, options, targets), and how it goes when the sample does.

The convention: everything the sample sets is recorded as set by `WHO`; only that is taken away, and what a person has
changed since stays.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from scoreboard.cases.log import Change
from scoreboard.imports import reroll, sample_cases, sample_rollout
from scoreboard.imports.sample_cases import WHO
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.samples import agreed
from scoreboard.settings import Settings
from scoreboard.state import branches, changes, options, targets
from scoreboard.state.database import reading
from scoreboard.state.schema import branches as branch_table
from scoreboard.state.schema import change_log, load_branches, load_files, loads
from scoreboard.state.schema import options as option_table
from scoreboard.state.schema import targets as target_table


def set_up(conn: Connection, files: dict[str, Path], settings: Settings) -> None:
    """Sets up what the files `branches`, `options` and `targets` of a sample say."""
    for row in _read(files["branches"]):
        branches.add(conn, row["code"], name=row["name"], territory=row["territory"], time_zone=row["time_zone"],
                     country=row["country"], open_days=row["open_days"], opens=row["opens"], closes=row["closes"],
                     sample=True, now=settings.now, who=WHO)
    agreements = _read(files["targets"])
    kick_off = min(datetime.combine(date.fromisoformat(row["from_on"]), time(hour=12)) for row in agreements)
    for row in _read(files["options"]):
        options.set_option(conn, row["key"], row["value"], why=row["reason"], who=WHO, now=min(kick_off, settings.now), metrics=BY_KEY)
    for row in agreements:
        targets.set_target(conn, metric=row["metric"], scope_kind=row["scope_kind"], scope=row["scope"],
                           target=_number(row["target"]), floor=_number(row["floor"]), from_on=date.fromisoformat(row["from_on"]),
                           reason=row["reason"], who=WHO, now=settings.now, metrics=BY_KEY)
    options.set_option(conn, "accept_minutes", str(agreed.ACCEPT_MINUTES), why="agreed at the kick-off", who=WHO, now=settings.now,
                       metrics=BY_KEY)
    sample_cases.agree(conn, settings.now)
    sample_rollout.begin(conn, settings.now)
    sample_cases.work(conn, settings.now)  # before the files: the load that brings them rolls it up


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    return float(text) if text else None


def take_down(settings: Settings, engine: Engine, who: str, why: str) -> bool:
    """Takes it away when no load of the sample is live any more. False when there was nothing to take.

    Asked after every load and undo, so one that was killed before this point is made good by the next.
    """
    with reading(engine) as conn:
        live = conn.execute(select(loads.c.id).where(loads.c.sample, loads.c.undone_version.is_(None)).limit(1)).first()
        if live or not any(_left(conn).values()):
            return False
    reroll.change(settings, engine, who, "sample", lambda conn: _take_down(conn, settings, who, why))
    return True


def forget_cases(conn: Connection) -> list[Change]:
    """Takes the exceptions that were worked on the sample away, in the commit that takes its rows; which weeks that moves."""
    left = _left(conn)
    return sample_cases.forget(conn, left["branches"], left["kept"])


def _left(conn: Connection) -> dict[str, Any]:
    """What the sample set up and nobody changed since: branches without real rows, options as they were before, targets."""
    used = select(load_branches.c.branch).join(load_files, load_files.c.id == load_branches.c.load_file_id).join(
        loads, loads.c.id == load_files.c.load_id).where(~loads.c.sample, loads.c.undone_version.is_(None))
    mine = target_table.c.who == WHO
    return {"branches": list(conn.scalars(select(branch_table.c.code).where(branch_table.c.sample, branch_table.c.code.not_in(used)))),
            "kept": list(conn.scalars(select(branch_table.c.code).where(branch_table.c.sample, branch_table.c.code.in_(used)))),
            "options": {key: old for key in conn.scalars(select(option_table.c.key)) for old in _before(conn, key)},
            "targets": list(conn.scalars(select(target_table.c.metric).where(mine).order_by(target_table.c.id)))}


def _before(conn: Connection, key: str) -> list[Any]:
    """The value an option had before the sample, in a list; an empty one when somebody has set it since."""
    last = conn.execute(select(change_log.c.who, change_log.c.old).where(change_log.c.subject == f"option {key}").order_by(
        change_log.c.id.desc()).limit(1)).first()
    return [last.old] if last and last.who == WHO else []


def _take_down(conn: Connection, settings: Settings, who: str, why: str) -> None:
    left = _left(conn)
    conn.execute(delete(target_table).where(target_table.c.who == WHO))
    sample_cases.part(conn, left["branches"])
    sample_rollout.part(conn, left["branches"])
    for key, old in left["options"].items():
        options.put_back(conn, key, old, why=why, who=who, now=settings.now)
    conn.execute(delete(branch_table).where(branch_table.c.code.in_(left["branches"])))
    conn.execute(update(branch_table).values(sample=False).where(branch_table.c.sample))
    changes.record(conn, at=settings.now, who=who, what="sample taken out", subject="company", why=why,
                   old={name: left[name] for name in ("branches", "targets") if left[name]})
