"""A load in words: what its report says on screen. Pure; `load_screen` draws it, `load_tables` has its rows.

The convention: rows that do not go in "come back"; nothing here is "bad" or "failed". The engine's sentences name the
options of the command line; `spoken` says the same with the words of the page.
"""

from __future__ import annotations

from datetime import date

from scoreboard.imports.load_report import LoadReport
from scoreboard.metrics import words
from scoreboard.rules.watch import Watched

HELP = "If the file needs help"
# How the command line says it → how the page says it.
_SPOKEN = (
    ("Name the source with --source, or their headers in a map.", f'Say what it is, or bring a map, under "{HELP}".'),
    ("Name the source with --source.", f'Say what it is under "{HELP}".'),
    ("branch (or --branch CODE)", f'branch (or name it under "{HELP}")'),
    ("Leave --branch or the constant out.", f'Take the branch away under "{HELP}", or the constant out of the map.'),
    ("all or nothing was asked for and some rows have problems. Correct them, or load without --all-or-nothing.",
     f'every row was to go in and some cannot. Correct them, or switch that off under "{HELP}".'),
    ("add it with options set, or", "ask an administrator to add it, or"),
    ('See "loads" for what was loaded.', "See the history below."),
    ('Run "doctor"', 'Ask whoever keeps the scoreboard running to run "doctor"'),
)


def spoken(sentence: str) -> str:
    """A sentence of the engine without options of the command line."""
    for typed, said in _SPOKEN:
        sentence = sentence.replace(typed, said)
    return sentence


def counted(n: int, noun: str, plural: str = "") -> str:
    """`1 row`, `1,204 rows`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


# ---- what a load comes to ------------------------------------------------------------------------------
def rows_in(report: LoadReport) -> int:
    """Rows that go in, known ones and waiting ones included."""
    return sum(f.read - f.rejected for f in report.files if not f.already)


def rows_back(report: LoadReport) -> int:
    """Rows that come back."""
    return sum(f.rejected for f in report.files)


def comes_to(report: LoadReport) -> str:
    """One sentence: what the rows are. `3,204 rows are new, 3 change what was known and 12 are known already.`"""
    fresh = [f for f in report.files if not f.already]
    found = [(sum(getattr(f, name) for f in fresh), one, many) for name, one, many in (
        ("new", "is new", "are new"), ("changed", "changes what was known", "change what was known"),
        ("same", "is known already", "are known already"), ("waiting", "waits for its record", "wait for their record"))]
    said = [f"{counted(n, 'row') if i == 0 else f'{n:,}'} {one if n == 1 else many}"
            for i, (n, one, many) in enumerate(part for part in found if part[0])]
    return f"{words.listed(said)}." if said else "No row can go in."


def moves(report: LoadReport) -> str:
    """One sentence: what it does to the figures."""
    verb = "would move" if report.dry_run else "moved"
    if not report.moved:
        return f"No figure on the board {verb}."
    return f"{counted(report.moved, 'figure')} on the board {verb}{_weeks(report)}."


def _weeks(report: LoadReport) -> str:
    if not report.weeks:
        return ""
    first, last = report.weeks[0], report.weeks[-1]
    if first == last:
        return f", in {week_name(first)}"
    begun = f"week {int(first[-2:])}" if first[:4] == last[:4] else week_name(first)
    return f", in {counted(len(report.weeks), 'week')}, {begun} to {week_name(last)}"


def week_name(label: str) -> str:
    """`week 45 of 2026` for 2026-W45."""
    return f"week {int(label[-2:])} of {label[:4]}"


def comes_back(report: LoadReport) -> str:
    """What becomes of the rows that do not go in: said before the button, and after."""
    back = rows_back(report)
    if not back:
        return "No row comes back."
    each = "with its reason" if back == 1 else "each with its reason"
    return f"{counted(back, 'row')} {'comes' if back == 1 else 'come'} back to you, {each}, to correct and load again."


def verdict(report: LoadReport) -> str:
    """The whole of it in a few sentences: what the rows are, what they move, what comes back."""
    if report.refused:
        return spoken(report.refused)
    if all(f.already for f in report.files):
        return " ".join(["These rows are in already." if rows_back(report) else "Everything here was loaded before; nothing is left to do.",
                         *([comes_back(report)] if rows_back(report) else [])])
    return " ".join([comes_to(report), *([moves(report)] if rows_in(report) else []), comes_back(report)])


def notes(report: LoadReport) -> list[str]:
    """What else is worth a line, file by file."""
    found = []
    for f in report.files:
        if f.already:
            rest = f"its {counted(f.rejected, 'row')} that came back would come back again" if f.rejected else "nothing to do"
            found.append(f"{f.name}: {f.already}; {rest}.")
        if f.new_branches:
            added = "would be added" if report.dry_run else "was added" if len(f.new_branches) == 1 else "were added"
            found.append(f"{f.name}: {counted(len(f.new_branches), 'new branch', 'new branches')} {added}: {', '.join(f.new_branches)}. "
                         "Until somebody changes it, a new branch is open Monday to Friday, 08:00 to 17:00 UTC.")
        if f.ignored:
            found.append(f"{f.name}: columns not used: {', '.join(f.ignored)}.")
    return found + by_rules(report.rules)


def by_rules(done: Watched) -> list[str]:
    """What rules made of the new rows."""
    opened, over = len(done.opened), len(done.proposed)
    return [*([f"Rules opened {counted(opened, 'exception')}."] if opened else []),
            *([f"By the data {counted(over, 'exception')} {'is' if over == 1 else 'are'} over: proposed to be closed."] if over else []),
            *([done.trouble] if done.trouble else [])]


def span(first: date | None, last: date | None) -> str:
    """`26 October to 4 November 2026`, as short as it can be; empty without dates."""
    if first is None or last is None:
        return ""
    if first == last:
        return words.day(first)
    begun = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begun if first.year == last.year else words.day(first)} to {words.day(last)}"
