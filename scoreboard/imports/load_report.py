"""What a load says back: per file the rows and problems, the weeks it touched, its effect on the figures."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scoreboard.facts.settle import Settled
from scoreboard.imports.checking import Checked
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.company import Company
from scoreboard.metrics.results import Difference
from scoreboard.metrics.values import as_text, value
from scoreboard.rules.watch import Watched
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import label

SHOWN_EFFECTS = 200


@dataclass(frozen=True)
class FileReport:
    """One file of a load. `same` counts unchanged rows and identical repeats inside the file."""

    name: str
    source: str
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    waiting: int = 0
    problems: list[dict[str, object]] = field(default_factory=list)
    problem_counts: dict[str, int] = field(default_factory=dict)
    report: str | None = None
    ignored: tuple[str, ...] = ()
    already: str | None = None
    new_branches: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None

    @classmethod
    def of(cls, checked: Checked, done: Settled | None = None) -> FileReport:
        done = done or Settled(())
        first = min((b.first_on for b in checked.branches if b.first_on), default=None)
        last = max((b.last_on for b in checked.branches if b.last_on), default=None)
        return cls(checked.name, checked.source.name, checked.read, done.new, done.changed, done.same + checked.repeated,
                   checked.rejected, done.waiting, [p.as_dict() for p in checked.problems], dict(checked.problem_counts),
                   str(checked.problems_path) if checked.problems_path else None, checked.ignored,
                   new_branches=checked.new_branches, first_on=first, last_on=last)

    @classmethod
    def already_there(cls, name: str, row: Any, put_back: bool) -> FileReport:
        """Of a file whose bytes were loaded as `row` (see `keeping.live_files`)."""
        again = "; what was kept of it was damaged and is put back" if put_back else ""
        return cls(name, row.source, already=f"already loaded on {row.at:%Y-%m-%d %H:%M} UTC by {row.who} (load {row.load_id}){again}")


@dataclass(frozen=True)
class Effect:
    """A figure before and after."""

    branch: str
    metric: str
    week: str
    before: str
    after: str


@dataclass(frozen=True)
class Unread:
    """A file that cannot be read, and why: a sentence that names it."""

    name: str
    why: str


@dataclass(frozen=True)
class LoadReport:
    """A whole load, or an undo. `load_id` is None when nothing was committed. `moved` counts the board's figures of the
    viewer's branches that move; `effects` shows the latest of them. `unread`, only of a dry run: files that would refuse the load.
    `rules`: what rules made of the new facts, after the commit."""

    load_id: int | None
    files: list[FileReport]
    weeks: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    dry_run: bool = False
    refused: str | None = None
    undone: bool = False
    sample_left: bool = False
    moved: int = 0
    new_branches: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    rules: Watched = field(default_factory=Watched)

    @property
    def exit_code(self) -> int:
        """0 all rows are in (or were), 1 some were rejected, 2 refused and nothing changed."""
        if self.refused or self.unread:
            return 2
        return 1 if any(f.rejected for f in self.files) else 0

    def with_effects(self, change: Difference, company: Company, viewer: Viewer) -> LoadReport:
        """The same report, with the weeks and figures that a commit moves."""
        found = _effects(change, company, viewer)
        return replace(self, weeks=[label(w) for w in change.weeks], effects=found[:SHOWN_EFFECTS], moved=len(found))

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "exit_code": self.exit_code}

    @classmethod
    def refused_whole(cls, files: list[FileReport], place: Path) -> LoadReport:
        """All or nothing was asked for and some rows are bad: the report stays, nothing else does."""
        for file in place.glob("*/*"):
            if file.suffix not in (".xlsx", ".csv") or file.name.startswith("original"):
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        return cls(None, files, refused="Nothing was loaded: all or nothing was asked for and some rows have problems. "
                                        "Correct them, or load without --all-or-nothing.")


def _effects(change: Difference, company: Company, viewer: Viewer) -> list[Effect]:
    """How the figures on the boards of the viewer's branches move, latest week first."""
    found = []
    for old, new in change.pairs:
        row = new or {c: getattr(old, c) for c in ("scope_kind", "scope", "week", "metric")}
        if row["scope_kind"] != "branch" or not viewer.sees(row["scope"]) or row["metric"] not in company.board_of(row["scope"]):
            continue
        metric = BY_KEY[row["metric"]]
        before, after = (as_text(metric, value(metric, x)) if x else "no value"
                         for x in (old, SimpleNamespace(**new) if new else None))
        if before != after:
            found.append((row["week"], Effect(row["scope"], metric.key, label(row["week"]), before, after)))
    ordered = sorted(found, key=lambda pair: (pair[0], pair[1].branch, pair[1].metric), reverse=True)
    return [effect for _, effect in ordered]
