"""Coverage: which source was reported for which week, and how far each reaches; of a territory, how many branches reported it.

The convention: a week of a source is covered when a load holds records on both sides of it or inside it (`reach.covers`): a blank is
missing data, never a zero.
"""

from __future__ import annotations

from datetime import date

from openpyxl.utils import get_column_letter

from scoreboard import weeks
from scoreboard.exports.content import Content
from scoreboard.exports.look import DAY
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, number, quoted, text
from scoreboard.facts.sources import BY_NAME, SOURCES
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import words
from scoreboard.metrics.reach import Reach
from scoreboard.weeks import WEEK

NAME = "Coverage"
HEAD = 5
_BRANCH, _EACH = 30, 13
YES, NO = "reported", "no file"


def write(book: Book, content: Content) -> None:
    """Weeks against sources, newest first."""
    seen = [week for week in content.spans if week >= content.scope.since]
    members = sorted({branch for week in seen for branch in content.scope.members(content.company, week)})
    reach = reaches.fold(reaches.pieces(content.conn, branches=members), content.company)
    there = [source.name for source in SOURCES if any((branch, source.name) in reach.columns for branch in members)]
    columns = [Column("Week", 12), Column("Begins", 12, True), *(Column(BY_NAME[name].title, _EACH) for name in there)]
    page = book.page(NAME, columns, frozen=HEAD, fixed=2)
    page.row([text(f"{content.own.name} · coverage", "title")], 30)
    page.row([text("What the files of these weeks hold. A week without a file is missing, never zero.", "quiet")])
    page.row([text(" ".join(content.fresh), "quiet")])
    page.blank()
    page.heads(columns, 40)
    first = page.at
    for week in reversed(content.spans):
        page.row([text(weeks.label(week), "first"), number(week, DAY), *(_covered(content, reach, name, week) for name in there)])
    last = page.at - 1
    letters = [get_column_letter(at + 3) for at in range(len(there))]
    counted = "Branch-weeks" if content.of_territory else "Reported"
    page.row([text(counted, "total"), text("", "total"), *(_counted(content, letter, first, last) for letter in letters)])
    book.name("weeks_of_data", NAME, f"$A${first}:$A${last}")
    page.blank()
    _reaching(page, content, reach, members, there)


def _covered(content: Content, reach: Reach, source: str, week: date) -> Cell:
    members = content.scope.members(content.company, week) if week >= content.scope.since else frozenset()
    covered = sum(reach.covers(branch, source, week, week + WEEK) for branch in members)
    if not content.of_territory:
        return text(YES if covered else NO, "words")
    return number(covered, f'0" of {len(members)}"')


def _counted(content: Content, letter: str, first: int, last: int) -> Cell:
    span = f"{letter}{first}:{letter}{last}"
    if content.of_territory:
        return formula(f"SUM({span})", "0", "total right")
    return formula(f"COUNTIF({span},{quoted(YES)})", f'0" of {last - first + 1}"', "total right")


def _reaching(page: Page, content: Content, reach: Reach, members: list[str], there: list[str]) -> None:
    page.section("How far the files reach", "The last moment each source knows of, on the branch's clock.")
    page.heads([Column("Branch", 0), Column("", 0), *(Column(BY_NAME[name].title, 0) for name in there)], 40)
    for branch in members:
        page.row([text(content.company.branches[branch].name, "name"), text(""), *(_reaches(reach, branch, name) for name in there)])
    if not members:
        page.row([text("No branch belongs here in these weeks.", "quiet")])


def _reaches(reach: Reach, branch: str, source: str) -> Cell:
    found = reach.columns.get((branch, source))
    if not found:
        return text("never", "words")
    return text("kept here" if source == "exceptions" else words.moment(max(found.values())), "words")
