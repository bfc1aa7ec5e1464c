"""The same figures from every side: rows, splits, branches, territories and the company add up."""

from __future__ import annotations

from statistics import median

import pytest

METRICS = ["quote_response_time", "quotes_in_standard", "quote_conversion", "fill_rate", "fill_rate_units", "otif",
           "promises_moved", "error_rate", "order_accuracy", "return_cycle_time", "core_value_at_risk", "return_rate",
           "exception_close_loop", "time_to_resolve", "order_cycle_time", "promise_kept", "first_call_resolution", "team_coverage"]


@pytest.mark.parametrize("metric", METRICS)
def test_the_rows_of_a_week_add_up_to_its_figures(three_branches, metric):
    points = three_branches.json("series", "--branch", "RIV", "--metric", metric)["points"]
    point = max(points, key=lambda p: (p["n"], p["week"]))
    rows = three_branches.json("rows", "--branch", "RIV", "--metric", metric, "--week", point["week"])["rows"]
    decided = [r for r in rows if r["result"] != "undecided"]
    assert point["n"] == len([r for r in decided if "whole" in r["counts_in"]]) > 0
    assert point["undecided"] == len([r for r in rows if r["result"] == "undecided"]) or point["p50"] is not None
    if point["p50"] is not None:
        closed, still_open = [r["value"] for r in rows if not r["open"]], sum(r["open"] for r in rows)
        assert point["p50"] == pytest.approx(median([*closed, *[r["value"] for r in rows if r["open"]]]))
        assert point["open"] == still_open
    else:
        assert point["part"] == pytest.approx(sum(r.get("adds_to_part", float("part" in r["counts_in"])) for r in decided))
        assert point["whole"] == pytest.approx(sum(r.get("adds_to_whole", 1.0) for r in decided if "whole" in r["counts_in"]))
        assert all((r["why"] == "") == (r["result"] == "passed") for r in rows)


@pytest.mark.parametrize(("metric", "by"), [
    ("otif", "route"), ("error_rate", "carrier"), ("fill_rate_units", "part_class"), ("exception_close_loop", "type"),
    ("core_value_at_risk", "supplier"), ("order_cycle_time", "priority")])
def test_a_split_adds_up_to_the_series(three_branches, metric, by):
    points = three_branches.json("series", "--branch", "HAR", "--metric", metric)["points"]
    groups = three_branches.json("split", "--branch", "HAR", "--metric", metric, "--by", by)["groups"]
    assert len(groups) > 1
    assert sum(g["n"] for g in groups) == sum(p["n"] for p in points)
    for figure in ("part", "whole"):
        if figure in groups[0]:
            assert sum(g[figure] for g in groups) == pytest.approx(sum(p[figure] or 0 for p in points))


def test_branches_add_up_to_territory_and_company(three_branches):
    def sums(*scope: str) -> tuple[float, float]:
        points = three_branches.json("series", *scope, "--metric", "otif")["points"]
        return sum(p["part"] or 0 for p in points), sum(p["whole"] or 0 for p in points)

    riv, har, mil = (sums("--branch", code) for code in ("RIV", "HAR", "MIL"))
    assert sums("--company") == tuple(map(sum, zip(riv, har, mil, strict=True)))
    assert sums("--territory", "River Valley") == tuple(map(sum, zip(riv, mil, strict=True)))
