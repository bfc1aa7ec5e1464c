"""What was probably meant: a guess is offered where it helps, and none where it would be absurd."""

from __future__ import annotations

import pytest

from scoreboard.errors import did_you_mean


@pytest.mark.parametrize(("word", "known", "meant"), [
    ("otf", ("otif", "nps"), "otif"), ("RIB", ("HAR", "RIV"), "RIV"), ("rvi", ("HAR", "RIV"), "RIV"), ("EASR", ("EAST", "WEST"), "EAST"),
    ("leader", ("branch leader", "viewer"), "branch leader"),
    ("B0O7", ("B007", "B008"), "B007"), ("conversion_day", ("conversion_days",), "conversion_days"),
])
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(word: str, known: tuple[str, ...], meant: str) -> None:
    assert did_you_mean(word, known) == f' Did you mean "{meant}"?'


@pytest.mark.parametrize(("word", "known"), [
    ("EAST", ("WEST",)), ("North", ("South",)), ("104", ("107",)), ("B104", ("B107",)), ("N", ("S",)), ("Region", ("reason", "version")),
    ("revenue", ("reserve", "return_rate")), ("status", ("stocked", "customer")), ("", ("EAST",)),
])
def test_another_word_or_number_is_no_slip(word: str, known: tuple[str, ...]) -> None:
    assert did_you_mean(word, known) == ""
