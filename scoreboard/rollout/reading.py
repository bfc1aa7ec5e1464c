"""What is known of many branches at once: every table is read in one statement, however many branches are asked for.

The convention: an instant counts on the branch's own day. What is written anew without a gap has been there since it was first
written: rows that end and begin at the same instant are one span.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from scoreboard.calendars import wall_clock
from scoreboard.cases.playbook import KINDS
from scoreboard.cases.terms import fold
from scoreboard.metrics.company import Company
from scoreboard.rollout import aims as targets_of
from scoreboard.rollout.aims import Aims
from scoreboard.rollout.evidence import RUNGS, ChainStage, Exceptions, Known
from scoreboard.state import board_choices, stages, targets
from scoreboard.state.rollouts import Start
from scoreboard.state.schema import cases, change_log, contacts, playbook_steps, promise_rules, root_causes
from scoreboard.state.schema import stages as stage_table
from scoreboard.weeks import WEEK

LATELY = 13 * WEEK
FARTHEST = 52 * WEEK  # how far back the first steps with exceptions are looked for
_STANDARDS = "option exception_standards"
Span = tuple[datetime, datetime | None]


def known(conn: Connection, company: Company, codes: Collection[str], starts: Mapping[str, Start]) -> dict[str, Known]:
    """What is known of branches that exist, which the caller may read."""
    days = {code: company.local_now(code).date() for code in codes}
    homes = {code: name for code, name, start, end in company.memberships
             if code in days and start <= days[code] and (end is None or days[code] < end)}
    log = _Log(conn, codes)
    aims = Aims(targets.book(conn))
    agreed, causes = _stages(conn, company, codes, log), _causes(conn, company, codes)
    raised = _exceptions(conn, company, codes, starts, log)
    ladder, playbook, rules = _ladder(conn), _playbook(conn, codes), _rules(conn, codes)
    found = {}
    for code, today in days.items():
        def since(spans: Iterable[Span], code: str = code) -> date | None:
            begun = unbroken(spans)
            return company_day(company, code, begun) if begun else None

        home, figures = homes.get(code, ""), company.board_of(code)
        places = (("company", ""), ("territory", home), ("branch", code))
        choice = company.choices.get(code)
        here = [span for of in ("", code) for span in rules.get(of, ())]
        found[code] = Known(
            corners=targets_of.corners(aims, code, home, figures, today),
            board=(len(figures), company_day(company, code, log.chosen(code) or choice.changed_at)) if choice else None,
            figures=len(figures), stages=agreed.get(code, {}), causes=causes.get(code, ()), exceptions=raised.get(code, Exceptions()),
            ladder=_there({rung: since(span for place in places for span in ladder.get((*place, rung), ())) for rung in RUNGS}),
            playbook=_there({kind: since(span for of in ("", code) for span in playbook.get((of, kind), ())) for kind in KINDS}),
            tightened=_tightened(aims, code, home, starts.get(code), today),
            rules=(sum(1 for _, end in here if end is None), begun) if (begun := since(here)) else None)
    return found


def company_day(company: Company, branch: str, at: datetime) -> date:
    """The day of an instant at a branch."""
    return wall_clock(at, company.zones[branch]).date()


def unbroken(spans: Iterable[Span]) -> datetime | None:
    """Since when something has been there without a gap, of spans of which the last may have no end; None: it is not there."""
    since, until = None, datetime.min
    for start, end in sorted(spans, key=lambda span: span[0]):
        since = start if since is None or start > until else since
        until = max(until, end or datetime.max)
    return since if until == datetime.max else None


def _there(since: Mapping[str, date | None]) -> dict[str, date]:
    return {key: day for key, day in since.items() if day is not None}


def _tightened(aims: Aims, code: str, home: str, start: Start | None, today: date) -> list[Any] | None:
    day_60 = start.start_on + timedelta(days=59) if start else None
    return targets_of.tightened(aims, code, home, day_60, today) if day_60 and day_60 < today else None


# ---- one statement each ------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Change:
    at: datetime
    what: str
    old: Any
    new: Any


class _Log:
    """The entries of the change log that tell since when, by subject, newest first."""

    def __init__(self, conn: Connection, codes: Collection[str]) -> None:
        c = change_log.c
        asked = [*(f"branch {code}" for code in codes), _STANDARDS]
        kinds = (stages.SET, board_choices.CHOSEN, board_choices.GIVEN_BACK, "option set")
        self._of: dict[str, list[_Change]] = defaultdict(list)
        for subject, *rest in conn.execute(select(c.subject, c.at, c.what, c.old, c.new).where(
                c.what.in_(kinds), c.subject.in_(asked)).order_by(c.id.desc())):
            self._of[subject].append(_Change(*rest))

    def chosen(self, branch: str) -> datetime | None:
        """When the board was first chosen since it last followed the company's."""
        found = None
        for one in self._of[f"branch {branch}"]:
            if one.what == board_choices.GIVEN_BACK:
                break
            found = one.at if one.what == board_choices.CHOSEN else found
        return found

    def filled(self, branch: str, stage: str) -> datetime | None:
        """Since when a stage has had both an owner and what done means."""
        found = None
        for one in self._of[f"branch {branch}"]:
            if one.what == stages.SET and one.new["stage"] == stage:
                if not (one.new["owner"] and one.new["done_means"]):
                    break
                found = one.at
        return found

    def timed(self, type: str) -> datetime | None:
        """Since when a type of exception has had a standard."""
        found = None
        for one in self._of[_STANDARDS]:
            if type not in {fold(name) for name in one.new or ()}:
                break
            found = one.at
        return found


