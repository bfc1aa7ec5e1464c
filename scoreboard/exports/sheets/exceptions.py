"""Exceptions: what is open now, those whose customer does not know the outcome first. Owners stand beside what is open, nowhere else.

The convention: nothing is counted by person. Clocks are values as of the moment the workbook was made: ours in working time by the
hours of the branch, the customer's by the calendar. Times are those of the branch.
"""

from __future__ import annotations

from datetime import datetime

from scoreboard.calendars import wall_clock
from scoreboard.cases import finding, timers
from scoreboard.cases.lifecycle import NOT_TOLD, CaseState, status
from scoreboard.cases.next_steps import next_step
from scoreboard.exports.content import Content
from scoreboard.exports.look import MOMENT, speaks
from scoreboard.exports.pages import Book, Cell, Column, formula, number, text
from scoreboard.metrics import words

NAME = "Exceptions"
COLUMNS = (
    Column("No.", 8), Column("Branch", 14), Column("What", 16), Column("Customer", 17), Column("Order", 10), Column("Part", 12),
    Column("Handoff", 15), Column("Owner", 16), Column("Standing", 25), Column("Opened", 17, True),
    Column("Our clock, working hours (value)", 12, True), Column("Standard, working hours", 12, True),
    Column("Customer's clock, hours by the calendar (value)", 13, True), Column("Due", 17, True), Column("Customer hears next", 17, True),
    Column("Next step", 24))
HOURS = '#,##0.0" h"'
HEAD = 6
NOT_TOLD_SAID, PAST, SOON = "customer not told", "past standard", "due within a day"


def write(book: Book, content: Content) -> None:
    """The list, with what it holds counted above it by Excel."""
    page = book.page(NAME, COLUMNS, frozen=HEAD, fixed=1)
    company, now = content.company, content.settings.now
    members = content.scope.members(company, content.scope.running_week(company))
    found = finding.listed(content.conn, content.viewer, members, "open", now, most=None)
    page.top(f"{content.own.name} · open exceptions", f"As of {words.moment(content.made_at, year=True)}, whatever week the board shows. "
             "First those that are resolved while the customer does not know; then by when they are due.")
    standing = f"$I${HEAD + 1}:$I${HEAD + max(len(found), 1)}"
    page.row([text(""), *(text(said, "plain right") for said in ("Open", "Not told", "Past standard", "Due in a day"))])
    page.row([text(""), formula(f'COUNTIF({standing},"?*")', "0", "figure"),
              *(formula(f'COUNTIF({standing},"*{said}*")', "0", "figure") for said in (NOT_TOLD_SAID, PAST, SOON))])
    page.blank(HEAD - page.at)
    page.heads(height=42)
    if not found:
        page.row([text(finding.BY_KEY["open"].empty, "quiet")])
    for one in sorted(found, key=lambda one: status(one.state) != NOT_TOLD):
        if one.state.branch in company.zones:
            page.row(_row(content, one), 28)
    for rule in speaks(f"$I{HEAD + 1}"):
        page.sheet.conditional_formatting.add(f"I{HEAD + 1}:I{max(page.at - 1, HEAD + 1)}", rule)


def _row(content: Content, one: finding.Found) -> list[Cell | None]:
    state, now, terms = one.state, content.settings.now, content.company.terms
    clocks, standard, zone = timers.times(state, terms, now), terms.standard(state.type), content.company.zones[state.branch]

    def moment(at: datetime | None, otherwise: str) -> Cell:
        return number(wall_clock(at, zone).replace(fold=0), MOMENT) if at else text(otherwise, "words")

    opened, due = moment(state.opened_at, ""), moment(one.due_at, "no standard agreed")
    next_update = moment(state.next_update_at, "nothing promised")
    return [text(state.case_no, "name"), text(content.company.branches[state.branch].name, "words"),
            text(state.type[:1].upper() + state.type[1:]), text(state.customer), text(state.order_no), text(state.part_no),
            text(state.handoff, "words"), text(_owner(state)), text(_standing(content, one), "words"), opened,
            number(clocks.ours / 60, HOURS), number(standard / 60, HOURS) if standard is not None else text("not agreed", "words"),
            number(clocks.theirs / 60, HOURS), due, next_update, text(next_step(state, now).says, "words")]


def _owner(state: CaseState) -> str:
    return "nobody yet" if not state.owner else state.owner if state.accepted else f"{state.owner} (has not said yes)"


def _standing(content: Content, one: finding.Found) -> str:
    """The lists of the page Exceptions it stands in."""
    now, due = content.settings.now, one.due_at
    late = PAST if due and due < now else SOON if due and due < now + finding.SOON else ""
    told = f"resolved, {NOT_TOLD_SAID}" if status(one.state) == NOT_TOLD else "open"
    said = "; ".join(part for part in (told, late, "mission-critical" if one.state.critical else "") if part)
    return said[:1].upper() + said[1:]
