"""The Definitions page: every metric explained as a branch has it, and where its target comes from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.views.define import explaining, typed
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.definitions_page import PAGE, page_words
from tests.views.reading import BANNED, tables

SOURCED = [m for m in CATALOGUE if m.source]


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path) -> Store:
    """The sample company in a folder of its own, to be changed."""
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


# ---- the catalogue ---------------------------------------------------------------------------------------
def test_every_metric_is_explained_in_words_fit_for_a_screen(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="LAK")
    for metric in CATALOGUE:
        page.session_state[f"metric {metric.key}"] = True
    page.run()
    assert not page.exception and not page.error and not page.warning
    assert [h.value for h in page.header] == list(explaining.GROUPS)
    for metric in CATALOGUE:
        fold = page_words(SimpleNamespace(main=page.expander(key=f"metric {metric.key}")))
        missing = [text for text in (metric.definition, explaining.unit(metric), explaining.week(metric), "When the files cover the week",
                                     "\n✓ ", "To Sun 8 Nov", "On the board", "Target") if text not in fold]
        assert missing == ([] if metric.whole.relation.name != "case_rows" else ["To Sun 8 Nov"]), metric.key  # cases reach to now
    assert BANNED.findall(page_words(page)) == []


@pytest.mark.parametrize(("key", "needed"), [("otif", "Order lines: first promised for"), ("nps", "Survey answers: score"),
                                             ("quotes_in_standard", "An agreed standard: working minutes a quote should take")])
def test_the_address_opens_one_metric_alone(opened: Open, sample_folder: Path, key: str, needed: str) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", metric=key)
    assert [h.value for h in page.header] == [BY_KEY[key].name] and not page.expander
    assert f"✓ {needed}" in page_words(page)
    page.button[0].click().run()
    assert len(page.expander) == len(CATALOGUE) and "metric" not in page.query_params


def test_an_unknown_metric_in_the_address_is_said(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", metric="<b>x</b>")
    assert [w.value for w in page.warning] == ["There is no metric of that name. Here are all of them."]
    assert len(page.expander) == len(CATALOGUE)


@pytest.mark.parametrize(("typed_in", "found"), [
    ("mis-PICK", ["Mis-pick and credit"]), ("supplier deadline", ["Core value at risk"]), ("first_promised_for told", []),
    ("promoters", ["Net promoter score"])])
def test_a_search_keeps_what_matches_every_word(opened: Open, sample_folder: Path, typed_in: str, found: list[str]) -> None:
    page = opened(sample_folder, PAGE, branch="RIV")
    page.text_input(key="definitions_search").set_value(typed_in).run()
    assert [e.label.split("**")[1] for e in page.expander] == found
    assert ("No metric matches" in page_words(page)) == (not found)


def test_the_options_of_a_metric_stand_with_the_values_of_this_company(opened: Open, company: Store) -> None:
    company.json("options", "set", "conversion_days", "45", "--why", "longer bids")
    said = page_words(opened(company.data, PAGE, branch="RIV", metric="quote_conversion"))
    assert "A quote is converted when its order comes within these days: 45" in said
    assert "each of its quotes has had its 45 days" in said


def test_what_the_files_lack_is_named_by_source_and_column(opened: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered\nEAST,1,1,2026-11-02 09:00,2\n")
    store.json("load", tmp_path / "orders.csv", "--create-branches")
    page = opened(store.data, PAGE, branch="EAST", metric="fill_rate")
    said = page_words(page)
    assert "✓ Order lines: order number" in said
    lacking = "Order lines: quantity first shipment or Shipments: quantity"
    assert f"○ Missing: {lacking} (column qty_first_shipment or qty)" in said and f"Not available: needs {lacking}" in said
    assert "Figure 3 of 8" in said
    everything = page_words(opened(store.data, PAGE, branch="EAST"))
    assert "0 of 37 metrics can be computed" in everything


def test_a_territory_says_how_many_of_its_branches_give_a_metric(opened: Open, sample_folder: Path) -> None:
    said = page_words(opened(sample_folder, PAGE, branch="territory:Coast", metric="otif"))
    assert "✓ Order lines: order number: 3 of 3 branches" in said


def test_an_empty_store_shows_the_catalogue_and_no_form(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path / "new", PAGE)
    assert not page.exception and not page.error and len(page.expander) == len(CATALOGUE)
    assert "37 metrics, as they come with the product." in page_words(page)
    one = opened(tmp_path / "new", PAGE, metric="otif")
    assert "Order lines: first promised for" in page_words(one) and "✓" not in page_words(one) and "○" not in page_words(one)
    agreeing = opened(tmp_path / "new", PAGE, see="agree")
    assert [t.value for t in agreeing.text] == [
        "Targets are agreed for a branch, and there is none yet. Load a first file, or add a branch."]
    assert not agreeing.text_input


# ---- where a target comes from ---------------------------------------------------------------------------
@pytest.mark.parametrize("metric", SOURCED, ids=lambda m: m.key)
def test_a_sourced_target_is_never_called_agreed(opened: Open, sample_folder: Path, metric: Any) -> None:
    said = page_words(opened(sample_folder, PAGE, branch="RIV", metric=metric.key))
    assert f"From a source, not agreed here: {metric.source}." in said and "Agreed for" not in said
    step = page_words(opened(sample_folder, PAGE, branch="RIV", metric=metric.key, see="agree"))
    assert "Filled in from the source. It is agreed when you say so." in step and "Agreed for" not in step
    listed = opened(sample_folder, PAGE, branch="RIV").expander(key=f"metric {metric.key}").label
    assert "sourced" in listed and "agreed" not in listed


def test_the_history_says_which_agreement_holds_now(opened: Open, company: Store) -> None:
    for target, where, day, why in (
            ("80%", ("--territory", "River Valley"), "2026-01-05", "territory first"),
            ("85%", ("--branch", "RIV"), "2026-03-02", "branch first"),
            ("86%", ("--branch", "RIV"), "2026-06-01", "typed wrong"), ("88%", ("--branch", "RIV"), "2026-06-01", "put right"),
            ("92%", ("--branch", "RIV"), "2027-01-04", "next year")):
        company.json("targets", "set", "--metric", "otif", "--target", target, *where, "--from", day, "--reason", why)
    page = opened(company.data, PAGE, branch="RIV", metric="otif")
    table = tables(page)[0]
    assert list(zip(table["Why"], table["Now"], strict=True)) == [
        ("next year", "holds from then"), ("put right", "holds now"), ("typed wrong", "replaced"), ("branch first", "replaced"),
        ("territory first", "not here: this branch has its own"), ("agreed at the kick-off", "not here: this branch has its own")]
    assert list(table["For"])[:5] == ["Riverside (branch)"] * 4 + ["River Valley (territory)"]
    assert "88 %, floor not agreed\nAgreed for this branch; holds from 1 June 2026.\nWhy: put right" in page_words(page)
    neighbour = page_words(opened(company.data, PAGE, branch="MIL", metric="otif"))
    assert "Agreed for its territory; holds from 5 January 2026." in neighbour and "put right" not in neighbour


def test_the_aim_on_the_page_is_the_one_of_the_board(opened: Open, sample_folder: Path) -> None:
    board = Store(sample_folder, NOW).board_of("CED", "2026-W45")
    page = opened(sample_folder, PAGE, branch="CED")
    for key, tile in board.items():
        label = page.expander(key=f"metric {key}").label.replace("\u00a0", " ")
        if tile["target"] is None:
            assert "target" not in label, key
        else:
            assert f"target {typed.exact(BY_KEY[key], tile['target'])}, {tile['basis']}".replace("\u00a0", " ") in label, key


