"""A load in rows: its files, the figures it moves, its problems by kind. Pure; `load_screen` draws them.

The convention: a table is {title on screen: cells}; cells are shown as they are, so text of a file stays text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoreboard.facts.sources import BY_NAME, SOURCES, Source
from scoreboard.imports.load_report import SHOWN_EFFECTS, FileReport, LoadReport
from scoreboard.imports.report import CODES
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.views.load.load_words import span, spoken

Rows = dict[str, list[object]]
SHOWN_PROBLEMS = 200  # of each kind; the download has all of them
# Problems that turn no row back.
HARMLESS = frozenset({"repeated_row", "skipped_line", "impossible_order", "unknown_reason", "promise_is_actual", "date_order_inferred"})


@dataclass(frozen=True)
class Kind:
    """The problems of one kind in one file: how many, whether they turn rows back, and the first of them as rows."""

    file: str
    code: str
    count: int
    comes_back: bool
    rows: Rows

    @property
    def title(self) -> str:
        return CODES[self.code].rstrip(".")


def file_rows(report: LoadReport) -> Rows:
    """One row for each file."""
    def number(f: FileReport, n: int) -> object:
        return None if f.already and not f.read else n

    return {
        "File": [f.name for f in report.files], "What it is": [BY_NAME[f.source].title for f in report.files],
        "Dates": [span(f.first_on, f.last_on) for f in report.files],
        **{title: [number(f, getattr(f, name)) for f in report.files] for title, name in (
            ("Rows", "read"), ("New", "new"), ("Changed", "changed"), ("Same", "same"), ("Waiting", "waiting"),
            ("Come back", "rejected"))}}


def effect_rows(report: LoadReport, names: Mapping[str, str]) -> Rows:
    """The figures that move; `names` are those of branches."""
    now, then = ("Now", "Then") if report.dry_run else ("Before", "After")
    return {"Week": [f"{e.week[:4]}, week {int(e.week[-2:])}" for e in report.effects],
            "Branch": [names.get(e.branch, e.branch) for e in report.effects],
            "Figure": [words.title(BY_KEY[e.metric])[0] for e in report.effects],
            now: [e.before for e in report.effects], then: [e.after for e in report.effects]}


def effects_left_out(report: LoadReport) -> str:
    """How many figures the table leaves out, if it does."""
    return f"The latest {SHOWN_EFFECTS} of {report.moved:,}." if report.moved > len(report.effects) else ""


def kinds(report: LoadReport) -> list[Kind]:
    """The problems by file and kind, those that turn rows back first."""
    found = [_kind(f, code, count) for f in report.files for code, count in f.problem_counts.items()]
    return sorted(found, key=lambda kind: not kind.comes_back)


def _kind(file: FileReport, code: str, count: int) -> Kind:
    shown = [p for p in file.problems if p["code"] == code][:SHOWN_PROBLEMS]
    columns = (("Row", "row"), ("Column", "column"), ("Value", "value"), ("What to do", "message"))
    rows: Rows = {title: [p[name] for p in shown] for title, name in columns if any(p[name] is not None for p in shown)}
    rows["What to do"] = [spoken(str(text)) for text in rows.get("What to do", [])]
    return Kind(file.name, code, count, code not in HARMLESS, rows)


def unknown_branches(report: LoadReport) -> list[str]:
    """The branch codes that turned rows back because nobody knows them."""
    return sorted({str(p["value"]).strip() for f in report.files for p in f.problems if p["code"] == "unknown_branch" and p["value"]})


def source_rows() -> Rows:
    """What can be loaded, and the columns it needs."""
    return {"What it is": [s.title for s in SOURCES], "Columns it needs": [", ".join(_needed(s)) for s in SOURCES]}


def _needed(source: Source) -> list[str]:
    key = [c for c in source.key if c not in source.optional_key]
    return list(dict.fromkeys(["branch", *key, *source.required]))
