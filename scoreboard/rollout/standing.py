"""How far each branch is: every item of the plan with its state, why, since when, and planned against done day by day.

The convention: an item is done by evidence, by hand, or by a person's word, and such a word stands above evidence until it is taken
off. Before its stage opens an item waits; when its stage is over and it is not done, it is carried over. What is done early is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Literal

from sqlalchemy import Connection

from scoreboard.metrics.company import Company
from scoreboard.rollout import reading, since
from scoreboard.rollout.evidence import Evidence, Known
from scoreboard.rollout.plan import BY_LAST_DAY, ROLLOUT_PLAN, STAGE_DAYS, STAGES, Item, Stage
from scoreboard.state import rollouts
from scoreboard.state.rollouts import DAYS, DONE, EVIDENCE, WORDS, Entry
from scoreboard.state.viewers import Viewer

State = Literal["done", "open", "carried over", "later"]
By = Literal["evidence", "by hand", "a person's word", ""]


@dataclass(frozen=True)
class ItemStanding:
    """One item at one branch.

    why        what evidence there is and what lacks, in sentences; what a person says stands apart, in `word`
    since      done: the day from which it is; open or carried over: since when it has not moved, the day its stage opened or the last
               step towards it; None where nothing tells
    by         how it was done; empty while it is not
    evidenced  whether evidence (or evidence by hand) would tick it
    opens_on   the day its stage opens; None without a start day
    overridden the person's word that stands, if any
    entries    the evidence by hand that stands
    """

    item: Item
    state: State
    why: str
    since: date | None
    by: By
    evidenced: bool
    opens_on: date | None
    overridden: Entry | None
    entries: tuple[Entry, ...]

    @property
    def done(self) -> bool:
        return self.state == "done"

    @property
    def word(self) -> str:
        return f"{self.overridden.who} says it is {self.overridden.kind}: {_ended(self.overridden.text)}" if self.overridden else ""

    @property
    def before_start(self) -> bool:
        """Whether it was done before the start day already."""
        return bool(self.done and self.since and self.opens_on
                    and self.since < self.opens_on - timedelta(days=BY_LAST_DAY[self.item.stage].first_day - 1))

    @property
    def by_hand(self) -> bool:
        """Whether the item takes evidence by hand."""
        return self.item.by_hand

    @property
    def open_despite_evidence(self) -> bool:
        """Whether a person says that it is open although evidence would tick it."""
        return self.evidenced and not self.done


@dataclass(frozen=True)
class StageStanding:
    """One stage at one branch; both days are None while no start day is set."""

    stage: Stage
    opens_on: date | None
    ends_on: date | None
    items: tuple[ItemStanding, ...]


@dataclass(frozen=True)
class Point:
    """How many items the plan asks for by the end of a day, and how many were done by then (None: the day has not come)."""

    day: int
    on: date
    planned: float
    done: int | None


@dataclass(frozen=True)
class Rollout:
    """One branch: `start_on` None while nobody has set a start day."""

    branch: str
    start_on: date | None
    today: date
    items: tuple[ItemStanding, ...]

    @property
    def day(self) -> int | None:
        """Which day of the 90 today is, and beyond; None without a start day and before it."""
        return (self.today - self.start_on).days + 1 if self.start_on and self.start_on <= self.today else None

    @cached_property
    def stages(self) -> tuple[StageStanding, ...]:
        return tuple(StageStanding(stage, self.start_on and stage.opens_on(self.start_on), self.start_on and stage.ends_on(self.start_on),
                                   tuple(one for one in self.items if one.item.stage == stage.last_day)) for stage in STAGES)

    @property
    def done(self) -> int:
        """How many items are done."""
        return sum(one.done for one in self.items)

    @property
    def planned(self) -> int | None:
        """How many whole items the plan asks for by today; None without a start day and before it."""
        return round(planned(min(self.day, DAYS))) if self.day else None

    @cached_property
    def stuck(self) -> tuple[ItemStanding, ...]:
        """What is carried over or open, what has not moved for longest first."""
        waiting = [one for one in self.items if one.state in ("open", "carried over")]
        return tuple(sorted(waiting, key=lambda one: (one.since or self.today, one.item.stage)))

    @property
    def undated(self) -> int:
        """How many items are done since nobody knows when: they are in no `Point`."""
        return sum(one.done and one.since is None for one in self.items)

    def progress(self) -> list[Point]:
        """Planned against done, day by day from the day before the start to day 90; empty without a start day."""
        if self.start_on is None:
            return []
        begin = self.start_on - timedelta(days=1)
        days = [one.since for one in self.items if one.done and one.since]
        return [Point(n, on, planned(n), sum(since <= on for since in days) if on <= self.today else None)
                for n in range(DAYS + 1) for on in [begin + timedelta(days=n)]]


def planned(day: int) -> float:
    """How many items the plan asks for by the end of a day: those of a stage evenly over its days."""
    return sum(min(1.0, max(0.0, (day - stage.first_day + 1) / STAGE_DAYS)) for item in ROLLOUT_PLAN for stage in [BY_LAST_DAY[item.stage]])


def read(conn: Connection, viewer: Viewer, company: Company, branches: Collection[str]) -> dict[str, Rollout]:
    """How far some branches are, in the order asked for; of those that exist and the viewer sees. A constant number of statements."""
    codes = [code for code in dict.fromkeys(branches) if viewer.sees(code) and code in company.branches]
    starts = rollouts.starts(conn, viewer, codes)
    said: dict[tuple[str, str], list[Entry]] = {}
    for entry in rollouts.entries(conn, viewer, codes):
        said.setdefault((entry.branch, entry.item), []).append(entry)
    known = reading.known(conn, company, codes, starts)
    found = {}
    for code in codes:
        today, start = company.local_now(code).date(), starts.get(code)
        start_on = start.start_on if start else None
        found[code] = Rollout(code, start_on, today, tuple(
            stands(item, known[code], start_on, today, said.get((code, item.key), ()), partial(since.day_of, company, code))
            for item in ROLLOUT_PLAN))
    return found


def stands(item: Item, known: Known, start_on: date | None, today: date, said: Sequence[Entry],
           day_of: Callable[[datetime], date]) -> ItemStanding:
    """The standing of one item from what is known and what was said of it; `day_of` is the branch's day of an instant."""
    entries = tuple(entry for entry in said if entry.kind == EVIDENCE)
    word = next((entry for entry in reversed(said) if entry.kind in WORDS), None)
    shown = item.evidence(known) if item.evidence else by_hand(entries)
    opens_on = BY_LAST_DAY[item.stage].opens_on(start_on) if start_on else None

    def one(state: State, since: date | None, by: By = "") -> ItemStanding:
        return ItemStanding(item, state, shown.words, since, by, shown.done, opens_on, word, entries)

    if shown.done and (word is None or word.kind == DONE):
        return one("done", shown.since, "by hand" if item.by_hand else "evidence")
    if word and word.kind == DONE:
        return one("done", day_of(word.at), "a person's word")
    if opens_on is None or today < opens_on:
        return one("later", None)
    steps = [day for day in (opens_on, day_of(word.at) if word else shown.since) if day]
    return one("carried over" if today >= opens_on + timedelta(days=STAGE_DAYS) else "open", max(steps))


def by_hand(entries: Sequence[Entry]) -> Evidence:
    """What evidence by hand says of an item: done since the first of it."""
    if not entries:
        return Evidence(False, "No evidence is written down yet: what was done, by whom, when.")
    first = min(entries, key=lambda entry: (entry.done_on or entry.at.date(), entry.id))
    rest = f" And {len(entries) - 1} more." if len(entries) > 1 else ""
    return Evidence(True, f"{_ended(first.text)} By {first.done_by}.{rest}", first.done_on)


def _ended(said: str) -> str:
    """A text of a person as a sentence that another can follow."""
    return said if said.endswith((".", "!", "?")) else f"{said}."
