"""Handoffs and repeats: how long things stay at each stage, what broke between them, what keeps coming back and what answers it.

The convention: thirteen weeks up to the week of the board. Medians and nine-of-ten are values, taken from the rows; misses belong to a
handoff and are summed here. Repeats are a branch's own: a territory's book leaves them out and says so.
"""

from __future__ import annotations

from scoreboard.exports.content import Content
from scoreboard.exports.look import DAY, WHOLE
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, number, text
from scoreboard.metrics import chain, chain_words, repeated, words
from scoreboard.metrics.chain import Misses, Stay
from scoreboard.metrics.stages import STAGES
from scoreboard.state import stages as kept

NAME = "Handoffs and repeats"
WIDTHS = (30, 30, 16, 13, 13, 13, 24, 44)
STAYS = ("Stage", "From … to", "Clock", "Counted", "Middle, hours (value)", "Nine of ten within, hours (value)", "Owner", "Done means")
MISSES = ("Handoff", "", "Credits", "Exceptions", "Together", "Share of all")
REPEATS = ("Metric", "What they have in common", "", "Misses", "In weeks", "Last on", "Root cause", "Standard that answers it")
SHOWN = 10
_COMMON = {"part_no": "part", "customer": "customer", "route": "route", "reason": "reason"}


def write(book: Book, content: Content) -> None:
    """The chain, what broke, what came back."""
    page = book.page(NAME, [Column("", width) for width in WIDTHS])
    page.top(f"{content.own.name} · handoffs and repeats", f"The thirteen weeks up to {words.week_name(content.week).lower()}.")
    with chain.opened(content.settings, content.conn, content.company, content.scope, content.week) as run:
        stays, misses = chain.stays(run, content.week), chain.misses(run, content.week)
    _chain(page, content, stays)
    page.blank()
    _misses(page, misses)
    page.blank()
    _repeats(page, content)


def _heads(page: Page, heads: tuple[str, ...], right: range) -> None:
    page.heads([Column(head, 0, at in right) for at, head in enumerate(heads)])


def _chain(page: Page, content: Content, stays: dict[str, Stay]) -> None:
    agreed = kept.of_branch(content.conn, content.viewer, content.scope.name) if content.scope.kind == "branch" else {}
    page.section("How long things stay at each stage")
    _heads(page, STAYS, range(3, 6))
    for stage in STAGES:
        for at, metric in enumerate(stage.stays):
            said = agreed.get(stage.key) if at == 0 else None
            page.row(_stay(stage.name if at == 0 else "", stays[metric.key], said, bool(agreed)), 22)


def _stay(name: str, stay: Stay, said: kept.Agreed | None, of_branch: bool) -> list[Cell | None]:
    lacks = chain_words.lacking(stay)
    hours = [_hours(stay.p50, stay.more50), _hours(stay.p90, stay.more90)] if not lacks else [text("–", "number"), text("–", "number")]
    owner = "" if not of_branch or not name else said.owner if said and said.owner else "nobody yet"
    done = lacks or (said.done_means if said and said.done_means else "not written yet" if of_branch and name else "")
    return [text(name, "name"), text(chain_words.what(stay.metric)), text(chain_words.clock(stay.metric), "words"),
            number(stay.n or None, WHOLE), *hours, text(owner), text(done, "words")]


def _hours(minutes: float | None, more: bool) -> Cell:
    return number(None if minutes is None else minutes / 60, '"more than "0.0' if more else "0.0")


def _misses(page: Page, misses: list[Misses]) -> None:
    page.section("What broke at each handoff", "Credits for our own errors and exceptions; one order may stand in both.")
    _heads(page, MISSES, range(2, 6))
    first, last = page.at, page.at + len(misses) - 1
    for one in misses:
        at = page.at
        page.row([text(one.handoff or "No handoff named", "name"), text(""), number(one.credits, WHOLE), number(one.exceptions, WHOLE),
                  formula(f"SUM(C{at}:D{at})", WHOLE),
                  formula(f'IF(SUM(E${first}:E${last})=0,"nothing broke",E{at}/SUM(E${first}:E${last}))', "0.0%")])
    page.row([text("All", "total"), text("", "total"), *(formula(f"SUM({c}{first}:{c}{last})", WHOLE, "total right") for c in "CDE"),
              text("", "total")])


def _repeats(page: Page, content: Content) -> None:
    page.section("What keeps coming back", f"The {SHOWN} most frequent, with their root cause and the standard that answers it.")
    if content.scope.kind != "branch":
        page.row([text("Repeats and their root causes belong to one branch: see its own workbook.", "quiet")])
        return
    found, _ = repeated.of_branch(content.settings, content.conn, content.viewer, content.scope, content.company, content.week)
    if not found:
        page.row([text("Nothing came back in these weeks.", "quiet")])
        return
    _heads(page, REPEATS, range(3, 6))
    for one in found[:SHOWN]:
        repeat = one.repeat
        page.row([text(words.title(one.metric)[0], "name"), text(f"{_COMMON[repeat.grouped_by]} {repeat.subject}"), text(""),
                  number(repeat.misses, WHOLE), number(repeat.weeks, WHOLE), number(repeat.last_on, DAY),
                  text(one.cause or "not written yet", "words"), text(one.standard or "none yet", "words")], 22)
