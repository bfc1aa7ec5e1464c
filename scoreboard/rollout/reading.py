"""What is known of many branches at once, in a number of statements that does not grow with the branches.

The convention: the caller has checked that the viewer may read these branches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from scoreboard.cases.playbook import KINDS
from scoreboard.metrics.company import Company
from scoreboard.rollout import aims as targets_of
from scoreboard.rollout import raised
from scoreboard.rollout.aims import Aims
from scoreboard.rollout.evidence import RUNGS, TEN, ChainStage, Exceptions, Known, Tightened
from scoreboard.rollout.since import Log, Span, day_of, log_of, unbroken
from scoreboard.state import targets
from scoreboard.state.rollouts import Start
from scoreboard.state.schema import contacts, playbook_steps, promise_rules, root_causes
from scoreboard.state.schema import stages as stage_table


def known(conn: Connection, company: Company, codes: Collection[str], starts: Mapping[str, Start]) -> dict[str, Known]:
    """What is known of branches that exist, which the caller may read."""
    days = {code: company.local_now(code).date() for code in codes}
    homes = {code: name for code, name, start, end in company.memberships
             if code in days and start <= days[code] and (end is None or days[code] < end)}
    log = log_of(conn, codes)
    aims = Aims(targets.book(conn))
    agreed, causes = _stages(conn, company, codes, log), _causes(conn, company, codes)
    shown = raised.exceptions(conn, company, codes, log)
    ladder, playbook, rules = _ladder(conn), _playbook(conn, codes), _rules(conn, codes)
    found = {}
    for code, today in days.items():
        home, figures, own = homes.get(code, ""), company.board_of(code), company.choices.get(code)
        places = (("company", ""), ("territory", home), ("branch", code))
        here = [span for of in ("", code) for span in rules.get(of, ())]
        begun = _first_day(company, code, here)
        found[code] = Known(
            corners=targets_of.corners(aims, code, home, figures, today),
            board=(len(figures), day_of(company, code, log.chosen(code) or own.changed_at)) if own else None,
            figures=len(figures), stages=agreed.get(code, {}), causes=causes.get(code), exceptions=shown.get(code, Exceptions()),
            ladder=_there({rung: _first_day(company, code, (span for place in places for span in ladder.get((*place, rung), ())))
                           for rung in RUNGS}),
            playbook=_there({kind: _first_day(company, code, (span for of in ("", code) for span in playbook.get((of, kind), ())))
                             for kind in KINDS}),
            tightened=_tightened(aims, code, home, starts.get(code), today),
            rules=(sum(end is None for _, end in here), begun) if begun else None)
    return found


def _first_day(company: Company, branch: str, spans: Iterable[Span]) -> date | None:
    begun = unbroken(spans)
    return day_of(company, branch, begun) if begun else None


def _there(since: Mapping[str, date | None]) -> dict[str, date]:
    return {key: day for key, day in since.items() if day is not None}


def _tightened(aims: Aims, code: str, home: str, start: Start | None, today: date) -> list[Tightened] | None:
    day_60 = start.start_on + timedelta(days=59) if start else None
    return targets_of.tightened(aims, code, home, day_60, today) if day_60 and day_60 < today else None


# ---- one statement each ------------------------------------------------------------------------------
def _stages(conn: Connection, company: Company, codes: Collection[str], log: Log) -> dict[str, dict[str, ChainStage]]:
    s = stage_table.c
    found: dict[str, dict[str, ChainStage]] = defaultdict(dict)
    for branch, stage, owner, done, at in conn.execute(select(s.branch, s.stage, s.owner, s.done_means, s.changed_at).where(
            s.branch.in_(codes))):
        since = (log.filled(branch, stage) if owner and done else None) or at
        found[branch][stage] = ChainStage(bool(owner), bool(done), day_of(company, branch, since))
    return found


def _causes(conn: Connection, company: Company, codes: Collection[str]) -> dict[str, tuple[int, date]]:
    c = root_causes.c
    spans: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for branch, by, subject, at, removed in conn.execute(select(c.branch, c.grouped_by, c.subject, c.at, c.removed_at).where(
            c.branch.in_(codes))):
        spans[branch, by, subject].append((at, removed))
    found: dict[str, list[datetime]] = defaultdict(list)
    for (branch, _, _), of_one in spans.items():
        if begun := unbroken(of_one):
            found[branch].append(begun)
    return {branch: (len(begun), day_of(company, branch, sorted(begun)[:TEN][-1])) for branch, begun in found.items()}


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
