"""Figures as people type them, what they would have meant, and the options that enter a metric: without a page."""

from __future__ import annotations

import pytest

from scoreboard.errors import Refused
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.options_used import options_of
from scoreboard.metrics.usual import Usual
from scoreboard.views.define import past, typed
from scoreboard.views.define.past import Past
from tests.views.definitions_page import plainly


def test_a_target_beyond_every_ordinary_week_is_said_to_be_missed_from_the_first_day() -> None:
    ran = Past((), (0.9,) * 5 + (0.8,) * 8, None, None, "", Usual("firm", 30, 0.8, 0.78, 0.82))
    said = [plainly(s) for s in past.would_have(BY_KEY["otif"], ran, 0.85, 0.7)]
    assert said == ["5 of the last 13 judged weeks would have met 85 %.",
                    "No ordinary week would reach it: the board would say “reliably misses” from the first day.",
                    "Not one of the last 13 judged weeks was worse than 70 %."]


@pytest.mark.parametrize(("judged", "said"), [
    ((), "No week can be judged yet, so there is nothing to compare with. A target can be agreed all the same."),
    ((2.0,), "Only one judged week so far: 2.0 h."), ((3.0, 1.0, 2.0), "Only 3 judged weeks so far: middle 2.0 h, between 1.0 and 3.0 h.")])
def test_a_short_past_is_said_to_be_short(judged: tuple[float, ...], said: str) -> None:
    assert plainly(past.summary(BY_KEY["quote_response_time"], Past((), judged, None, None, "", Usual("collecting", 0)))) == said


@pytest.mark.parametrize(("metric", "text", "figure"), [
    ("otif", "95", 0.95), ("otif", " 95 % ", 0.95), ("otif", "95,5", 0.955), ("otif", "99.95%", 0.9995), ("return_rate", "0.5", 0.005),
    ("otif", "", None),    ("quote_response_time", "4 h", 4.0), ("quote_response_time", "1.5", 1.5), ("return_cycle_time", "7 days", 7.0),
    ("core_value_at_risk", "$1,250", 1250.0), ("nps", "−10", -10.0), ("promises_moved", "3 per 100", 3.0)])
def test_a_figure_is_read_in_the_unit_of_its_metric_and_written_back(metric: str, text: str, figure: float | None) -> None:
    found = typed.read(BY_KEY[metric], text, "target")
    assert found == (None if figure is None else pytest.approx(figure))
    assert typed.read(BY_KEY[metric], typed.field(BY_KEY[metric], found), "target") == found


@pytest.mark.parametrize(("metric", "text"), [
    ("otif", "101"), ("otif", "-1"), ("otif", "95 h"), ("otif", "nan"), ("otif", "9 5"), ("quote_response_time", "4 d"), ("nps", "101"),
    ("quote_response_time", "-1"), ("quote_response_time", "inf"), ("quote_response_time", "1.2.3"), ("core_value_at_risk", "1,2,3")])
def test_what_is_no_figure_of_a_metric_is_refused_whole(metric: str, text: str) -> None:
    with pytest.raises(Refused):
        typed.read(BY_KEY[metric], text, "target")


def test_an_agreed_figure_keeps_its_digits() -> None:
    assert plainly(typed.exact(BY_KEY["otif"], 0.9995)) == "99.95 %"


def test_the_options_that_enter_are_found_in_the_expressions() -> None:
    assert {m.key: options_of(m) for m in CATALOGUE if options_of(m)} == {
        "quotes_in_standard": ("quote_standard_minutes",), "quote_conversion": ("conversion_days",),
        "first_call_resolution": ("repeat_contact_days",), "error_rate": ("error_maturity_days", "error_reasons"),
        "order_accuracy": ("error_maturity_days", "error_reasons"), "core_value_at_risk": ("core_deadline_days",),
        "exception_close_loop": ("exception_standards",), "repeat_share": ("repeat_days",), "same_day_priority": ("priority_cutoff",),
        "nps": ("nps_minimum",), "team_leavers": ("team_minimum",), "team_coverage": ("team_minimum",),
        "time_to_proficiency": ("team_minimum",)}
