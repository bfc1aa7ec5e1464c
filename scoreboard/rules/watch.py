"""Opening exceptions by rules, and proposing to close those that the facts say are over. `watch_facts` is all of it.

The convention: a rule opens one exception a cause, ever; what it opened is closed by people, also when its row has gone. Facts are
looked at first and written in a transaction of their own; when somebody commits in between, it is looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from scoreboard.cases import desk as case_desk
from scoreboard.cases.actions import LONGEST, Desk
from scoreboard.cases.terms import fold
from scoreboard.errors import ScoreboardError
from scoreboard.facts.files import latest_version
from scoreboard.metrics import company as companies
from scoreboard.metrics.company import Company
from scoreboard.metrics.rollup import sources_below
from scoreboard.rules.book import BY_KEY, RULES
from scoreboard.rules.looking import Cause, Look, look, moment
from scoreboard.rules.model import Rule
from scoreboard.settings import Settings
from scoreboard.state import options
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import cases
from scoreboard.state.viewers import EVERYONE, Viewer

GONE = "Its row is not in the data any more."
NOT_SO = "By the data it is not so any more."
TRIES = 3
RECENT = timedelta(days=90)  # before its promise broke: what was opened earlier about an order of that number was another matter
_CHUNK = 10_000  # one parameter each: below what SQLite and PostgreSQL take
_Opened = Mapping[str, Mapping[tuple[str, str], tuple[str, str | None]]]  # by rule: (branch, cause) → (number, proposal)


@dataclass(frozen=True)
class Watched:
    """What came of looking, as exceptions (branch, number, rule key): those opened, those proposed to be closed now, those whose
    proposal was taken off. `version` of the store it was done at; `trouble`: a sentence when it could not be done."""

    opened: tuple[tuple[str, str, str], ...] = ()
    proposed: tuple[tuple[str, str, str], ...] = ()
    withdrawn: tuple[tuple[str, str, str], ...] = ()
    version: int = 0
    trouble: str = ""

    def seen_by(self, viewer: Viewer) -> Watched:
        """What of it lies in the viewer's branches."""
        mine = {name: tuple(one for one in getattr(self, name) if viewer.sees(one[0])) for name in ("opened", "proposed", "withdrawn")}
        return replace(self, **mine)  # type: ignore[arg-type]


def watch_facts(settings: Settings, engine: Engine, sources: Collection[str] | None = None, *, since: int | None = None) -> Watched:
    """Opens what the rules that are on find, and proposes to close what is over, of every branch; also of rules that are off by now.

    `sources`: only rules that read one of these (None: all). `since`: the version somebody has looked at before; when it is still
    the last one nothing is done.
    """
    for _ in range(TRIES):
        with reading(engine) as conn:
            version = latest_version(conn)
            known = _open(conn)
            on = set(options.current(conn)["rules_on"])
            rules = [rule for rule in RULES if (rule.key in on or rule.key in known)
                     and (sources is None or sources_below(rule.causes) & set(sources))]
            if not rules or version == since:
                return Watched(version=version)
            company = companies.read(conn, settings.now)
            seen = look(settings, conn, company, rules, {key: set(mine) for key, mine in known.items()})
        with writing(engine) as conn:
            if latest_version(conn) == seen.version:
                return _written(conn, company, seen, known, on)
    return Watched(trouble="Others kept loading while the rules were looked at; the next load or look makes good for it.")


def after_commit(settings: Settings, engine: Engine, sources: Collection[str]) -> Watched:
    """`watch_facts` after a commit that touched `sources`. What goes wrong is said, never raised: the commit stands."""
    try:
        return watch_facts(settings, engine, sources)
    except ScoreboardError as error:
        said = str(error)
    except Exception as error:
        said = f"something went wrong that was not foreseen ({type(error).__name__})."
    return Watched(trouble=f"The rules could not be looked at: {said}")


class _About(NamedTuple):
    """What is asked of an exception about the order of a cause."""

    told: bool
    closed: bool
    opened_at: datetime
    type: str
    part_no: str | None
    rule: str | None


def to_open(conn: Connection, causes: Iterable[Cause]) -> list[Cause]:
    """Of some causes those that break a promise and would open an exception: none was ever opened, nobody raised it, none was told."""
    found = [one for one in causes if one.breaks]
    there = _opened_before(conn, found)
    about = _about_orders(conn, found)
    return [one for one in found if (one.branch, one.rule.cause_key(one.cause)) not in there
            and not any(_covers(one, known) for known in about.get((one.branch, one.row.get("order_no") or ""), ()))]


