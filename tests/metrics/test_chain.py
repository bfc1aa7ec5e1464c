"""The chain a second time, in plain Python over the rows as they were typed; and by hand where its rules decide."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from scoreboard import settings as settings_module
from scoreboard.calendars import Calendar, working_minutes
from scoreboard.imports import sampling
from scoreboard.metrics import chain, limbo, promises, stages
from scoreboard.metrics import company as companies
from scoreboard.metrics.rollup import Run
from scoreboard.metrics.scopes import Scope
from scoreboard.samples import write_sample
from scoreboard.state.database import open_database, reading
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.people import EVERYONE
from tests.command_line import Store

LAST, REACHES, NOW = date(2026, 11, 2), datetime(2026, 11, 8, 23), "2026-11-09T13:00"
FIRST, END = LAST - timedelta(weeks=12), LAST + timedelta(weeks=1)
LINE_STAYS = {  # stay: (from, to, clock, what also shows that it is over, will-call left out)
    "stay_pick": ("ordered_at", "picked_at", "working", ("staged_at", "loaded_at", "shipped_at", "delivered_at"), False),
    "stay_stage": ("picked_at", "staged_at", "working", ("loaded_at", "shipped_at", "delivered_at"), False),
    "stay_load": ("staged_at", "left_at", "working", ("delivered_at",), True),
    "stay_deliver": ("left_at", "delivered_at", "calendar", (), True)}
Typed = dict[str, str]


@dataclass(frozen=True)
class Opened:
    """A folder of made-up files, and the store they were loaded into."""

    files: dict[str, list[Typed]]
    data: Path

    def calendar(self, branch: str) -> Calendar:
        b = next(row for row in self.files["branches"] if row["code"] == branch)
        return Calendar(b["country"], b["open_days"], b["opens"], b["closes"])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("chain")
    written = write_sample(folder / "files", branches=4, weeks=60, seed=45)
    settings = settings_module.read(str(folder / "data"), NOW)
    engine = open_database(settings.database_url)
    sampling.load_sample(settings, engine, EVERYONE, folder / "files")
    engine.dispose()
    files = {}
    for name, path in written.items():
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                files[name] = list(csv.DictReader(file))
    return Opened(files, folder / "data")


@contextmanager
def run(data: Path, scope: Scope, now: str = NOW, week: date = LAST) -> Iterator[Run]:
    settings = settings_module.read(str(data), now)
    engine = open_database(settings.database_url)
    with reading(engine) as conn, chain.opened(settings, conn, companies.read(conn, settings.now), scope, week) as opened:
        yield opened
    engine.dispose()


def at(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def inside(text: str) -> bool:
    return bool(text) and FIRST <= datetime.fromisoformat(text).date() < END


def stayed(sample: Opened, key: str, branches: list[str]) -> tuple[list[float], int]:
    """The minutes of every line that counts, and how many of them are open."""
    begins, ends, clock, later, goes_out = LINE_STAYS[key]
    found, still = [], 0
    for typed in sample.files["order_lines"]:
        if typed["branch"] not in branches or not inside(typed["ordered_at"]) or (goes_out and typed["will_call"] == "yes"):
            continue
        row = {**typed, "left_at": typed["loaded_at"] or typed["shipped_at"]}
        start, end = at(row[begins]), at(row[ends])
        if start is None or (end is None and (row["cancelled_at"] or any(row[name] for name in later))):
            continue
        until = end or REACHES
        if until < start and end is not None:
            continue
        working = working_minutes(sample.calendar(row["branch"]), start, until)
        spent = working if clock == "working" else (until - start) / timedelta(minutes=1)
        found.append(max(spent, 0.0))
        still += end is None
    return found, still


@pytest.mark.parametrize("scope, branches", [
    (Scope("branch", "RIV"), ["RIV"]), (Scope("branch", "HAR"), ["HAR"]), (Scope("territory", "River Valley"), ["RIV", "MIL", "LAK"]),
    (Scope("company", ""), ["RIV", "HAR", "MIL", "LAK"])], ids=str)
def test_the_stays_of_lines_are_what_counting_by_hand_gives(sample: Opened, scope: Scope, branches: list[str]) -> None:
    with run(sample.data, scope) as opened:
        found = chain.stays(opened, LAST)
    for key in LINE_STAYS:
        minutes, still = stayed(sample, key, branches)
        stay = found[key]
        assert (stay.n, stay.open, stay.reporting, stay.expected) == (len(minutes), still, len(branches), len(branches)), key
        assert (stay.p50, stay.p90) == pytest.approx((np.quantile(minutes, 0.5), np.quantile(minutes, 0.9))), key
        assert not still or stay.more90 or stay.p90 > 0


@pytest.mark.parametrize("branch", ["RIV", "MIL"])
def test_misses_of_a_handoff_are_what_counting_by_hand_gives_and_open_as_rows(sample: Opened, branch: str) -> None:
    shipped = {(o["branch"], o["order_no"], o["line_no"]): o["shipped_at"] for o in sample.files["order_lines"]}
    whole: dict[tuple[str, str], str] = {}
    for (code, order, _), on in shipped.items():
        whole[code, order] = max(whole.get((code, order), ""), on)
    errors = {"mis-pick", "short", "over", "wrong label", "wrong staging", "left behind", "damaged", "wrong part quoted", "paperwork"}
    units: dict[tuple[str, str], str] = {}
    for c in sample.files["credits"]:
        ours = c["reason"] in errors and "yes" not in (c["customer_error"], c["caught_before_customer"])
        of = (c["branch"], c["order_no"])
        on = shipped.get((*of, c["order_line"])) or whole.get(of) or c["shipped_at"] or c["issued_at"]
        if c["branch"] == branch and ours and inside(on):
            # a line credited twice is one miss
            line = (c["order_no"], c["order_line"]) if c["order_line"] else (c["credit_no"], c["credit_line"])
            units[line] = min(units.get(line, c["handoff"]), c["handoff"])
    credited = Counter(units.values())
    opened_cases = Counter(x["handoff"] for x in sample.files["exceptions"] if x["branch"] == branch and inside(x["opened_at"]))
    with run(sample.data, Scope("branch", branch)) as opened:
        found = {one.handoff: one for one in chain.misses(opened, LAST)}
        for handoff in HANDOFFS:
            assert (found[handoff].credits, found[handoff].exceptions) == (credited[handoff], opened_cases[handoff]), handoff
            rows = chain.miss_rows(opened, LAST, branch, handoff)
            assert len(rows) == found[handoff].count and "owner" not in {name for row in rows for name in row}
    assert sum(one.count for one in found.values()) == sum(credited.values()) + sum(opened_cases.values()) > 0


@pytest.mark.parametrize("scope, branches", [
    (Scope("branch", "LAK"), {"LAK"}), (Scope("company", ""), {"RIV", "HAR", "MIL", "LAK"})], ids=["branch", "company"])
def test_limbo_is_what_counting_by_hand_gives(sample: Opened, scope: Scope, branches: set[str]) -> None:
    expected: dict[str, list[tuple[int, float]]] = {}
    for row in sample.files["returns"]:
        done = [step for step in limbo.STEPS if row[step]]
        missing = list(limbo.STEPS)[list(limbo.STEPS).index(done[-1]) + 1:] if done else list(limbo.STEPS)
        if row["branch"] in branches and missing:
            since = at(row[done[-1]] if done else row["opened_at"])
            assert since
            expected.setdefault(missing[0], []).append(((REACHES.date() - since.date()).days, float(row["value"] or 0)))
    with run(sample.data, scope) as opened:
        found = {one.step: one for one in limbo.waiting(opened)}
        assert {step: (one.count, one.oldest_days) for step, one in found.items()} == {
            step: (len(rows), max(rows)[0]) for step, rows in expected.items()}
        for step, rows in expected.items():
            assert found[step].value == pytest.approx(sum(value for _, value in rows))
            listed = limbo.rows(opened, step)
            assert [row["days"] for row in listed] == sorted((days for days, _ in rows), reverse=True)


def test_unverified_etas_are_what_counting_by_hand_gives(sample: Opened) -> None:
    quotes = [q for q in sample.files["quotes"] if q["branch"] == "RIV" and q["eta_given"] == "yes" and q["stock_verified"]]
    unseen = [q for q in quotes if q["stock_verified"] == "no" and q.get("substitute_offered") != "yes"]
    with run(sample.data, Scope("branch", "RIV")) as opened:
        found = promises.unverified(opened, LAST)
    assert (found.of, found.count) == tuple(sum(inside(q["requested_at"]) for q in those) for those in (quotes, unseen))
    week = [[q for q in those if LAST <= datetime.fromisoformat(q["requested_at"]).date() < END] for those in (quotes, unseen)]
    assert (found.week_of, found.week) == tuple(map(len, week)) and 0 < found.count < found.of


def test_every_stage_of_the_chain_has_its_stays() -> None:
    from scoreboard.state.stages import STAGES

    assert [stage.key for stage in stages.STAGES] == list(STAGES)
    assert all(stage.stays for stage in stages.STAGES) and len({stay.key for stay in stages.STAYS}) == len(stages.STAYS)


# ---- by hand ---------------------------------------------------------------------------------------------
Build = Callable[..., Path]
HEAD = "branch,order_no,line_no,ordered_at,qty_ordered,picked_at,staged_at,loaded_at,shipped_at,delivered_at,cancelled_at,will_call"


@pytest.fixture
def loaded(tmp_path: Path) -> Build:
    """A store with EAST (open 8 to 17) and the files given by source."""
    def build(**files: str) -> Path:
        store = Store(tmp_path / "data", NOW)
        store.json("branches", "add", "EAST", "--opens", "08:00", "--closes", "17:00")
        for source, text in files.items():
            path = tmp_path / f"{source}.csv"
            path.write_text(text)
            store.json("load", path, "--source", source, "--through", "2026-11-06T17:00")
        return store.data
    return build


def stays_of(data: Path) -> dict[str, chain.Stay]:
    with run(data, Scope("branch", "EAST")) as opened:
        return chain.stays(opened, LAST)


def test_a_line_seen_later_or_cancelled_is_not_waiting_and_an_open_one_counts_at_its_age(loaded: Build) -> None:
    found = stays_of(loaded(order_lines="\n".join([
        HEAD,
        "EAST,1,1,2026-11-05 09:00,1,2026-11-05 10:00,2026-11-05 10:30,2026-11-05 11:00,2026-11-05 11:30,2026-11-05 13:00,,no",
        "EAST,2,1,2026-11-05 09:00,1,,2026-11-05 12:00,2026-11-05 13:00,2026-11-05 13:10,,,no",  # picked, though nobody wrote it
        "EAST,3,1,2026-11-05 09:00,1,,,,,,2026-11-05 12:00,no",  # cancelled
        "EAST,4,1,2026-11-06 15:00,1,,,,,,,no",  # still waits to be picked: two working hours
        "EAST,5,1,2026-11-05 09:00,1,2026-11-05 09:10,2026-11-05 09:20,,,,,yes"]) + "\n"))  # will-call: neither loaded nor delivered
    assert {key: (found[key].n, found[key].open) for key in LINE_STAYS} == {
        "stay_pick": (3, 1), "stay_stage": (2, 0), "stay_load": (2, 0), "stay_deliver": (2, 1)}
    pick = found["stay_pick"]
    assert (pick.p50, pick.more50, pick.more90) == (60.0, False, True)
    assert found["stay_load"].p50 == pytest.approx(45.0)


def test_where_no_file_says_loaded_shipped_ends_the_stage(loaded: Build) -> None:
    found = stays_of(loaded(order_lines=(
        "branch,order_no,line_no,ordered_at,qty_ordered,staged_at,shipped_at,delivered_at\n"
        "EAST,1,1,2026-11-05 09:00,1,2026-11-05 10:00,2026-11-05 12:00,2026-11-06 12:00\n")))
    assert (found["stay_load"].p50, found["stay_deliver"].p50) == (120.0, 1440.0)
    assert found["stay_pick"].n == 0 and found["stay_pick"].needs == ["order_lines: picked_at or shipments: picked_at"]
    assert found["stay_stage"].p50 is None


def test_a_return_waits_only_for_steps_that_files_know(loaded: Build) -> None:
    data = loaded(returns=("branch,rma_no,kind,opened_at,received_at,credited_at\nEAST,R1,return,2026-11-02,2026-11-03,\n"
                           "EAST,R2,return,2026-11-02,2026-11-03,2026-11-04\nEAST,R3,core,2026-10-02,,\n"))
    with run(data, Scope("branch", "EAST")) as opened:
        assert [(one.step, one.count, one.oldest_days) for one in limbo.waiting(opened)] == [("received_at", 1, 35), ("credited_at", 1, 3)]
        assert limbo.unknown(opened) == ["dispositioned_at", "customer_told_at"]
        assert [row["rma_no"] for row in limbo.rows(opened, "credited_at")] == ["R1"]


def test_where_nothing_is_loaded_nothing_is_said_to_be_zero(loaded: Build) -> None:
    data = loaded()
    with run(data, Scope("branch", "EAST")) as opened:
        assert all(stay.needs and stay.p50 is None for stay in chain.stays(opened, LAST).values())
        assert {(one.credits, one.exceptions) for one in chain.misses(opened, LAST)} == {(None, None)}
        assert limbo.waiting(opened) == [] and promises.unverified(opened, LAST).needs == list(promises.NEEDS)


@pytest.mark.parametrize("row, handoff", [
    ({"handoff": "stage->load", "reason": "mis-pick", "type": None}, "Stage → Load"),
    ({"handoff": None, "reason": "Mis Pick", "type": None}, "Pick → Stage"),
    ({"handoff": None, "reason": "look-alike", "type": "Late Delivery"}, "Load → Deliver"),
    ({"handoff": "?", "reason": None, "type": None}, "")])
def test_a_miss_belongs_to_the_handoff_it_names_else_to_that_of_its_reason_else_of_its_type(
        sample: Opened, row: dict[str, str | None], handoff: str) -> None:
    with run(sample.data, Scope("branch", "RIV")) as opened:
        assert chain.handoff_of(opened.company, row) == handoff
