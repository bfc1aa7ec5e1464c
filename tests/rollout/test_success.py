"""The success lines: a branch before its start and since, a second time in plain Python; and what is said where little is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from math import log
from pathlib import Path
from random import Random
from statistics import median
from types import SimpleNamespace
from typing import Any

import pytest

from scoreboard import settings as settings_module
from scoreboard import weeks
from scoreboard.errors import NotAllowed
from scoreboard.metrics import company as companies
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Point
from scoreboard.rollout import again, success, success_chain
from scoreboard.rollout.success import SUCCESS, Compared
from scoreboard.state.database import open_database, reading
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.viewers import EVERYONE, Viewer
from scoreboard.weeks import WEEK, week_of
from tests.command_line import Store

NOW, START = "2026-11-09T13:00", date(2026, 8, 3)  # the stories of the sample begin in this week or soon after
JUDGED = sorted({key for line in SUCCESS for key in line.figures if not success.KNOWN[key].rolling})
Week = dict[str, Any]


@pytest.fixture
def folder(sample_folder: Path) -> Path:
    """The sample company: only to be read."""
    return sample_folder


def read(data: Path, branch: str, start_on: date = START, viewer: Viewer = EVERYONE, now: str = NOW) -> dict[str, list[Compared]]:
    settings = settings_module.read(str(data), now)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        found = success.read(conn, settings, viewer, companies.read(conn, settings.now), branch, start_on)
    engine.dispose()
    return found


def figures(found: dict[str, list[Compared]]) -> dict[str, Compared]:
    return {one.metric.key: one for told in found.values() for one in told if one.what == "figure"}


# ---- a second time ---------------------------------------------------------------------------------------
def weekly(data: Path, branch: str, metric: str) -> tuple[list[Week], list[Week]]:
    """The weeks of a metric as the command `series` says them, before and since the start."""
    every = Store(data, NOW).json("series", "--branch", branch, "--metric", metric)["points"]
    begun = [(weeks.parse(one["week"]), one) for one in every]
    return [one for at, one in begun if at < START], [one for at, one in begun if at >= START]


def plain(metric: str, judged: list[Week]) -> tuple[float, int, int]:
    """Figure, weeks and rows of one side."""
    whole = sum(one["whole"] or 0 for one in judged)
    scale = {"per 100": 100}.get(BY_KEY[metric].unit, 1)
    figure = median(one["value"] for one in judged) if BY_KEY[metric].is_duration else scale * sum(one["part"] for one in judged) / whole
    return figure, len(judged), sum(one["n"] for one in judged)


def by_rule(metric: str, before: list[Week], since: list[Week]) -> str:
    """What the three rules say of the last judged week since the start, against the range of the judged weeks before it."""
    def to(figure: float) -> float:
        return log(max(figure, 0.5 / {"hours": 60}[BY_KEY[metric].unit])) if BY_KEY[metric].is_duration else figure

    base = [one for one in before if one["state"] == "value"][-26:]
    numbers = {one["week"]: at for at, one in enumerate(before)}
    steps = [abs(to(b["value"]) - to(a["value"])) for a, b in pairwise(base) if numbers[b["week"]] == numbers[a["week"]] + 1]
    mean, spread = sum(to(one["value"]) for one in base) / len(base), sum(steps) / len(steps)
    off = [to(one["value"]) - mean for one in since if one["state"] == "value"]
    sides = [x > 0 for x in off]
    last = [i for i, x in enumerate(off) if abs(x) > 2.66 * spread]
    for i in range(len(off) - 2):
        three, far = off[i:i + 3], [j for j in range(i, i + 3) if abs(off[j]) > 2 / 3 * 2.66 * spread]
        last += far if len(far) >= 2 and len({x > 0 for x in three}) == 1 else []
    run = 1
    while run < len(sides) and sides[-run - 1] == sides[-1]:
        run += 1
    if len(off) - 1 not in last and run < 8:
        return "same"
    way = (1 if off[-1] > 0 else -1) * BY_KEY[metric].direction
    return {1: "better", -1: "worse", 0: "higher" if off[-1] > 0 else "lower"}[way]


@pytest.mark.parametrize("branch", ["RIV", "HAR", "MIL", "SUM", "CED"])
def test_both_sides_are_what_the_weekly_figures_give(folder: Path, branch: str) -> None:
    found = figures(read(folder, branch))
    assert sorted(found) == JUDGED
    for key, one in found.items():
        if key == again.METRIC.key:
            continue
        before, since = weekly(folder, branch, key)
        mine = [week for week in before if week["state"] == "value"][-26:]
        theirs = [week for week in since if week["state"] == "value"]
        assert (one.before.figure, one.before.weeks, one.before.n) == pytest.approx(plain(key, mine)), key
        assert (one.since.figure, one.since.weeks, one.since.n) == pytest.approx(plain(key, theirs)), key


@pytest.mark.parametrize("branch", ["RIV", "HAR", "MIL", "SUM", "CED"])
def test_better_and_worse_are_what_the_rules_give(folder: Path, branch: str) -> None:
    often = ("exceptions_per_100_orders", "time_to_accept", "order_cycle_time", "told_first")  # never too rare for single weeks
    found = figures(read(folder, branch))
    assert {key: found[key].verdict for key in often} == {key: by_rule(key, *weekly(folder, branch, key)) for key in often}


def test_what_was_planted_is_found_and_a_quiet_branch_stays_quiet(folder: Path) -> None:
    slipped, moved, quiet = figures(read(folder, "HAR")), figures(read(folder, "SUM")), figures(read(folder, "CED"))
    assert slipped["otif"].verdict == moved["otif"].verdict == "worse"  # too rare for single weeks: in blocks of four
    assert slipped["otif"].began is not None and slipped["otif"].began >= START
    assert moved["promises_moved"].verdict == "worse"
    assert {one.verdict for one in quiet.values()} <= {"same", ""}


def test_steps_from_week_to_week_are_counted_and_never_judged(folder: Path) -> None:
    [one] = read(folder, "HAR")["consistency"]
    for side, there in zip((one.before, one.since), weekly(folder, "HAR", "otif"), strict=True):
        numbers = {week["week"]: at for at, week in enumerate(there)}
        judged = [week for week in there if week["state"] == "value"][-26:]
        steps = [abs(b["value"] - a["value"]) for a, b in pairwise(judged) if numbers[b["week"]] == numbers[a["week"]] + 1]
        assert (side.figure, side.weeks) == pytest.approx((sum(steps) / len(steps), len(steps)))
    assert (one.verdict, one.why) == ("", "no rule")


def test_people_who_left_are_a_count_and_hidden_in_a_small_team(folder: Path) -> None:
    [one], [hidden] = read(folder, "HAR")["retention"], read(folder, "CED")["retention"]
    before, since = weekly(folder, "HAR", "team_leavers")
    assert (one.before.figure, one.before.n, one.since.figure, one.since.n) == (
        before[-1]["part"], before[-1]["whole"], since[-2]["part"], since[-2]["whole"])  # the last week is the running one
    assert (one.verdict, one.why) == ("", "no rule") and hidden.before.figure is None and hidden.since.figure is None


def test_the_chain_is_that_of_the_page_handoffs(folder: Path) -> None:
    store, settings = Store(folder, NOW), settings_module.read(str(folder), NOW)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        found = success_chain.read(conn, settings, EVERYONE, companies.read(conn, settings.now), "HAR", START)
    engine.dispose()
    for week, side in (("2026-W31", [one.before for one in found]), ("2026-W45", [one.since for one in found])):
        said = store.json("handoffs", "show", "--branch", "HAR", "--week", week)
        stays = {stay["stay"]: stay for stage in said["stages"] for stay in stage["stays"]}
        broke = {m["handoff"]: m["credits"] + m["exceptions"] for m in said["misses"]}
        for one, of in zip(found, side, strict=True):
            if one.metric is not None:
                stay = stays[one.metric.key]
                assert (of.figure, of.n, of.weeks) == (pytest.approx(stay["median_minutes"] / 60), stay["n"], 13)
            else:
                count = broke.get(one.name, sum(broke.values()))
                assert (of.figure, of.n) == (pytest.approx(count / 13), count)
    assert [one.name for one in found[-6:]] == [*HANDOFFS, success_chain.BROKEN]


def test_the_same_mistake_again_is_counted_from_part_and_customer_alone(folder: Path) -> None:
    settings = settings_module.read(str(folder), NOW)
    engine = open_database(settings.database_url)
    with reading(engine) as conn:
        rows = row_reader.over(settings, conn, Scope("branch", "RIV"), BY_KEY["repeat_share"], date(2020, 1, 6), date(2026, 12, 28))
    engine.dispose()
    for row in rows:
        row["opened_at"] = datetime.fromisoformat(row["opened_at"])
    before, since = weekly(folder, "RIV", "repeat_share")
    one = figures(read(folder, "RIV"))[again.METRIC.key]
    for side, there, most in ((one.before, before, 26), (one.since, since, 99)):
        judged = {week["week"] for week in [week for week in there if week["state"] == "value"][-most:]}
        mine = [row for row in rows if weeks.label(week_of(row["opened_at"].date(), 0)) in judged]
        found = sum(any(other["type"] == row["type"] and timedelta(0) <= row["opened_at"] - other["opened_at"] <= timedelta(days=90)
                        and (other["opened_at"], other["case_no"]) < (row["opened_at"], row["case_no"])
                        and any(row.get(by) and row[by] == other.get(by) for by in ("part_no", "customer")) for other in rows)
                    for row in mine)
        assert (side.n, side.figure) == (len(mine), pytest.approx(found / len(mine)))
    assert 0.2 < one.since.figure < 0.8 and (one.verdict or one.why) not in ("", "rare"), "it says something"


def test_neither_a_route_nor_a_reason_nor_a_long_time_makes_the_same_mistake_again() -> None:
    def row(case: str, day: int, **said: str) -> dict[str, Any]:
        return {"case_no": case, "type": "mis-pick", "opened_at": (datetime(2026, 6, 1, 9) + timedelta(days=day)).isoformat(), **said}

    rows = [row("1", 0, part_no="A", route="north"), row("2", 7, part_no="B", route="north"), row("3", 14, part_no="A"),
            row("4", 15, customer="C"), row("5", 15, customer="C"), row("6", 105, part_no="A"), row("7", 106, customer="D", part_no="A")]
    assert again.by_week(rows, timedelta(days=90), 0) == {date(2026, 6, 15): 2, date(2026, 9, 14): 1}


# ---- by chance --------------------------------------------------------------------------------------------
def lit(shift: float, before: int, series: int = 400) -> float:
    """The share of made-up series of a share around 80 % that stand out after ten weeks which lie `shift` typical steps higher."""
    luck, found = Random(45), 0
    for _ in range(series):
        ran = [luck.gauss(0.8, 0.04) for _ in range(before)] + [luck.gauss(0.8 + 0.04 * shift, 0.04) for _ in range(10)]
        ran_weeks = [Point(BY_KEY["otif"], START + i * WEEK, SimpleNamespace(whole=200.0), value, "value") for i, value in enumerate(ran)]
        found += success.judged(BY_KEY["otif"], ran_weeks[:before], ran_weeks[before:])[0] != "same"
    return found / series


def test_chance_alone_is_seldom_called_better_or_worse_and_a_real_change_mostly_is() -> None:
    assert lit(0.0, 26) < 0.04 and lit(0.0, 13) < 0.07  # two and four of a hundred, give or take
    assert lit(2.0, 26) > 0.8 and lit(2.0, 13) > 0.8


def test_what_stood_out_before_the_start_already_is_no_difference() -> None:
    errors = BY_KEY["error_rate"]
    ran = [*[0.0, 0.025] * 22, *[0.1] * 4, *[0.1] * 8]  # too rare for single weeks: four of them are one point
    ran_weeks = [Point(errors, START + i * WEEK, SimpleNamespace(whole=40.0, undecided=0), value, "value") for i, value in enumerate(ran)]
    assert success.judged(errors, ran_weeks[:44], ran_weeks[48:])[0] == "worse"
    assert success.judged(errors, ran_weeks[:48], ran_weeks[48:])[0] == "same"


# ---- where little is known -------------------------------------------------------------------------------
def test_a_branch_without_data_says_for_each_line_what_it_lacks(tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    store.json("branches", "add", "EAST")
    told = [one for line in read(store.data, "EAST").values() for one in line]
    assert {one.why for one in told} == {"lacks"} and all(one.lacks and one.verdict == "" for one in told)


def test_too_few_weeks_before_the_start_give_figures_and_no_verdict(folder: Path) -> None:
    early = figures(read(folder, "RIV", date(2025, 11, 3)))["order_cycle_time"]
    assert (early.why, early.verdict) == ("few before", "") and 0 < early.before.weeks < 13 and early.since.figure is not None


def test_a_start_that_is_to_come_or_has_just_been_says_when_the_first_week_can_be_judged(folder: Path) -> None:
    tomorrow, monday = (figures(read(folder, "RIV", on))["order_cycle_time"] for on in (date(2026, 11, 10), date(2026, 11, 9)))
    assert (tomorrow.why, tomorrow.from_on) == ("none since", date(2026, 11, 23))  # the week it falls into is on neither side
    assert (monday.why, monday.from_on) == ("none since", date(2026, 11, 16))
    assert tomorrow.before == monday.before and monday.before.weeks == 26


def test_a_start_in_the_middle_of_a_week_leaves_that_week_out(folder: Path) -> None:
    whole, middle = (figures(read(folder, "RIV", START + timedelta(days=days)))["order_cycle_time"] for days in (0, 2))
    assert (middle.before, middle.since.weeks) == (whole.before, whole.since.weeks - 1)


def test_a_viewer_of_another_branch_is_not_told(folder: Path) -> None:
    with pytest.raises(NotAllowed):
        read(folder, "HAR", viewer=Viewer("sam@example.com", "Sam", "branch leader", frozenset({"RIV"})))


def test_every_line_is_measured_by_something() -> None:
    assert len(SUCCESS) == len({line.key for line in SUCCESS}) == 9 and [line.stage for line in SUCCESS] == [30] * 3 + [60] * 3 + [90] * 3
    assert all(line.figures or line.steps for line in SUCCESS) and all(key in success.KNOWN for line in SUCCESS for key in line.figures)


