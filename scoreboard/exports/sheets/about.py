"""About: what the workbook is, what it was made from and when, how it is read and printed."""

from __future__ import annotations

from openpyxl.drawing.image import Image

from scoreboard import weeks
from scoreboard.exports.content import Content
from scoreboard.exports.pages import Book, Column, text
from scoreboard.metrics import results, words

NAME = "About"
READING = (
    ("Where figures come from",
     "Figures, part, whole, n, scores and totals are formulas. Click a cell to see its formula: it reads the sheet Data, in the row named "
     "beside it. What cannot be computed from sums (medians, usual ranges, clocks) is a value and says so."),
    ("Before you trust an empty cell",
     "The file holds formulas, not their results: Excel and LibreOffice compute them when it is opened. In Protected View press Enable "
     "Editing; a preview on a phone or in a mail shows no figures."),
    ("Colour",
     "Orange: worse than usual, or a target reliably missed. Blue: better than usual, or a target reliably met. Everything else has no "
     "colour: there is no reason to act on it. Shape and words always say the same."),
    ("What is not in it",
     "No private notes, nothing counted by person, no branch that is not yours. Owners stand beside what is open."),
    ("What you may do with it",
     "Change a target or a week on the sheet Scoreboard and see what follows; sort and filter Data; write beside the tables. Nothing you "
     "change here changes the scoreboard."),
    ("Printing",
     "Every sheet fits the width of A4 and of Letter; heads repeat on each page. Leave out Data: it is long."),
    ("Names for your own formulas",
     "data_part, data_whole, data_n, data_median, data_week, data_metric, data_branch, data_key; weeks_of_data; score_speed, "
     "score_accuracy, score_confidence, score_triangle. For example, of all weeks together: "
     'SUMIFS(data_part,data_metric,"otif")/SUMIFS(data_whole,data_metric,"otif").'),
)


def write(book: Book, content: Content) -> None:
    """A page to be read first."""
    page = book.page(NAME, [Column("", 30), Column("", 96)], landscape=False)
    kind = "Territory" if content.of_territory else "Branch"
    if content.logo is not None:
        picture = Image(content.logo)
        page.sheet.add_image(picture, "A1")
        page.row([], max(picture.height * 0.75 + 8, 24))
    page.row([text(content.own.name, "title")], 30)
    page.row([text(f"Leadership Scoreboard, {words.week_name(content.week).lower()}: {words.week_span(content.week)}", "said")], 20)
    page.blank()
    for label, said in _facts(content, kind):
        page.row([text(label, "label"), text(said, "prose")], _height(said))
    page.blank()
    page.section("How to read it")
    for label, said in READING:
        page.row([text(label, "label"), text(said, "prose")], _height(said))


def _facts(content: Content, kind: str) -> list[tuple[str, str]]:
    branches = f": {len(content.branches)} {'branch' if len(content.branches) == 1 else 'branches'}" if content.of_territory else ""
    first = content.spans[-content.weeks] if content.weeks <= len(content.spans) else content.spans[0]
    return [
        (kind, f"{content.own.name} ({content.scope.name}){branches}" if not content.of_territory else f"{content.own.name}{branches}"),
        ("Week", f"{weeks.label(content.week)}, {words.week_span(content.week)}"),
        ("Weeks shown", f"{content.weeks}, from {weeks.label(first)} to {weeks.label(content.week)}"),
        ("As of", " ".join(content.fresh)),
        ("Made", f"{words.moment(content.made_at, year=True)}, for {content.viewer.name or content.viewer.who}"),
        ("Figures", "as known now, of every branch that is yours" if content.of_territory else "as known now"),
        ("Definitions", f"version {results.definitions(content.company.options)}: the same in two workbooks, and their figures compare"),
        ("Data", f"version {content.own.board.version}"),
    ]


def _height(said: str) -> float:
    return 15.0 * max(1, -(-len(said) // 110)) + 3
