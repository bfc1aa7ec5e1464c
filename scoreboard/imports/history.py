"""What was loaded, as the viewer may know it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from scoreboard.errors import Refused
from scoreboard.settings import Settings
from scoreboard.state.schema import load_branches, load_files, loads
from scoreboard.state.viewers import Viewer


def listing(conn: Connection, viewer: Viewer) -> list[dict[str, Any]]:
    """Loads, newest first, with their files. A load that holds other branches too shows neither names nor counts."""
    files: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(select(load_files).order_by(load_files.c.id)):
        files[row.load_id].append(row)
    branches: dict[int, set[str]] = defaultdict(set)
    for file_id, branch in conn.execute(select(load_branches.c.load_file_id, load_branches.c.branch).distinct()):
        branches[file_id].add(branch)
    found = []
    for load in conn.execute(select(loads).order_by(loads.c.id.desc())):
        held = {b for f in files[load.id] for b in branches[f.id]}
        if viewer.branches is None or held & viewer.branches:
            whole = viewer.branches is None or held <= viewer.branches
            found.append({
                "load_id": load.id, "at": load.at.isoformat(), "who": load.who, "sample": load.sample,
                "undone": load.undone_at.isoformat() if load.undone_at else None, "undone_by": load.undone_by,
                "branches": sorted(held if viewer.branches is None else held & viewer.branches),
                "files": [_file(f) for f in files[load.id]] if whole else []})
    return found


def anything_loaded(conn: Connection) -> bool:
    """Whether any load is live."""
    return conn.execute(select(loads.c.id).where(loads.c.undone_version.is_(None)).limit(1)).first() is not None


def rejected_rows(conn: Connection, settings: Settings, viewer: Viewer, file_id: int) -> Path:
    """The file of rejected rows of a loaded file. They may be of any branch, so only those who see every branch get
    it, and the person who brought the file. Refused to others, in the same words as when there is none."""
    row = conn.execute(select(load_files.c.problems_path, loads.c.who).join(loads, loads.c.id == load_files.c.load_id)
                       .where(load_files.c.id == file_id)).first()
    path: Path | None = settings.data / row.problems_path if row and row.problems_path else None
    if row is None or path is None or not path.is_file() or not (viewer.branches is None or row.who == viewer.who):
        raise Refused("There are no rejected rows of this file.", "See the history of loads.")
    return path


def _file(row: Any) -> dict[str, Any]:
    return {"file_id": row.id, "name": row.name, "source": row.source, "through": row.through.isoformat() if row.through else None,
            **{c: getattr(row, c) for c in ("read", "new", "changed", "same", "rejected", "waiting", "sha256")}}
