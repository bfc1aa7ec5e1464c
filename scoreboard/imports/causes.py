"""What made a version, as the viewer may know it: a load, a load taken back, a changed setting, a repair; or time alone.

The convention is that of the list of loads (see `history`): a load that holds other branches too shows no file names, and one
that holds none of the viewer's branches shows nothing but that it was another load.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from scoreboard.metrics.open_cases import SETTLED
from scoreboard.state.schema import change_log, load_branches, load_files, loads, versions
from scoreboard.state.viewers import Viewer

SOME = 3  # files named; more are counted


@dataclass(frozen=True)
class Cause:
    """When (UTC; None: as time passes), what in words, by whom (empty where the viewer may not know). `files`: only of loads
    that hold nothing but the viewer's branches."""

    at: datetime | None
    what: str
    who: str = ""
    load_id: int | None = None
    files: tuple[str, ...] = ()


def causes(conn: Connection, viewer: Viewer, numbers: Collection[int | None]) -> dict[int | None, Cause]:
    """What made each of these versions; None is what no version made."""
    found: dict[int | None, Cause] = {None: Cause(None, "Time passed: exceptions still open are older now, or were worked")}
    numbers = {number for number in numbers if number is not None}
    if not numbers:
        return found
    made = conn.execute(select(versions).where(versions.c.number.in_(numbers))).all()
    told = conn.execute(select(loads).where(or_(loads.c.version.in_(numbers), loads.c.undone_version.in_(numbers)))).all()
    of_loads = {number: row for row in told for number in (row.version, row.undone_version)}
    names, held = _files(conn, {row.id for row in of_loads.values()})
    for row in made:
        load = of_loads.get(row.number)
        found[row.number] = _of_load(row, load, names[load.id], held[load.id], viewer) if load else _of_setting(conn, row, viewer)
    return found


def _files(conn: Connection, ids: Collection[int]) -> tuple[dict[int, list[str]], dict[int, set[str]]]:
    """The names of the files of some loads, and the branches they hold."""
    names: dict[int, list[str]] = defaultdict(list)
    held: dict[int, set[str]] = defaultdict(set)
    found = load_files.outerjoin(load_branches, load_branches.c.load_file_id == load_files.c.id)
    for load_id, name, branch in conn.execute(select(load_files.c.load_id, load_files.c.name, load_branches.c.branch).select_from(found)
                                              .where(load_files.c.load_id.in_(ids)).distinct().order_by(load_files.c.name)):
        if name not in names[load_id]:
            names[load_id].append(name)
        held[load_id] |= {branch} - {None}
    return names, held


def _of_load(version: Any, load: Any, names: list[str], held: set[str], viewer: Viewer) -> Cause:
    undone = load.undone_version == version.number
    end = " was taken back" if undone else ""
    if viewer.branches is not None and not held & viewer.branches:
        return Cause(version.at, f"Another load{end}")
    if viewer.branches is not None and not held <= viewer.branches:
        return Cause(version.at, f"Load {load.id}{end}; it holds other branches too", version.who, load.id)
    more = f" and {len(names) - SOME} more" if len(names) > SOME else ""
    return Cause(version.at, f"Load {load.id}{end}: {', '.join(names[:SOME])}{more}", version.who, load.id, tuple(names))


def _of_setting(conn: Connection, version: Any, viewer: Viewer) -> Cause:
    """A change without a load. What was changed stands in the change log, written in the same commit."""
    if version.what == SETTLED:
        return Cause(version.at, "Exceptions were worked")
    if version.what == "doctor":
        return Cause(version.at, "The store was checked and rebuilt", version.who)
    logged = conn.scalars(select(change_log.c.subject).where(
        change_log.c.at == version.at, change_log.c.who == version.who, change_log.c.subject.startswith(f"{version.what} ")))
    names = [subject.partition(" ")[2] for subject in logged]
    seen = names if version.what == "option" else [name for name in names if viewer.sees(name)]
    if seen:
        return Cause(version.at, f"{version.what.capitalize()} {seen[0]} was changed", version.who)
    whose = {"branch": "Another branch was", "sample": "The sample company was"}.get(version.what, "The settings of the company were")
    return Cause(version.at, f"{whose} changed")
