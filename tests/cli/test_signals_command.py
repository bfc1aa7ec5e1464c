"""The command signals: a series in, limits, marks and icons out; anything else gets a sentence."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from scoreboard.metrics.signals import Series, chart
from tests.command_line import Said, run

STILL = [10, 12] * 8


def asked(monkeypatch: pytest.MonkeyPatch, given: Any, *words: str) -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO(given if isinstance(given, str) else json.dumps(given)))
    return run("signals", *words)


def test_a_series_comes_back_judged_week_by_week(monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(monkeypatch, {"values": [*STILL, None, 40], "direction": -1, "target": 9}, "--json").document
    wanted = chart(Series([*STILL, None, 40], "ratio", -1, target=9))
    assert found["upper"] == [limits.upper for limits in wanted.limits] and len(found["mean"]) == 18
    assert found["points"][-2:] == [{"type": "missing", "rules": []}, {"type": "concern", "rules": ["outside"]}]
    assert (found["variation"], found["assurance"], found["status"]) == ("concern", "hit_or_miss", "provisional")


def test_a_list_comes_back_as_a_list_and_ptd_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    seven = [*STILL, 10, *[11.6] * 7]
    product, ptd = (asked(monkeypatch, [{"values": seven}], "--mode", mode, "--json").document for mode in ("product", "ptd"))
    assert (product[0]["variation"], ptd[0]["variation"]) == ("common", "improvement")


def test_without_json_a_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, {"values": STILL}).out == "16 weeks: common, no target, provisional\n"


@pytest.mark.parametrize(("given", "sentence"), [
    ("", "is not JSON"), ("[1]", "Series 1: there are no values"), ({"values": [1, "x"]}, "values must be numbers or null"),
    ({"values": [1], "n": [1, 2]}, "1 values, but 2 n"), ({"values": [1], "kind": "speed"}, '"speed" is not a kind'),
    ({"values": [1], "direction": 2}, "direction must be"), ({"values": [1], "target": "high"}, "target must be a number"),
    ({"values": [1], "phases": [-1]}, "whole numbers"), ({"values": [1], "speed": 1}, '"speed" is not a field'),
    ('{"values": [NaN]}', "values must be numbers or null")])
def test_anything_else_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, given: Any, sentence: str) -> None:
    said = asked(monkeypatch, given)
    assert said.code == 2 and sentence in said.err and said.out == ""


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '"nhs" is not a mode' in asked(monkeypatch, {"values": [1]}, "--mode", "nhs").err
