"""Where a figure comes from, on the Metric page: groups that add up and open their rows, root causes written in place."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.metrics.reasons import IN_A_SENTENCE, Repeat, clause
from scoreboard.state.root_causes import RootCause
from scoreboard.views.figure import reasons
from scoreboard.views.figure.reasons import Picked
from tests.command_line import copied, run
from tests.views.conftest import NOW, Open
from tests.views.reading import tables, words

PAGE = "pages/huddle/metric.py"
HARBOR = {"branch": "HAR", "week": "2026-W45", "metric": "otif"}


def bars(page: AppTest) -> list[tuple[str, str]]:
    """Each bar: the name on its button and the text beside it."""
    texts = [re.sub(r"<[^>]+>", "\n", h.proto.body).split("\n") for h in page.get("html") if "class='bar'" in h.proto.body]
    names = [b.label for b in page.button if b.key and b.key.startswith("bar-")]
    return list(zip(names, [" | ".join(filter(None, text)) for text in texts], strict=True))


def press(page: AppTest, label: str) -> AppTest:
    return next(b for b in page.button if b.label == label).click().run()


def headers(page: AppTest) -> list[str]:
    return [h.value.replace("\\", "") for h in page.header]


def test_the_misses_by_group_add_up_to_those_of_thirteen_weeks_of_the_series(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **HARBOR)
    said = run("--data", sample_folder, "--now", NOW, "--json", "series", "--branch", "HAR", "--metric", "otif")
    points = [p for p in said.document["points"] if "2026-W33" <= p["week"] <= "2026-W45"]
    misses, whole = sum(p["whole"] - p["part"] for p in points), sum(p["whole"] for p in points)
    assert page.radio[0].options == ["Why", "Carrier", "Route", "Priority", "Promise made by", "Customer"]
    for by in ("why", "carrier", "route", "priority", "promise_made_by", "customer"):
        page.radio[0].set_value(by).run()
        counts = [re.match(r"(\d+) of (\d+) misses, .* \| (\d+) of (\d+) orders?", text) for _, text in bars(page)]
        assert sum(int(c[1]) for c in counts if c) == misses and {int(c[2]) for c in counts if c} == {misses}
        of = [int(c[4]) for c in counts if c]
        assert set(of) == {whole} if by == "why" else sum(of) <= whole


def test_the_slipping_route_is_what_the_page_opens_with(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **HARBOR)
    assert page.radio[0].value == "route"
    assert bars(page)[0] == ("North loop", "76 of 87 misses, 87\u00a0% | 76 of 104 orders, 73\u00a0%")
    assert "87 misses in the thirteen weeks 33 to 45." in words(page)


def test_groups_without_a_miss_are_counted_and_listed_in_a_fold(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **HARBOR)
    page.radio[0].set_value("customer").run()
    fold = next(e for e in page.expander if e.label.endswith(" more without a miss"))
    page.session_state["spared"] = True
    lines = next(t.value for t in page.run().text if ": 0 of " in t.value).splitlines()
    store = ("--data", sample_folder, "--now", NOW, "--json")
    told = run(*store, "reasons", "--branch", "HAR", "--metric", "otif", "--by", "customer").document
    assert len(lines) == len(told["without_a_miss"]) == int(fold.label.split()[0])
    assert [int(line.partition(": 0 of ")[2].split()[0]) for line in lines] == [g["of"] for g in told["without_a_miss"]]
    assert told["rows"] == sum(g["of"] for g in (*told["groups"], *told["without_a_miss"]))


def test_page_and_command_count_the_same_weeks_up_to_the_latest_judged_one(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="error_rate")
    store, asked = ("--data", sample_folder, "--now", NOW), ("reasons", "--branch", "RIV", "--metric", "error_rate", "--by", "reason")
    told = run(*store, "--json", *asked).document
    assert (told["first_week"], told["last_week"]) == ("2026-W28", "2026-W40")
    assert f"{told['misses']} misses in the thirteen weeks 28 to 40." in words(page)
    assert {name.replace("\\", ""): int(text.split()[0]) for name, text in bars(page)} == {
        g["reason"]: g["misses"] for g in told["groups"]}
    assert run(*store, *asked).out.endswith(" rows, 2026-W28 to 2026-W40 (2026-W45 cannot be judged yet).\n")


def test_a_name_opens_its_rows_and_a_second_time_those_of_the_week(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **HARBOR)
    for name, text in bars(page):
        press(page, name)
        rows = tables(page)[-1]
        assert len(rows) == int(text.split()[0]) and set(rows["Result"]) == {"✗ missed"}
        assert set(rows["Route"]) == {name} if name != "not given" else "Route" not in rows
        assert headers(page)[-1].startswith(f"Route: {name}, ")
    press(page, bars(page)[-1][0])
    assert headers(page)[-1] == "The rows behind week 45" and len(tables(page)[-1]) == 11


def test_the_others_are_the_rows_that_no_name_stands_for(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, **HARBOR)
    page.radio[0].set_value("customer").run()
    named = [name for name, _ in bars(page)][:10]
    press(page, "14 others")
    rows = tables(page)[-1]
    assert len(rows) == 21 and rows["Customer"].nunique() == 14 and not set(rows["Customer"]) & set(named)
    press(page, "Show all rows of week 45")
    assert headers(page)[-1] == "The rows behind week 45"


def test_another_week_shows_its_own_rows_again(opened: Open, sample_folder: Path) -> None:
    page = press(opened(sample_folder, PAGE, **HARBOR), "North loop")
    page.selectbox[1].set_value("2026-W44").run()
    assert headers(page)[-1] == "The rows behind week 44"


def test_credits_are_held_against_lines(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="MIL", week="2026-W40", metric="error_rate")
    assert page.radio[0].value == "reason"
    assert re.fullmatch(r"(\d+) of \d+ misses, \d+\u00a0% \| \1 on \d+ lines, \d+\u00a0%", dict(bars(page))["mis\\-pick"])


def test_a_median_is_split_and_has_no_misses(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", week="2026-W45", metric="quote_response_time")
    assert not bars(page) and "What keeps coming back" not in headers(page)
    split = tables(page)[1]
    said = run("--data", sample_folder, "--now", NOW, "--json", "series", "--branch", "RIV", "--metric", "quote_response_time")
    assert list(split.columns) == ["Channel", "Quote response", "Counted"]
    assert sum(int(cell.split()[0]) for cell in split["Counted"]) == sum(
        p["n"] for p in said.document["points"] if "2026-W33" <= p["week"] <= "2026-W45")


@pytest.mark.parametrize(("branch", "metric", "said"), [
    ("HAR", "core_value_at_risk", "Nothing was missed in the thirteen weeks 3"),
    ("HAR", "promises_moved", ""),
    ("territory:Coast", "otif", "Splits and rows are shown for one branch: choose one above.")])
def test_where_there_is_nothing_to_tell_it_says_so(opened: Open, sample_folder: Path, branch: str, metric: str, said: str) -> None:
    page = opened(sample_folder, PAGE, branch=branch, week="2026-W45", metric=metric)
    assert not page.exception and (any(t.value.startswith(said) for t in page.text) if said else bars(page))


# ---- the sentence at the head ----------------------------------------------------------------------------------
def week_rows(**groups: tuple[int, int]) -> list[dict[str, Any]]:
    """Rows of a week by what they say in the column `by`: so many missed, so many passed."""
    return [{"route": name.replace("_", " "), "customer": "C1", "owner": "Lee", "result": result, "counts_in": ["whole"]}
            for name, counts in groups.items() for result, n in zip(("failed", "passed"), counts, strict=True) for _ in range(n)]


def test_the_clause_names_the_group_that_holds_most_of_the_misses() -> None:
    assert clause(week_rows(North=(9, 15), South=(5, 67))) == ", 9 of them on route North"
    assert clause(week_rows(Route_4=(9, 15), South=(5, 67))) == ", 9 of them on Route 4"
    assert reasons.missed("otif", week_rows(North=(9, 15), South=(5, 67))) == "14 misses, 9 of them on route North."


def test_without_one_it_says_nothing() -> None:
    assert clause(week_rows(North=(4, 0), South=(0, 80))) == clause([]) == ""
    assert reasons.missed("otif", week_rows(North=(7, 40), South=(7, 40))) == ""
    assert reasons.missed("quote_response_time", week_rows(North=(9, 15), South=(5, 67))) == ""


def test_neither_people_nor_customers_stand_in_it() -> None:
    assert not {"customer", "owner", "part_no", "promise_made_by", "promise_moved_by"} & set(IN_A_SENTENCE)
    same = [{"customer": "C1", "owner": "Lee", "result": "failed", "counts_in": ["whole"]}] * 9
    assert clause([*same, *[{"customer": "C2", "owner": "Kim", "result": "passed", "counts_in": ["whole"]}] * 80]) == ""


# ---- root causes ---------------------------------------------------------------------------------------------
def write(page: AppTest, cause: str) -> AppTest:
    """Writes the root cause of the first group of the list."""
    press(page, "Write the root cause")
    page.text_input[0].set_value(cause)
    return press(page, "Keep")


def test_a_root_cause_is_written_in_place_and_shows_wherever_its_route_does(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    page = write(opened(folder, PAGE, **HARBOR), "<b>Leaves</b> before the second pick")
    assert "<b>Leaves</b> before the second pick" in [t.value for t in page.text] and not page.text_input
    assert bars(page)[0][1].endswith("&lt;b&gt;Leaves&lt;/b&gt; before the second pick")
    other = opened(folder, PAGE, branch="HAR", week="2026-W40", metric="promise_kept")
    assert "<b>Leaves</b> before the second pick" in [t.value for t in other.text]
    told = run("--data", folder, "--now", NOW, "--json", "repeats", "--branch", "HAR").document["groups"]
    assert {g["root_cause"] for g in told if g["subject"] == "North loop"} == {"<b>Leaves</b> before the second pick"}
    press(other, "Change")
    press(other, "Take off")
    assert "<b>Leaves</b> before the second pick" not in words(other)


def test_no_words_are_refused_in_place_and_cancel_leaves_everything(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    page = opened(copied(sample_folder, tmp_path / "copy"), PAGE, **HARBOR)
    write(page, "   ")
    assert [e.value for e in page.error] == ["A root cause needs words. Say what makes it come back, or take it off."]
    press(page, "Cancel")
    assert not page.text_input and not page.error


def test_who_only_reads_reads_and_writes_nothing(opened: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = copied(sample_folder, tmp_path / "copy")
    write(opened(folder, PAGE, **HARBOR), "two bins look alike")
    for name, role in (("Boss", "administrator"), ("Rey", "viewer")):
        more = ("--branch", "HAR", "--as", "boss@example.com") if role == "viewer" else ()
        assert run("--data", folder, "--now", NOW, "people", "add", f"{name}@example.com".lower(), "--name", name, "--role", role,
                   *more).code == 0
    page = opened(folder, PAGE, **HARBOR, **{"as": "rey@example.com"})
    texts = [t.value for t in page.text]
    assert "two bins look alike" in texts and texts.count("No root cause written yet.") == 9
    assert not {"Write the root cause", "Change"} & {b.label for b in page.button}


def test_every_group_of_the_list_opens_as_many_rows_as_it_says(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="HAR", week="2026-W45", metric="exception_close_loop")
    said = [t.value for t in page.text if re.fullmatch(r"\d+ misses in \d+ weeks?, last in week \d+", t.value)]
    names = [b.label for b in page.button if b.key and b.key.startswith("repeat-")]
    assert len(said) == len(names) == 10
    for name, often in list(zip(names, said, strict=True))[:3]:
        press(page, name)
        assert len(tables(page)[-1]) == int(often.split()[0])


def test_a_picked_group_is_named_as_its_bar() -> None:
    assert [reasons.name(p) for p in (Picked("route", "4"), Picked("route", None), Picked("route", None, 1), Picked("route", None, 3))] == [
        "4", "not given", "1 other", "3 others"]


def test_what_keeps_coming_back_is_taken_along_in_columns() -> None:
    group = Repeat("part_no", "0037-001", 5, 3, date(2026, 11, 3))
    causes = {("part_no", "0037-001"): RootCause("RIV", "part_no", "0037-001", "two bins alike", "sam@example.com", datetime(2026, 11, 4),
                                                     "label both")}
    assert reasons.columns_of(group, causes, 0) == {
        "By": "Part", "What": "0037-001", "Misses": 5, "Weeks": 3, "Last on": "2026-11-03", "Last week": "2026-W45",
        "Root cause": "two bins alike", "Standard": "label both"}
    assert (reasons.columns_of(group, {}, 0)["Root cause"], reasons.columns_of(group, {}, 0)["Misses"]) == ("", 5)
