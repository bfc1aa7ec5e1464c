"""The board and the Metric page as reported and as known now: only where they differ, in the address, with what changed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from scoreboard import settings as settings_module
from scoreboard.state.database import open_database, writing
from scoreboard.state.schema import branches, loads
from tests.command_line import copied, run
from tests.views.conftest import ROOT, Open
from tests.views.reading import BANNED, boards, tables
from tests.views.reading import words as words_of

METRIC = "pages/huddle/metric.py"
TUESDAY, LATER = "2026-11-10T13:00", "2026-11-12T10:00"
ASKED = {"branch": "RIV", "week": "2026-W45"}


@pytest.fixture(scope="module")
def restated(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample as if it were real, and two orders of Riverside that were in full after all, as a file of Tuesday says."""
    folder = copied(sample_folder, tmp_path_factory.mktemp("restated") / "data")
    engine = open_database(settings_module.read(str(folder), TUESDAY).database_url)
    with writing(engine) as conn:
        conn.execute(update(loads).values(sample=False))
        conn.execute(update(branches).values(sample=False))
    engine.dispose()
    with (ROOT / "sample_data/order_lines.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["branch"] == "RIV" and row["order_no"] in ("101029", "101034")]
    late = folder.parent / "tuesday <b>pod.csv"
    with late.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        amounts = ("qty_first_shipment", "qty_shipped", "qty_delivered")
        writer.writerows({**row, **dict.fromkeys(amounts, row["qty_ordered"])} for row in rows)
    assert run("--data", folder, "--now", TUESDAY, "load", late, "--source", "order_lines").code == 0
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_week_that_did_not_change_has_no_switch_and_forgets_that_it_was_asked_for(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, now="2026-11-10T13:00", branch="RIV", week="2026-W43", reported="yes")
    assert not page.toggle and "reported" not in page.query_params
    assert boards(page)[0]["changed"] == 0 and boards(page)[0]["reported"] == ""


def test_the_board_says_what_a_changed_figure_was_and_turns_to_its_report_and_back(opened: Open, restated: Path) -> None:
    page = opened(restated, now=LATER, **ASKED)
    known = {t["key"]: t for t in boards(page)[0]["tiles"]}
    assert (known["otif"]["number"], known["otif"]["since"]) == ("93.8", "was 81.3\u00a0% when reported")
    assert known["otif"]["label"].endswith("Was 81.3\u00a0% when reported.") and "since" not in known["quote_response_time"]
    page.toggle[0].set_value(True).run()
    assert page.query_params["reported"] == "yes"
    board = boards(page)[0]
    reported = {t["key"]: t for t in board["tiles"]}
    assert (reported["otif"]["number"], reported["otif"]["since"]) == ("81.3", "now 93.8\u00a0%")
    assert board["reported"].startswith("As it was reported on Mon 9 Nov, ") and board["reported"].endswith("changed since.")
    assert board["changed"] == sum("since" in t for t in board["tiles"])
    page.toggle[0].set_value(False).run()
    assert "reported" not in page.query_params and boards(page)[0]["reported"] == ""


def test_a_link_opens_the_board_as_it_was_reported_with_what_changed_below(opened: Open, restated: Path) -> None:
    page = opened(restated, now=LATER, reported="yes", **ASKED)
    assert page.toggle[0].value is True and boards(page)[0]["as_reported"] is True
    row = next(r for r in tables(page)[0].to_dict("records") if r["Figure"] == "On time, in full")
    assert row["What changed it"] == "Load 2: tuesday <b>pod.csv (administrator)"
    assert (row["From"], row["To"]) == ("81.3\u00a0% (13 of 16 orders)", "93.8\u00a0% (15 of 16 orders)")
    assert not page.exception and BANNED.findall(words_of(page)) == []


def test_the_metric_page_tells_the_steps_of_its_figure_only_where_there_are_any(opened: Open, restated: Path) -> None:
    page = opened(restated, METRIC, now=LATER, metric="otif", **ASKED)
    assert "As reported, and as known now" in [h.value for h in page.header]
    assert list(tables(page)[0].columns) == ["When", "What changed it", "From", "To"] and len(tables(page)[0]) == 1
    assert "Week 45 was reported as 81.3\u00a0%; as known now it is 93.8\u00a0%." in page.text[0].value
    other = opened(restated, METRIC, now=LATER, metric="quote_response_time", **ASKED)
    assert "As reported, and as known now" not in [h.value for h in other.header]
    assert "Week 45 is as it was reported: 1.1\u00a0h." in other.text[0].value


def test_a_running_week_has_no_report_to_turn_to(opened: Open, restated: Path) -> None:
    page = opened(restated, now=LATER, branch="RIV", week="2026-W46", reported="yes")
    assert not page.toggle and boards(page)[0]["changed"] == 0
