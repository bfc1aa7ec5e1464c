"""Rollout: the first 90 days, item by item with why and since when; of a territory, branch by branch with what has not moved for longest.

The convention: an item is ticked by what people did here, by evidence by hand or by a person's word (see `rollout.standing`). How many
are done is counted by Excel from the words beside them.
"""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from scoreboard.exports.content import Content
from scoreboard.exports.look import ACCENT, CONCERN, DAY
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, number, text
from scoreboard.metrics import words
from scoreboard.rollout import standing
from scoreboard.rollout.plan import ROLLOUT_PLAN, STAGES
from scoreboard.rollout.standing import ItemStanding, Rollout
from scoreboard.state.rollouts import DAYS

NAME = "Rollout"
HEAD = 5
_FIRST = 6  # column of the first item in a territory's table
_BRANCH = (Column("Item", 58), Column("State", 14), Column("Why", 70), Column("Since", 13, True), Column("How", 20))


def write(book: Book, content: Content) -> None:
    """Of a branch its items, of a territory its branches."""
    members = content.scope.members(content.company, content.scope.running_week(content.company))
    by_name = sorted(members, key=lambda code: content.company.branches[code].name)
    found = standing.read(content.conn, content.viewer, content.company, by_name)
    if content.of_territory:
        _territory(book, content, list(found.values()))
    elif content.scope.name in found:
        _branch(book, content, found[content.scope.name])


def _day(one: Rollout) -> str:
    if one.start_on is None:
        return "No start day is set, so nothing is due yet. What is done already counts."
    if one.day is None:
        return f"It begins on {words.day(one.start_on)}."
    begun = words.day(one.start_on)
    return f"Day {one.day} of {DAYS}, begun on {begun}." if one.day <= DAYS else f"Begun on {begun}; the {DAYS} days are over."


def _branch(book: Book, content: Content, one: Rollout) -> None:
    page = book.page(NAME, _BRANCH)
    page.top(f"{content.own.name} · first 90 days", _day(one))
    first = page.at + 2
    last = first + len(one.items) + 2 * len(STAGES) - 1
    planned = f", {one.planned} planned by {words.day(one.today)}" if one.planned is not None else ""
    page.row([formula(f'COUNTIF($B${first}:$B${last},"done")&" of {len(one.items)} items done{planned}"', style="first")])
    page.blank()
    for stage in one.stages:
        span = f" · {words.day(stage.opens_on)} to {words.day(stage.ends_on)}" if stage.opens_on and stage.ends_on else ""
        page.row([text(f"{stage.stage.name}{span}", "section")], 26)
        page.heads(height=18)
        for item in stage.items:
            page.row(_item(item), 30)
    _colours(page, f"B{first}:B{page.at - 1}", f"$B{first}")


def _item(item: ItemStanding) -> list[Cell | None]:
    how = f"{item.by}, before the start" if item.before_start else item.by
    return [text(item.item.words, "text"), text(item.state, "words"), text(" ".join(filter(None, (item.word, item.why))), "words"),
            number(item.since, DAY) if item.since else text(""), text(how, "words")]


def _territory(book: Book, content: Content, found: list[Rollout]) -> None:
    columns = [Column("Branch", 22), Column("Begun on", 13, True), Column("Day", 8, True), Column("Done", 8, True),
               Column("Planned by today (value)", 10, True),
               *(Column(item.key, 12) for item in ROLLOUT_PLAN), Column("Not moved for longest", 40)]
    page = book.page(NAME, columns, frozen=HEAD, fixed=1)
    page.top(f"{content.own.name} · first 90 days",
             f"Items done of {len(ROLLOUT_PLAN)}, counted from the words beside them; beside it what the plan asks for by today. Branches "
             "stand by name.",
             "What each item means stands below.")
    page.blank(HEAD - page.at)
    page.heads(columns, 42)
    begin, end = get_column_letter(_FIRST), get_column_letter(_FIRST + len(ROLLOUT_PLAN) - 1)
    items = f"{begin}{{0}}:{end}{{0}}"
    for one in found:
        stuck = one.stuck[0] if one.stuck else None
        said = f"{stuck.item.key}, since {words.day(stuck.since)}" if stuck and stuck.since else stuck.item.key if stuck else ""
        begun = number(one.start_on, DAY) if one.start_on else text("not set", "words")
        page.row([text(content.company.branches[one.branch].name, "name"), begun, number(one.day, "0"),
                  formula(f'COUNTIF({items.format(page.at)},"done")', "0"), number(one.planned, "0"),
                  *(text(item.state, "words") for item in one.items), text(said, "words")], 18)
    if not found:
        page.row([text("No branch belongs here now.", "quiet")])
    _colours(page, f"{begin}{HEAD + 1}:{end}{max(page.at - 1, HEAD + 1)}", f"{begin}{HEAD + 1}")
    page.blank()
    for item in ROLLOUT_PLAN:
        page.row([text(item.key, "label"), text(item.words, "said")])


def _colours(page: Page, span: str, cell: str) -> None:
    """By the word of a cell: done in the accent, carried over in orange."""
    for said, colour in (("done", ACCENT), ("carried over", CONCERN)):
        page.sheet.conditional_formatting.add(span, Rule(type="expression", dxf=DifferentialStyle(font=Font(color=colour, bold=True)),
                                                         formula=[f'{cell}="{said}"']))
