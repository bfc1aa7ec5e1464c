"""A small study: a few seeds, the last twenty huddles. The whole one is `make study`; its figures are in docs/signals-study.md.

A rule book that lights up too easily or too late fails here; chance does not: with whole seeds 0.5 % to 1 % of tile-weeks
light up, and no more than one story in a hundred is missed once it can be judged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scoreboard.samples import write_sample
from scoreboard.samples.orders import orders
from scoreboard.samples.places import places
from scoreboard.samples.returning import return_rows
from scoreboard.samples.service import exception_rows
from scoreboard.samples.shipping import credit_rows, shipment_rows
from scoreboard.samples.world import DAY, world
from scoreboard.weeks import WEEK
from tests.study import evenings, figures, huddles, report
from tests.study.figures import MOVING, NOISE, on_board
from tests.study.huddles import BRANCHES, FIRST_WEEK, Record

RIV_FASTER = MOVING[0]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return huddles.study([1, 2], first=40)


def test_every_planted_story_is_found_soon_once_it_can_be_judged(records: list[Record]) -> None:
    found = [figures.found(record, story) for record in records for story in MOVING]
    assert sum(one.soon_once_judged for one in found) >= 0.9 * len(found)


def test_few_tiles_light_up_where_nothing_happens(records: list[Record]) -> None:
    share = figures.lights(records, BRANCHES, on_board)
    assert share.whole > 350 and share.value <= 0.04


def test_no_corner_seems_to_pay_for_another_where_nothing_happens(records: list[Record]) -> None:
    share = figures.warnings(records, [NOISE])
    assert share.whole == 40 and share.value <= 0.1


def test_the_fast_but_sloppy_branch_is_warned(records: list[Record]) -> None:
    assert all(figures.warned(record, RIV_FASTER) is not None for record in records)


# ---- how it counts -------------------------------------------------------------------------------------
def entry(week: int, shown: int | None, says: str, range: str = "weeks") -> Record:
    tile = {"shown": shown, "board": True, "range": range, "says": says, "rule": "" if says == "common" else "outside"}
    return {"week": week, "imbalance": False, "tiles": {RIV_FASTER.metric: tile}}


def story_found(*entries: Record) -> figures.Found:
    return figures.found({"seed": 1, "huddles": {RIV_FASTER.branch: list(entries)}}, RIV_FASTER)


def test_a_light_from_before_the_story_or_on_the_wrong_side_does_not_find_it() -> None:
    start = figures.number(RIV_FASTER)
    assert story_found(entry(start, start - 1, "improvement"), entry(start + 1, start + 1, "concern")).found is None


def test_a_story_is_found_soon_counted_from_its_start_or_from_its_first_judged_week() -> None:
    start = figures.number(RIV_FASTER)
    late = story_found(entry(start + 3, start, "collecting", "rare"), entry(start + 6, start + 1, "common"),
                       entry(start + 8, start + 3, "improvement"))
    assert (late.judged, late.found, late.soon, late.soon_once_judged) == (6, 8, False, True)
    assert story_found(entry(start + 4, start + 4, "improvement")).soon


def test_a_tile_without_a_usual_range_is_no_tile_week() -> None:
    quiet = {"seed": 1, "huddles": {RIV_FASTER.branch: [entry(20, 20, "common"), entry(21, None, "collecting", "rare"),
                                                        entry(22, 22, "concern")]}}
    share = figures.lights([quiet], [RIV_FASTER.branch], on_board)
    assert (share.part, share.whole) == (1, 2)


def test_the_report_names_every_story(records: list[Record]) -> None:
    text = report.text(records, records)
    assert all(text.count(f"| {story.name} | {story.branch} | {story.metric} |") == 2 for story in MOVING)


# ---- an earlier evening --------------------------------------------------------------------------------
def test_an_earlier_evening_is_exported_as_the_sample_would_have_been(tmp_path: Path) -> None:
    week = FIRST_WEEK + 7 * WEEK
    write_sample(tmp_path, branches=5, weeks=14, seed=3, first_week=FIRST_WEEK)
    later = evenings.read(tmp_path, "")
    for source, rows in (("shipments", shipment_rows), ("credits", credit_rows), ("returns", return_rows), ("exceptions", exception_rows)):
        path = later.write(source, tmp_path / "then.csv", FIRST_WEEK - 9 * WEEK, week)
        found = {tuple(sorted(row.items())) for row in evenings.rows_of(path, "")}
        told = set()
        for place in places(5):
            made = world(place, FIRST_WEEK, 14, 3)
            made = replace(made, hours=replace(made.hours, through=8 * 7 * DAY - timedelta(hours=1) // timedelta(minutes=1)))
            told |= {tuple(sorted({c: str({"branch": place.code, **row}.get(c, "")) for c in huddles.COLUMNS[source]}.items()))
                     for row in rows(made, orders(made)) if str(row.get("opened_at", "")) < str(week + WEEK)}
        assert found == told and len(found) > 30
