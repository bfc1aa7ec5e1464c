"""Definitions: what each metric of the book counts, how it is judged, where its target comes from."""

from __future__ import annotations

from scoreboard.exports.content import Content
from scoreboard.exports.look import format_of
from scoreboard.exports.pages import Book, Column, number, text
from scoreboard.metrics import board as boards
from scoreboard.metrics import results, words
from scoreboard.metrics.board import Aim
from scoreboard.metrics.model import Metric
from scoreboard.metrics.values import UNITS
from scoreboard.state import targets

NAME = "Definitions"
COLUMNS = (
    Column("Metric", 28), Column("What is counted", 62), Column("Corner", 12), Column("Unit", 9), Column("Better", 10),
    Column("Counts in the week", 20), Column("Target", 10, True), Column("Floor", 10, True), Column("Where the target comes from", 38),
    Column("Key", 22), Column("Definition", 15))
HEAD = 4
BETTER = {1: "more", -1: "less", 0: "only informs"}


def write(book: Book, content: Content) -> None:
    """A row for each metric of Data."""
    page = book.page(NAME, COLUMNS, frozen=HEAD, fixed=1)
    page.top("Definitions", "The same for every branch. The last column names the definition with the options it was computed under: "
             "figures may be compared when it is the same.")
    page.blank(HEAD - page.at)
    page.heads()
    aims = boards.aims_on(targets.book(content.conn), content.company, content.scope, content.last_day, content.metrics)
    for metric in content.metrics:
        aim = aims[metric.key]
        page.row([text(metric.name, "name"), text(_definition(metric, content), "words"), text(metric.corner or "none", "words"),
                  text(UNITS.get(metric.unit, metric.unit)), text(BETTER[metric.direction], "words"),
                  text(words.WEEK_OF[metric.whole.week], "words"), number(aim.target if metric.direction else None, format_of(metric)),
                  number(aim.floor if metric.direction else None, format_of(metric)), text(basis(metric, aim), "words"),
                  text(metric.key, "words"), text(results.definition(metric, content.company.options), "words")],
                 14.0 * max(2, -(-len(_definition(metric, content)) // 60)) + 4)


def _definition(metric: Metric, content: Content) -> str:
    later = f" It may still change for {content.company.options[metric.maturity]} days after the week." if metric.maturity else ""
    return metric.definition + later


def basis(metric: Metric, aim: Aim) -> str:
    """Where a target comes from: who agreed it and why, until when a miss is accepted, or its source."""
    if metric.direction == 0:
        return "has none: there is no better and worse"
    if aim.held is None:
        return f"sourced: {metric.source}" if aim.basis == "sourced" else "none agreed: the branch's own weeks are the measure"
    until = f" until {words.day(aim.until_on)}" if aim.until_on else ""
    return f"{aim.basis}{until} by {aim.held.who}: {aim.held.reason}"