# ---- what is known already ---------------------------------------------------------------------------
def _open(conn: Connection) -> _Opened:
    """What rules have opened and nobody has resolved."""
    t, found = cases.c, defaultdict[str, dict[tuple[str, str], tuple[str, str | None]]](dict)
    for branch, case_no, key, cause_key, proposal in conn.execute(select(t.branch, t.case_no, t.rule, t.cause_key, t.proposal).where(
            t.closed_at.is_(None), t.resolved_at.is_(None), t.rule.in_(list(BY_KEY)), t.cause_key.is_not(None))):
        found[key][branch, cause_key.removeprefix(f"{key}:")] = (case_no, proposal)
    return found


def _opened_before(conn: Connection, causes: Sequence[Cause]) -> set[tuple[str, str]]:
    t = cases.c
    keys: dict[str, list[str]] = defaultdict(list)
    for one in causes:
        keys[one.branch].append(one.rule.cause_key(one.cause))
    return {tuple(row) for branch, mine in keys.items() for part in _parts(mine)
            for row in conn.execute(select(t.branch, t.cause_key).where(t.branch == branch, t.cause_key.in_(part)))}


def _about_orders(conn: Connection, causes: Sequence[Cause]) -> dict[tuple[str, str], list[_About]]:
    """The recent exceptions about the orders of some causes."""
    t = cases.c
    orders: dict[str, set[str]] = defaultdict(set)
    for one in causes:
        if one.row.get("order_no"):
            orders[one.branch].add(one.row["order_no"])
    earliest = min((one.since for one in causes if one.since), default=datetime.max)
    found = defaultdict(list)
    for branch, mine in orders.items():
        for part in _parts(sorted(mine)):
            for order_no, first, told, closed, *rest in conn.execute(select(
                    t.order_no, t.first_told_at, t.told_at, t.closed_at, t.opened_at, t.type, t.part_no, t.rule).where(
                    t.branch == branch, t.opened_at >= earliest - RECENT, t.order_no.in_(part))):
                found[branch, order_no].append(_About(bool(first or told), closed is not None, *rest))
    return found


def _covers(cause: Cause, known: _About) -> bool:
    """Whether an exception about the same order makes another one needless."""
    if cause.since is None or known.opened_at < cause.since - RECENT:
        return False
    part = cause.row.get("part_no")
    same_part = not part or not known.part_no or part == known.part_no
    raised = not known.rule and not known.closed and fold(known.type) == fold(cause.rule.type) and same_part
    return raised or (cause.rule.unless_told and known.told)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start:start + _CHUNK] for start in range(0, len(keys), _CHUNK))


# ---- writing -----------------------------------------------------------------------------------------
def _written(conn: Connection, company: Company, seen: Look, known: _Opened, on: Collection[str]) -> Watched:
    desk = Desk(conn, EVERYONE, company.terms, company.now)
    still = _open(conn)  # read again: somebody may have resolved some meanwhile
    fresh = to_open(conn, (one for one in seen.causes if one.rule.key in on))
    opened = tuple((one.branch, _raised(desk, one), one.rule.key) for one in sorted(fresh, key=lambda one: (one.since, one.cause)))
    states = {(one.rule.key, one.branch, one.cause): one for one in seen.causes}
    proposed: list[tuple[str, str, str]] = []
    withdrawn: list[tuple[str, str, str]] = []
    for key, (branch, cause), (case_no, proposal) in ((k, c, no) for k in seen.rules for c, no in still.get(k, {}).items()):
        if branch in company.branches and (branch, cause) in known.get(key, ()):
            said = _proposal(states.get((key, branch, cause)), proposal)
            if said != proposal:
                _propose(desk, BY_KEY[key], branch, case_no, said)
                (withdrawn if said is None else proposed).append((branch, case_no, key))
    return Watched(opened, tuple(proposed), tuple(withdrawn), seen.version)


def _proposal(cause: Cause | None, before: str | None) -> str | None:
    """Why the facts say that it is over; None while they do not. Where a column is missing they say nothing: it stays as it was."""
    if cause is None:
        return GONE
    return cause.over or (before if cause.unsaid else None if cause.breaks else NOT_SO)


def _propose(desk: Desk, rule: Rule, branch: str, case_no: str, said: str | None) -> None:
    state, watched_until = case_desk.require(desk.conn, desk.viewer, branch, case_no)
    case_desk.record(desk, state, watched_until, "proposed", {"proposal": said}, desk.now, rule.who)


def _raised(desk: Desk, one: Cause) -> str:
    rule = one.rule
    assert one.since is not None
    about = {name: str(one.row[name])[:LONGEST] for name in rule.about if one.row.get(name)}
    given = about | {"type": rule.type} | ({"priority": rule.priority} if rule.priority else {}) | (
        {"promised": rule.promised.format(since=moment(one.since))} if rule.promised else {})
    row = {name: value.isoformat() if isinstance(value, date) else value for name, value in one.row.items()}
    return case_desk.raise_case(desk, one.branch, given, rule=rule.key, cause_key=rule.cause_key(one.cause), row=row, who=rule.who).case_no
