"""Cases worked in tests: an empty database, a desk at a moment, owners, and random work for properties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from scoreboard.calendars import Calendar
from scoreboard.cases import desk, log
from scoreboard.cases.actions import ABOUT, HOWS, PAUSES, Desk
from scoreboard.cases.terms import Terms
from scoreboard.errors import Refused
from scoreboard.facts.sources import BY_NAME
from scoreboard.state.schema import STATE, cases, contacts
from scoreboard.state.viewers import EVERYONE, Viewer
from tests.cases.case_files import new_file, rows_of

OWNERS = ("counter 1", "inside sales 2", "driver 3")
TYPES = ("wrong part", "damaged", "paperwork")  # the last never has a standard
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago")
NIGHTS = tuple(map(datetime.fromisoformat, (  # UTC, some hours before clocks change in one of ZONES; and an ordinary week
    "2026-03-07T18:00", "2026-03-28T18:00", "2026-04-04T08:00", "2026-09-05T20:00", "2026-10-03T08:00", "2026-10-24T16:00",
    "2026-10-31T18:00", "2026-12-24T08:00", "2026-06-10T12:00")))


@contextmanager
def empty_database() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        STATE.create_all(conn)
        yield conn
    engine.dispose()


def add_owners(conn: Connection, now: datetime, branch: str = "EAST", names: tuple[str, ...] = OWNERS) -> None:
    """Owners of a branch, as its ladder names them."""
    conn.execute(insert(contacts), [{"scope_kind": "branch", "scope": branch, "role": "owner", "name": name, "who": "test", "at": now}
                                    for name in names])


@dataclass
class Branch:
    """A branch EAST at work, with a clock of its own."""

    conn: Connection
    terms: Terms
    now: datetime
    viewer: Viewer = EVERYONE

    @property
    def desk(self) -> Desk:
        return Desk(self.conn, self.viewer, self.terms, self.now)

    def raises(self, **given: Any) -> str:
        return desk.raise_case(self.desk, "EAST", {"type": "wrong part", "owner": "counter 1", **given}).case_no

    def does(self, case_no: str, what: str, **given: Any) -> Any:
        at, seen = given.pop("at", None), given.pop("seen", None)
        return desk.act(self.desk, "EAST", case_no, what, given, at=at, seen=seen)

    def imports(self, columns: str, *rows: tuple[Any, ...]) -> log.Counts:
        names = ["branch", "case_no", *columns.split()]
        return log.import_rows(self.conn, rows_of(names, *(("EAST", *row) for row in rows)), columns=names,
                               load_file_id=new_file(self.conn), terms=self.terms, who="administrator", now=self.now)

    def numbers(self) -> list[str]:
        return list(self.conn.scalars(select(cases.c.case_no).order_by(cases.c.id)))


# ---- random work -------------------------------------------------------------------------------------
_HOURS = (("08:00", "17:00"), ("00:00", "24:00"), ("22:15", "24:00"), ("00:00", "04:30"), ("06:45", "07:15"))
calendars = st.builds(
    lambda country, days, hours: Calendar(country, "".join(sorted(days)), *hours),
    st.sampled_from(("", "US")), st.sets(st.sampled_from("1234567"), min_size=1), st.sampled_from(_HOURS))
terms = st.builds(
    lambda calendar, zone, one, other, accept: Terms({"EAST": calendar}, {"EAST": zone}, {"Wrong part": one, "damaged": other}, accept),
    calendars, st.sampled_from(ZONES), st.integers(1, 1200), st.floats(0.25, 600), st.none() | st.integers(1, 300))
_minutes = st.integers(0, 90) | st.integers(0, 90) | st.sampled_from((0, 1, 59, 60, 61, 1440)) | st.integers(0, 3000)
_whats = st.sampled_from(("accepted", "handed over", "noted", "called", "updated", "promised", "paused", "paused", "resumed",
                          "resolved", "resolved", "told", "told", "debriefed", "reopened", "corrected"))


@dataclass(frozen=True)
class Step:
    """Some minutes pass, then something is tried: `what` to the case of a number, happened `ago` minutes before."""

    passed: float
    what: str
    case: int
    ago: float
    owner: str
    ahead: float
    reason: str
    word: str


def steps(whats: st.SearchStrategy[str] = _whats, ago: st.SearchStrategy[float] = _minutes) -> st.SearchStrategy[Step]:
    return st.builds(Step, _minutes, whats | st.just("raised") | whats, st.integers(0, 3), ago, st.sampled_from(OWNERS), _minutes,
                     st.sampled_from(sorted(PAUSES)), st.sampled_from(TYPES))


NOTHING = st.just(0.0)
with_imports = steps(_whats | st.just("imported"), NOTHING | _minutes)


def work(branch: Branch, step: Step) -> bool:
    """Tries a step; whether it was done."""
    branch.now += timedelta(minutes=step.passed)
    at = branch.now - timedelta(minutes=step.ago)
    try:
        if step.what == "raised":
            desk.raise_case(branch.desk, "EAST", {"type": step.word, "owner": step.owner}, opened_at=at)
        elif step.what == "imported":
            _import(branch, step, at)
        elif (numbers := branch.numbers()):
            branch.does(numbers[step.case % len(numbers)], step.what, at=at, **_given(branch, step, at))
    except Refused:
        return False
    return True


def _given(branch: Branch, step: Step, at: datetime) -> dict[str, Any]:
    later = at + timedelta(minutes=step.ahead)
    about: dict[str, Any] = {
        "handed over": {"owner": step.owner}, "noted": {"note": "seen"}, "promised": {"next_update_at": later},
        "updated": {"to": "their buyer", "how": HOWS[step.case], "next_update_at": later if step.ahead > 500 else None,
                    "called_first": step.ahead < 60},
        "told": {"to": "their buyer", "how": "phone"}, "paused": {"reason": step.reason, "until": later},
        "debriefed": {"change": "we look twice"}, "reopened": {"note": "not over"},
        "corrected": {"type": step.word} if step.case else {"priority": "mission-critical"}}
    return about.get(step.what, {})


def _import(branch: Branch, step: Step, at: datetime) -> None:
    """A file of one row: E0 to E3, opened at, or one thing more about it."""
    number = f"E{step.case}"
    brought = {"wrong part": ("type opened_at owner", (step.word, at, step.owner)), "damaged": ("owner told_at", (step.owner, at)),
               "paperwork": ("resolved_at", (at if step.ahead > 100 else None,))}[step.word]
    branch.imports(brought[0], (number, *brought[1]))


assert set(ABOUT) < {*BY_NAME["exceptions"].columns, "promised"}