def _stages(conn: Connection, company: Company, codes: Collection[str], log: _Log) -> dict[str, dict[str, ChainStage]]:
    s = stage_table.c
    found: dict[str, dict[str, ChainStage]] = defaultdict(dict)
    for branch, stage, owner, done, at in conn.execute(select(s.branch, s.stage, s.owner, s.done_means, s.changed_at).where(
            s.branch.in_(codes))):
        since = (log.filled(branch, stage) if owner and done else None) or at
        found[branch][stage] = ChainStage(bool(owner), bool(done), company_day(company, branch, since))
    return found


def _causes(conn: Connection, company: Company, codes: Collection[str]) -> dict[str, list[date]]:
    c = root_causes.c
    spans: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for branch, by, subject, at, removed in conn.execute(select(c.branch, c.grouped_by, c.subject, c.at, c.removed_at).where(
            c.branch.in_(codes))):
        spans[branch, by, subject].append((at, removed))
    found: dict[str, list[date]] = defaultdict(list)
    for (branch, _, _), of_one in spans.items():
        if begun := unbroken(of_one):
            found[branch].append(company_day(company, branch, begun))
    return {branch: sorted(days) for branch, days in found.items()}


def _exceptions(conn: Connection, company: Company, codes: Collection[str], starts: Mapping[str, Start],
                log: _Log) -> dict[str, Exceptions]:
    c, now = cases.c, company.now
    lately = now - LATELY
    first = min((datetime.combine(start.start_on, datetime.min.time()) for start in starts.values()), default=lately)
    is_open, recent = c.closed_at.is_(None), c.opened_at >= lately
    resolved, owned = c.resolved_at.is_not(None), func.coalesce(c.owner, "") != ""
    count = func.count
    statement = select(
        c.branch, c.type, count().filter(is_open), count().filter(is_open, ~owned), count().filter(recent),
        func.min(func.coalesce(c.assigned_at, c.opened_at)).filter(owned), count().filter(recent, resolved),
        count().filter(recent, resolved, c.first_told_at.is_not(None)), func.min(c.first_told_at),
    ).where(c.branch.in_(codes), or_(is_open, c.opened_at >= max(min(first, lately), now - FARTHEST)), c.opened_at <= now)
    of_branch: dict[str, list[Any]] = defaultdict(list)
    for branch, *row in conn.execute(statement.group_by(c.branch, c.type)):
        of_branch[branch].append(row)
    return {branch: _raised(company, branch, rows, log) for branch, rows in of_branch.items()}


def _raised(company: Company, branch: str, rows: list[Any], log: _Log) -> Exceptions:
    shown = [row for row in rows if row[1] or row[3]]  # open, or of the last thirteen weeks
    types = [row[0] for row in shown]
    untimed = sorted({kind for kind in types if company.terms.standard(kind) is None})
    owned = min((row[4] for row in rows if row[4]), default=None)
    told = min((row[7] for row in rows if row[7]), default=None)
    steps = [owned, *(log.timed(fold(kind)) for kind in types)]
    since = max((at for at in steps if at), default=None)
    return Exceptions(
        seen=sum(max(row[1], row[3]) for row in shown), open=sum(row[1] for row in rows), unowned=sum(row[2] for row in rows),
        untimed=tuple(untimed), since=company_day(company, branch, since) if since else None, resolved=sum(row[5] for row in rows),
        told=sum(row[6] for row in rows), told_since=company_day(company, branch, told) if told else None)


def _ladder(conn: Connection) -> dict[tuple[str, str, str], list[Span]]:
    c = contacts.c
    found: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for kind, scope, role, at, removed in conn.execute(select(c.scope_kind, c.scope, c.role, c.at, c.removed_at).where(
            c.role.in_(list(RUNGS)))):
        found[kind, scope, role].append((at, removed))
    return found


def _playbook(conn: Connection, codes: Collection[str]) -> dict[tuple[str, str], list[Span]]:
    p = playbook_steps.c
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for branch, kind, at, removed in conn.execute(select(p.branch, p.applies_to, p.at, p.removed_at).where(p.branch.in_(["", *codes]))):
        found[branch, kind].append((at, removed))
    return found


def _rules(conn: Connection, codes: Collection[str]) -> dict[str, list[Span]]:
    p = promise_rules.c
    found: dict[str, list[Span]] = defaultdict(list)
    for branch, at, removed in conn.execute(select(p.branch, p.at, p.removed_at).where(p.branch.in_(["", *codes]))):
        found[branch].append((at, removed))
    return found
