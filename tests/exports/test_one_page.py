"""The page a board prints on: everything of the screen is on it, nothing has to be loaded for it, and text stays text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scoreboard.exports.page import Made, html
from scoreboard.exports.svg import SHAPES, spark
from scoreboard.metrics import icons
from scoreboard.views import picture
from tests.gallery.made import board

MADE = Made("9 November 2026, 13:00", 7, "0123456789ab")
OPEN = [("Not told", 2), ("All open", 31)]


def printed(open_now: list[tuple[str, int]] = OPEN, **other: Any) -> str:
    """The page of the gallery's board, with other words on it."""
    return html(board("") | {"chance": "By chance alone.", "reported": ""} | other, open_now, MADE)


def text(page: str) -> str:
    """What a person reads on it."""
    return " ".join(" ".join(ElementTree.fromstring(page[page.index("<body>"):page.index("</html>")]).itertext()).split())


def test_everything_of_the_board_is_on_the_page() -> None:
    shown, said = board(""), text(printed())
    for tile in shown["tiles"]:
        for piece in (tile["name"], tile["about"], tile["number"], tile["behind"], tile["state"]["words"], tile["aim"]["words"],
                      tile["spark"]["range"]):
            assert " ".join(piece.split()) in said
    for corner in shown["corners"]:
        assert f"{corner['name']} {corner['score']} {corner['state']} {corner['speak']}" in said
    for piece in (shown["headline"], shown["detail"], shown["stale"][0]["words"], "Not told 2", "All open 31", "Nothing stands out.",
                  "Definitions 0123456789ab · data version 7 · made 9 November 2026, 13:00"):
        assert piece in said


def test_nothing_has_to_be_loaded_for_it() -> None:
    page = printed()
    assert re.findall(r"<script|src=|href=|url\((?!data:font)|@import|https?:", page) == []


def test_what_people_typed_stays_text() -> None:
    nasty = "<img src=x onerror=alert(1)>&\"'"
    talk = [{"tone": "concern", "shape": "down", "tag": nasty, "metric": "", "what": nasty, "text": nasty}]
    page = printed([(nasty, 1)], name=nasty, headline=nasty, detail=nasty, talk=talk, nothing=nasty, reported=nasty)
    assert "<img" not in page
    assert text(page).count(nasty) == 9  # everywhere it was given


def test_sentences_that_do_not_fit_are_counted_and_never_cut() -> None:
    talk = [{"tone": "concern", "shape": "down", "tag": "Off target", "metric": "", "what": f"Figure {number}.", "text": "many words " * 20}
            for number in range(12)]
    said = text(printed(talk=talk, nothing=""))
    kept = [number for number in range(12) if f"Figure {number}." in said]
    assert kept == list(range(len(kept))) and 2 <= len(kept) < 12  # the most urgent first
    assert f"and {12 - len(kept)} more on the board" in said and said.count("many words") == 20 * len(kept)


def test_an_earlier_week_says_nothing_of_what_stands_open_now() -> None:
    assert "What stands open is on the page of the latest week." in text(printed([]))


@pytest.mark.parametrize("values", [[None] * 13, [0.5], [0.5] * 13, [None, 0.1, None, 0.9]], ids=["empty", "one", "flat", "gaps"])
def test_any_weeks_can_be_drawn(values: list[float | None]) -> None:
    points = [{"value": value, "kind": "blank" if value is None else "full"} for value in values]
    drawn = spark({"points": points, "low": None, "high": None, "target": None, "dashed": False})
    if any(value is not None for value in values):
        ElementTree.fromstring(drawn)
        assert "nan" not in drawn.lower()
    else:
        assert drawn == ""


def test_every_state_has_the_shape_it_has_on_screen() -> None:
    named = {shape for known in (icons.STATES, icons.VARIATIONS, icons.TRUST) for shape, *_ in known.values()} | {icons.MOVING[0]}
    on_screen = re.findall(r"^    (\w+): \(\) =>", (Path(picture.__file__).parent / "shapes.js").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(SHAPES) == set(on_screen) and named - {""} <= set(SHAPES)
