"""The Metric page: the same figure as the board, the rows that make it, and files that are safe to open."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.views.figure import behind
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, tables
from tests.views.reading import words as words_of

PAGE = "pages/huddle/metric.py"


def test_the_rows_add_up_to_the_figure(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="otif")
    rows = tables(page)[-1]
    assert page.metric[0].value == "81.3\u00a0%" and page.metric[0].delta == "13 of 16 orders in week 45"
    assert (rows["Result"] == "✓ passed").sum() == 13 and len(rows) == 16
    assert rows.loc[rows["Result"] == "✗ missed", "Why"].tolist() == ["not delivered", "short", "short"]


def test_three_rows_that_missed_and_three_that_passed_explain_the_definition(opened: Open, sample_folder: Path) -> None:
    examples = tables(opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="otif"))[0]
    assert list(examples["Result"]) == ["✗ missed"] * 3 + ["✓ passed"] * 3


def test_of_credits_and_lines_shipped_each_says_what_it_counts_in(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W40", metric="error_rate")
    rows = tables(page)[-1]
    told = {(result, places) for result, places in zip(rows["Result"], rows["Counts in"], strict=True)}
    assert told == {("✗ missed", "part"), ("· counted", "whole")}
    assert page.metric[0].delta == f"{(rows['Counts in'] == 'part').sum()} of {(rows['Counts in'] == 'whole').sum()} lines in week 40"


@pytest.mark.parametrize("key", [m.key for m in CATALOGUE])
def test_every_metric_has_its_page_without_a_banned_word(opened: Open, sample_folder: Path, key: str) -> None:
    page = opened(sample_folder, PAGE, branch="LAK", week="2026-W44", metric=key)
    assert not page.exception and not page.error
    assert page.title[0].value == words.title(BY_KEY[key])[0]
    assert BANNED.findall(words_of(page)) == []


def test_a_figure_of_an_older_week_shows_the_rows_of_that_week(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="MIL", week="2026-W45", metric="error_rate")
    assert page.metric[0].delta.endswith("in week 40")
    assert "The rows behind week 40" in [h.value for h in page.header]


def test_a_territory_has_no_rows_but_says_where_they_are(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="territory:Coast", week="2026-W45", metric="otif")
    assert "Splits and rows are shown for one branch: choose one above." in [t.value for t in page.text]
    assert tables(page) == []


# ---- event notes -------------------------------------------------------------------------------------------
def test_a_note_is_added_shown_on_every_chart_and_taken_off(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    page = opened(folder, PAGE, branch="HAR", week="2026-W32", metric="otif")
    page.session_state["add-note"] = True
    page.run()
    page.text_input[0].set_value("<b>New</b> route")
    next(b for b in page.button if b.label == "Add note").click().run()
    assert "▲ Week 32 · <b>New</b> route (administrator)" in [t.value for t in page.text]
    assert page.text_input[0].value == ""
    other = opened(folder, PAGE, branch="HAR", week="2026-W45", metric="fill_rate")
    drawn = json.loads(other.get("plotly_chart")[0].proto.spec)["data"]
    assert [trace["hovertext"] for trace in drawn if trace["name"] == "note"] == [["&lt;b&gt;New&lt;/b&gt; route"]]
    next(b for b in other.button if b.label == "Take off").click().run()
    assert not [t.value for t in other.text if t.value.startswith("▲")]


def ready(page: AppTest, branch: str = "HAR", week: str = "2026-08-03") -> Any:
    """The pills of the ready notes."""
    return page.get_by_key(f"note-ready-{branch}-{week}")


def lines(page: AppTest) -> list[str]:
    return [t.value.removeprefix("▲ ") for t in page.text if t.value.startswith("▲")]


def test_one_tap_notes_and_another_takes_it_off(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    page = opened(copied(sample_folder, tmp_path / "copy"), PAGE, branch="HAR", week="2026-W32", metric="otif")
    ready(page).set_value(["New route"]).run()
    ready(page).set_value(["New route", "Weather"]).run()
    assert lines(page) == ["Week 32 · New route (administrator)", "Week 32 · Weather (administrator)"] and not page.exception
    assert ready(page).value == ["New route", "Weather"]
    ready(page).set_value(["Weather"]).run()
    assert lines(page) == ["Week 32 · Weather (administrator)"]
    next(b for b in page.button if b.label == "Take off").click().run()
    assert ready(page).value == [] and lines(page) == []


def test_what_somebody_else_took_off_meanwhile_is_said_and_the_pills_show_what_is_kept(
        opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    page = ready(opened(folder, PAGE, branch="HAR", week="2026-W32", metric="otif")).set_value(["Weather"]).run()
    ready(opened(folder, PAGE, branch="HAR", week="2026-W32", metric="otif")).set_value([]).run()
    ready(page).set_value([]).run()
    assert [e.value for e in page.error] == ["This note is not there any more. Reload the page."] and ready(page).value == []


def test_a_shared_note_is_on_the_charts_of_the_sister_branches_and_of_no_other(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    page = opened(folder, PAGE, branch="HAR", week="2026-W32", metric="otif")
    page.toggle[0].set_value(True).run()
    ready(page).set_value(["Weather"]).run()
    page.toggle[0].set_value(False).run()
    ready(page).set_value(["Weather", "People ill"]).run()
    assert page.toggle[0].label == "Share with Coast"
    assert lines(page) == ["Week 32 · Weather (administrator, shared)", "Week 32 · People ill (administrator)"]
    sister = opened(folder, PAGE, branch="SUM", week="2026-W32", metric="fill_rate")
    assert lines(sister) == ["Week 32 · Harbor: Weather"] and not [b for b in sister.button if b.label == "Take off"]
    drawn = json.loads(sister.get("plotly_chart")[0].proto.spec)["data"]
    assert [trace["hovertext"] for trace in drawn if trace["name"] == "note"] == [["Harbor: Weather"]]
    assert ready(sister, "SUM").value == []
    other = opened(folder, PAGE, branch="RIV", week="2026-W32", metric="otif")
    assert lines(other) == [] and "Harbor: Weather" not in words_of(other)


def test_notes_of_long_ago_are_folded(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    ready(opened(folder, PAGE, branch="HAR", week="2026-W32", metric="otif")).set_value(["Weather"]).run()
    for week, folded in (("2026-W44", []), ("2026-W45", ["Earlier notes (1)"])):
        page = opened(folder, PAGE, branch="HAR", week=week, metric="otif")
        assert [e.label for e in page.expander if e.label.startswith("Earlier")] == folded


def test_who_only_reads_sees_notes_and_no_way_to_add_one(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    store = Store(copied(sample_folder, tmp_path / "copy"), NOW)
    ready(opened(store.data, PAGE, branch="HAR", week="2026-W32", metric="otif")).set_value(["Weather"]).run()
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    store.seen_by("boss@example.com").json("people", "add", "see@example.com", "--name", "See", "--role", "viewer", "--branch", "HAR")
    page = opened(store.data, PAGE, branch="HAR", week="2026-W32", metric="otif", **{"as": "see@example.com"})
    assert lines(page) == ["Week 32 · Weather (administrator)"] and not page.toggle and not page.button_group


def test_a_branch_without_a_territory_is_offered_no_sharing(opened: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "alone", NOW)
    store.json("branches", "add", "SOLO")
    (tmp_path / "orders.csv").write_text(
        "branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for\nSOLO,1,1,2026-11-02 09:00,1,2026-11-03\n")
    store.json("load", tmp_path / "orders.csv")
    page = opened(store.data, PAGE, branch="SOLO", week="2026-W45", metric="otif")
    assert ready(page, "SOLO", "2026-11-02") is not None and not page.toggle and not page.exception


def test_a_note_without_words_is_refused_and_what_was_typed_stays(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    page = opened(copied(sample_folder, tmp_path / "copy"), PAGE, branch="HAR", week="2026-W32", metric="otif")
    page.session_state["add-note"] = True
    page.run().text_input[0].set_value("   ")
    next(b for b in page.button if b.label == "Add note").click().run()
    assert [e.value for e in page.error] and page.text_input[0].value == "   "


# ---- files -------------------------------------------------------------------------------------------------
HOSTILE = [{"order_no": "=HYPERLINK(\"http://x\")", "customer": "+1+1", "route": "@SUM(A1)", "result": "failed", "why": "short",
            "counts_in": ["whole"]},
           {"order_no": "17", "customer": "-", "route": "", "result": "passed", "why": "", "counts_in": ["part", "whole"]}]


def test_a_downloaded_csv_holds_no_formula() -> None:
    lines = list(csv.reader(io.StringIO(behind.as_csv(BY_KEY["otif"], HOSTILE).decode("utf-8-sig"))))
    assert len(lines) == 3
    assert all(cell[:1] not in ("=", "+", "@") for line in lines for cell in line)
    assert "'=HYPERLINK(\"http://x\")" in lines[1]


def test_a_downloaded_workbook_holds_texts_as_they_were_and_no_formula() -> None:
    made = behind.as_workbook(BY_KEY["otif"], HOSTILE, [("What", "=1+1")])
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book["Rows"]["C2"].value == "=HYPERLINK(\"http://x\")"


def test_columns_come_in_the_order_a_reader_needs_them() -> None:
    row = {"lines": 2, "route": "north", "first_shipped_at": "2026-11-03", "delivered_at": "2026-11-06", "promise_at": "2026-11-05",
           "customer": "C1", "order_no": "17", "counts_in": [], "why": "late", "result": "failed", "value": 3.0, "owner": "Lee"}
    assert behind.columns(BY_KEY["otif"], [row]) == [
        "result", "why", "order_no", "customer", "delivered_at", "promise_at", "route", "lines", "first_shipped_at", "value"]
    assert behind.columns(BY_KEY["order_cycle_time"], [row])[:3] == ["result", "why", "value"]


def test_instants_are_instants_in_a_workbook_and_a_duration_is_a_number_with_its_unit() -> None:
    row = {"result": "passed", "why": "", "value": 1.5, "counts_in": ["whole"], "requested_at": "2026-11-04T13:00:00", "quote_no": "Q1"}
    book = openpyxl.load_workbook(io.BytesIO(behind.as_workbook(BY_KEY["quote_response_time"], [row], [])))
    cells = {head.value: cell for head, cell in zip(*book["Rows"].iter_rows(), strict=True)}
    assert cells["Requested"].value == datetime(2026, 11, 4, 13) and cells["Requested"].is_date
    assert cells["Value (hours)"].value == 1.5


# ---- weeks and figures that say little ---------------------------------------------------------------------
def test_a_running_week_is_not_compared_with_a_report_it_never_had(opened: Open, sample_folder: Path) -> None:
    def said(week: str, now: str) -> str:
        return " ".join(t.value for t in opened(sample_folder, PAGE, now=now, branch="RIV", week=week, metric="otif").text)

    before, after = "2026-11-09T17:59", "2026-11-09T18:00"  # Monday 12:00 in Chicago
    assert "reported" in said("2026-W45", after) and "reported" not in said("2026-W46", after)
    assert "reported" not in said("2026-W45", before)


def test_a_figure_nobody_has_draws_no_empty_chart(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="nps")
    assert page.text[0].value.startswith("Too few answers to show.")
    assert not page.get("plotly_chart") and opened(sample_folder, PAGE, branch="RIV", metric="otif").get("plotly_chart")


def test_other_pages_keep_branch_and_week_in_the_address(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="HAR", week="2026-W40", metric="otif")
    page.query_params.clear()
    page.switch_page("pages/data/load.py").run()
    assert page.query_params["branch"] == "HAR" and page.query_params["week"] == "2026-W40"
