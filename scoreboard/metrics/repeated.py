"""The weeks in which misses are counted, and what keeps coming back in them: the repeats of one metric or of the branch's errors.

The conventions: misses are counted up to the week of the figure shown on a board, the latest judged one, so that a week which may
still change adds none. Groups are counted metric by metric and never summed over metrics, because one order may be late and credited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from scoreboard.errors import Refused
from scoreboard.metrics import board as boards
from scoreboard.metrics import reasons
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reasons import Repeat
from scoreboard.metrics.rollup import Run, prepare
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state import root_causes
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK

ERRORS = ("error_rate", "otif", "repeat_share")  # credits for our own errors, orders late or short, exceptions that came again


@dataclass(frozen=True)
class Span:
    """The first and the last week in which the misses of a metric are counted."""

    metric: Metric
    first: date
    last: date


@dataclass(frozen=True)
class Found:
    """A repeat of one metric, why it comes back as far as anybody wrote it down, and the standard that answers it."""

    metric: Metric
    repeat: Repeat
    cause: str
    standard: str = ""


def spans(settings: Settings, conn: Connection, scope: Scope, company: Company, metrics: Sequence[Metric], week: date,
          number: int = reasons.WEEKS) -> list[Span]:
    """So many weeks up to the figure that the board of a week shows, metric by metric."""
    board = boards.read(conn, settings, scope, week, company=company, also=[metric.key for metric in metrics])
    last = {tile.metric.key: tile.shown.week for tile in board.tiles}
    return [Span(metric, reasons.first_week(last[metric.key], number), last[metric.key]) for metric in metrics]


def rows(settings: Settings, conn: Connection, scope: Scope, span: Span) -> list[reasons.Row]:
    """The rows that count in a span, with the columns that misses are grouped by."""
    return row_reader.over(settings, conn, scope, span.metric, span.first, span.last + WEEK, reasons.COLUMNS)


def _rows(run: Run, scope: Scope, span: Span) -> list[reasons.Row]:
    return row_reader.counting(run, scope, span.metric, span.first, span.last + WEEK, reasons.COLUMNS)


def of_branch(settings: Settings, conn: Connection, viewer: Viewer, scope: Scope, company: Company, week: date,
              metric: Metric | None = None) -> tuple[list[Found], list[Span]]:
    """The repeats of a metric, or of the branch's ERRORS, on the board of a week, the most frequent first; and in which weeks each
    metric was counted. Refused for a metric without misses."""
    if metric is not None:
        require_misses(metric)
    causes = root_causes.of_branch(conn, viewer, scope.name)
    wanted = [metric] if metric is not None else [m for m in CATALOGUE if m.key in ERRORS or m.instead_of in ERRORS]
    known = {span.metric.key: span for span in spans(settings, conn, scope, company, wanted, week)}
    found, used = [], []
    with row_reader.opened(settings, conn, scope) as run:
        prepare(run)
        for span in [known[key] for key in ([metric.key] if metric is not None else ERRORS)]:
            there = _rows(run, scope, span)
            if not there:  # the branch's files are too weak for it: its substitute, if it has one
                span = next((other for other in known.values() if other.metric.instead_of == span.metric.key), span)
                there = _rows(run, scope, span)
            used.append(span)
            for repeat in reasons.repeats(there, company.first_day):
                cause = causes.get((repeat.grouped_by, repeat.subject))
                found.append(Found(span.metric, repeat, cause.cause if cause else "", cause.standard if cause else ""))
    return sorted(found, key=lambda one: (-one.repeat.misses, -one.repeat.weeks)), used


def require_misses(metric: Metric) -> None:
    """Refuses a metric whose rows do not pass or fail one by one."""
    if not reasons.has_misses(metric):
        why = "it only informs" if not metric.direction else "it is a median of times"
        raise Refused(f"{metric.key} has no misses: {why}.", 'See where it comes from with the command "split".')
