"""What was loaded, as the viewer may know it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

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


def _file(row: Any) -> dict[str, Any]:
    return {"name": row.name, "source": row.source, "through": row.through.isoformat() if row.through else None,
            **{c: getattr(row, c) for c in ("read", "new", "changed", "same", "rejected", "waiting", "sha256")}}
