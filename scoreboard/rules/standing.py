"""Rules as a branch has them: on or off, what each lacks, what it would open now, what it opened; and the row behind one exception.

The convention: switching a rule concerns every branch, so only who may change options does it. What it would open is asked of the
facts each time, and nothing is written for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from scoreboard.cases import types
from scoreboard.errors import Refused
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.company import Company
from scoreboard.rules.book import BY_KEY, RULES, find
from scoreboard.rules.looking import Cause, look
from scoreboard.rules.model import Rule
from scoreboard.rules.watch import to_open
from scoreboard.settings import Settings
from scoreboard.state import options
from scoreboard.state.schema import case_events, cases
from scoreboard.state.viewers import Viewer

LATEST = 5


@dataclass(frozen=True)
class Opened:
    """An exception a rule opened. `closed` when the customer knows."""

    case_no: str
    opened_at: datetime
    customer: str
    order_no: str
    closed: bool
    proposal: str


@dataclass(frozen=True)
class Stand:
    """A rule at a branch. `lacks`: what must be loaded or agreed before it can speak, `agree`: the options among it; `owner`: who
    gets what it opens; `standard`: the working minutes of its type, None while none is agreed; `would`: what it would open now;
    `everywhere`: how many at all branches, for whoever sees them, because a switch holds for all."""

    rule: Rule
    on: bool
    when: str
    lacks: tuple[str, ...]
    agree: tuple[str, ...]
    owner: str
    standard: float | None
    would: tuple[Cause, ...]
    everywhere: int | None = None


def stands(settings: Settings, conn: Connection, viewer: Viewer, branch: str) -> list[Stand]:
    """Every rule as a branch has it. NotAllowed for another's branch, Refused for one that is not known."""
    viewer.require_branch(branch)
    company = companies.read(conn, settings.now)
    if branch not in company.branches:
        raise Refused(f'There is no branch "{branch}".', "See `branches list`.")
    reach = reaches.fold(reaches.pieces(conn, branches=[branch]), company)
    owners = {one.name: one.owner for one in types.of_branch(conn, branch)}
    sees_all = viewer.branches is None
    would = would_open(settings, conn, company, RULES, None if sees_all else [branch])
    agreed = company.options
    return [Stand(rule, rule.key in agreed["rules_on"], when(rule, agreed), tuple(reach.unmet(branch, rule.needs)),
                  tuple(key for key in rule.agreed if not agreed[key]), owners.get(rule.type, ""), company.terms.standard(rule.type),
                  tuple(one for one in would[rule.key] if one.branch == branch),
                  len(would[rule.key]) if sees_all else None)
            for rule in RULES]


def would_open(settings: Settings, conn: Connection, company: Company, rules: Sequence[Rule],
               branches: Collection[str] | None) -> dict[str, list[Cause]]:
    """What each of some rules would open now, on or not, the longest broken first."""
    seen = look(settings, conn, company, rules, {}, branches)
    found: dict[str, list[Cause]] = {rule.key: [] for rule in rules}
    for one in sorted(to_open(conn, seen.causes), key=lambda one: (one.since or datetime.max, one.branch, one.cause)):
        found[one.rule.key].append(one)
    return found


def when(rule: Rule, agreed: Mapping[str, Any]) -> str:
    """The sentence of when it opens one, with what was agreed; "so many" while it is not."""
    return rule.when.format(**{key: "so many" if value is None else f"{value:g}" if isinstance(value, float) else value
                               for key, value in agreed.items()})


def switch(conn: Connection, viewer: Viewer, key: str, on: bool, *, now: datetime, why: str = "") -> bool:
    """Switches a rule for every branch; False when it stood so already. Refused for an unknown rule, or while what it judges by is not
    agreed."""
    viewer.require_change("options")
    rule, kept = find(key), options.current(conn)
    if on and (missing := [name for name in rule.agreed if not kept[name]]):
        raise Refused(f'"{rule.name}" judges by what is not agreed yet: {", ".join(missing)}.',
                      f'Agree it first, for example: options set {missing[0]} NUMBER.')
    if (key in kept["rules_on"]) == on:
        return False
    wanted = [known for known in BY_KEY if (on if known == key else known in kept["rules_on"])]
    options.put_back(conn, "rules_on", wanted, why=why, who=viewer.who, now=now)
    return True


# ---- what it opened ----------------------------------------------------------------------------------
def latest(conn: Connection, viewer: Viewer, branch: str, rule: Rule) -> tuple[Opened, ...]:
    """What a rule opened last at a branch, newest first. NotAllowed for another's branch."""
    viewer.require_branch(branch)
    t = cases.c
    rows = conn.execute(select(t.case_no, t.opened_at, t.customer, t.order_no, t.closed_at, t.proposal).where(
        t.branch == branch, t.rule == rule.key).order_by(t.opened_at.desc(), t.id.desc()).limit(LATEST))
    return tuple(Opened(row[0], row[1], row[2] or "", row[3] or "", row[4] is not None, row[5] or "") for row in rows)


@dataclass(frozen=True)
class Behind:
    """What triggered an exception: its rule, and the row as it was then, as (name on screen, value)."""

    rule: Rule
    cells: tuple[tuple[str, Any], ...]


def behind(conn: Connection, viewer: Viewer, branch: str, case_no: str) -> Behind | None:
    """The row that triggered an exception; None for one that no rule opened. NotAllowed for another's branch."""
    viewer.require_branch(branch)
    log = case_events.c
    new = conn.scalar(select(log.new).where(log.branch == branch, log.case_no == case_no, log.what == "opened").order_by(log.id).limit(1))
    rule = BY_KEY.get((new or {}).get("rule", ""))
    if rule is None or new is None:
        return None
    row = new.get("row", {})
    return Behind(rule, tuple((label, _instant(row[name])) for name, label in rule.shows.items() if name in row))


def _instant(value: Any) -> Any:
    """ISO texts of the log as instants again; everything else as it is."""
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value
