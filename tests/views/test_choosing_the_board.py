"""Choosing a branch's board on the Definitions page: the list, the order, refusals, who may, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.metrics.catalogue import CATALOGUE
from scoreboard.state.options import OPTIONS
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.definitions_page import PAGE, page_words, plainly
from tests.views.reading import BANNED, boards, tables

DEFAULT = next(option.default for option in OPTIONS if option.key == "board_metrics")
OWN = ["otif", "fill_rate", "error_rate", "quote_conversion", "promise_kept", "nps"]


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path) -> Store:
    """The sample company in a folder of its own, to be changed by commands and pages."""
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


def choosing(opened: Open, store: Store, of: str = "RIV", **address: str) -> AppTest:
    """The page with every group unfolded."""
    page = opened(store.data, PAGE, branch=of, see="board", **address)
    page.session_state[f"board {of} Outside the corners"] = True
    page.run()
    assert not page.exception
    return page


def part(page: AppTest, name: str, of: str = "RIV", done: int = 0) -> Any:
    return page.get_by_key(f"board {of} {done} {name}")


def tick(page: AppTest, *keys: str, **where: Any) -> None:
    """Ticks what is not ticked and the other way round."""
    for key in keys:
        box = part(page, f"pick {key}", **where)
        (box.uncheck() if box.value else box.check()).run()


def save(page: AppTest, why: str, button: str = "save", **where: Any) -> None:
    part(page, "why", **where).set_value(why).run()
    part(page, button, **where).click().run()
    assert not page.exception


def order(page: AppTest, **where: Any) -> list[str]:
    return [plainly(option) for option in part(page, "order", **where).options]


def tiles(opened: Open, store: Store, of: str = "RIV") -> list[str]:
    return [tile["key"] for tile in boards(opened(store.data, branch=of, week="2026-W45"))[0]["tiles"]]


def test_what_is_ticked_and_saved_is_what_the_scoreboard_shows(opened: Open, company: Store) -> None:
    page = choosing(opened, company)
    assert "It shows the company's choice and follows when that changes." in page_words(page) and "8 of 8 chosen." in page_words(page)
    tick(page, "team_leavers", "quote_response_time", "promise_kept")
    assert order(page)[-1] == "7. Promises kept" and "7 of 8 chosen." in page_words(page)
    save(page, "we sell parts, not quotes")
    assert [plainly(s.value) for s in page.success] == ["The Scoreboard shows this choice from now on."]
    chosen = [k for k in DEFAULT if k not in ("team_leavers", "quote_response_time")] + ["promise_kept"]
    assert tiles(opened, company) == chosen == company.json("branches", "board", "RIV")["metrics"]
    assert tiles(opened, company, "HAR") == DEFAULT
    assert "made by administrator on 9 November 2026. Why: we sell parts, not quotes" in page_words(page)
    assert part(page, "why", done=1).value == ""
    assert f"Figure 7 of {len(chosen)}" in page_words(opened(company.data, PAGE, branch="RIV", metric="promise_kept"))


def test_the_picked_figure_moves_up_and_down_and_stays_picked(opened: Open, company: Store) -> None:
    page = choosing(opened, company)
    part(page, "order").set_value("exception_close_loop").run()
    for _ in range(7):  # at the top nothing happens any more
        part(page, "up").click().run()
    assert order(page)[:2] == ["1. Exceptions closed", "2. Quote response"] and part(page, "order").value == "exception_close_loop"
    part(page, "down").click().run()
    assert order(page)[:3] == ["1. Quote response", "2. Exceptions closed", "3. On time, in full"]
    part(page, "off").click().run()
    assert len(order(page)) == 7 and not part(page, "pick exception_close_loop").value
    save(page, "another order")
    assert tiles(opened, company) == [k for k in DEFAULT if k != "exception_close_loop"]


@pytest.mark.parametrize(("ticked", "said"), [
    (["nps"], "A board has 6 to 8 figures, this choice has 9. Take 1 off."),
    (DEFAULT[:3], "A board has 6 to 8 figures, this choice has 5. Add 1 or more."),
    (["quote_response_time", "otif"], "Nothing on this board would speak for Speed;"),
    (["return_cycle_time", "exception_close_loop", "quote_conversion", "nps"], "Nothing on this board would speak for Confidence;")])
def test_what_cannot_be_a_board_is_said_before_saving_and_refused_with_nothing_lost(
        opened: Open, company: Store, ticked: list[str], said: str) -> None:
    page = choosing(opened, company)
    tick(page, *ticked)
    assert [plainly(w.value)[:len(said)] for w in page.warning] == [said]
    kept = order(page)
    save(page, "tried")
    assert [plainly(e.value)[:len(said)] for e in page.error] == [said]
    assert order(page) == kept and part(page, "why").value == "tried" and tiles(opened, company) == DEFAULT


def test_saving_needs_a_reason_and_a_change(opened: Open, company: Store) -> None:
    company.json("branches", "board", "RIV", *OWN, "--why", "first")
    page = choosing(opened, company)
    save(page, "again")
    assert "The board shows these figures in this order already." in [plainly(e.value).split(" Change")[0] for e in page.error]
    tick(page, "in_full")
    save(page, " ")
    assert [plainly(e.value) for e in page.error] == ["A change of the board needs a reason. Say why, for whoever asks next year."]
    assert tiles(opened, company) == OWN and [c["why"] for c in company.json("changes")["changes"]].count("again") == 0


def test_the_company_is_followed_again_and_the_former_choice_comes_back(opened: Open, company: Store) -> None:
    company.json("branches", "board", "RIV", *OWN, "--why", "first")
    page = choosing(opened, company)
    save(page, "compared again", "follow")
    assert tiles(opened, company) == DEFAULT and len(order(page, done=1)) == 8
    assert tables(page)[0].iloc[0]["Figures"] == "The company's choice" and list(tables(page)[0]["Why"]) == ["compared again", "first"]
    page.get_by_key("board RIV back").click().run()
    assert tiles(opened, company) == OWN
    page.get_by_key("board RIV back").click().run()
    assert tiles(opened, company) == DEFAULT
    assert list(tables(page)[0]["Why"])[:2] == ["Back to the former choice."] * 2


def test_every_figure_says_what_it_is_and_whether_the_files_give_it(opened: Open, company: Store, tmp_path: Path) -> None:
    said = page_words(choosing(opened, company))
    assert [m.key for m in CATALOGUE if plainly(m.definition) not in said] == [] and BANNED.findall(said) == []
    points = company.json("series", "--branch", "RIV", "--metric", "otif")["points"]
    judged = [p for p in points if p["state"] == "value"]
    assert f"81.3 % in week 45, 2–8 November 2026 · {len(judged)} judged weeks." in said and round(judged[-1]["value"], 3) == 0.812
    store = Store(tmp_path / "few", NOW)
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,shipped_at\n"
                                         "EAST,1,1,2026-11-02 09:00,2,2026-11-04,2026-11-03\n")
    store.json("load", tmp_path / "orders.csv", "--create-branches")
    few = page_words(choosing(opened, store, "EAST"))
    assert "Not available: needs Survey answers: date and time (column at); Survey answers: score (column score)." in few
    assert "Until then its place goes to On-time shipped." in few
    assert "The files of this branch give no chosen figure of Accuracy and Confidence yet: those corners stay empty." in few
    save(page := choosing(opened, store, "EAST"), "ready for the next export", of="EAST")  # allowed all the same
    assert page.success and store.json("branches", "board", "EAST")["own"]


def test_whoever_was_overtaken_is_told_and_replaces_only_what_they_saw(opened: Open, company: Store) -> None:
    page = choosing(opened, company)
    tick(page, "team_leavers")
    company.json("branches", "board", "RIV", *OWN, "--why", "faster")
    save(page, "mine")
    assert [plainly(e.value).split(".")[0] for e in page.error] == [
        "This board was changed meanwhile: administrator chose other figures for it"]
    assert tiles(opened, company) == OWN and len(order(page)) == 7
    part(page, "save").click().run()
    assert tiles(opened, company) == DEFAULT[:-1]


def test_territories_and_the_company_keep_the_companys_choice(opened: Open, company: Store) -> None:
    company.json("branches", "board", "RIV", *OWN, "--why", "first")
    for of in ("territory:River Valley", "company"):
        page = opened(company.data, PAGE, branch=of, see="board")
        assert "branches can only be compared by the same figures" in page_words(page) and not page.checkbox and not page.error
        assert "1. Quote response\n2. On time, in full" in page_words(page)
        assert tiles(opened, company, of) == DEFAULT
    empty = opened(company.data.parent / "empty", PAGE, see="board")
    assert not empty.exception and "there is none yet" in page_words(empty)


def test_who_may_not_choose_reads_the_choice_of_their_branch_only(opened: Open, company: Store) -> None:
    company.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = company.seen_by("boss@example.com")
    boss.json("people", "add", "see@example.com", "--name", "See", "--role", "viewer", "--branch", "RIV")
    boss.json("branches", "board", "RIV", *OWN, "--why", "ours")
    boss.json("branches", "board", "HAR", *OWN, "--why", "Zq7 theirs")
    page = opened(company.data, PAGE, branch="RIV", see="board", **{"as": "see@example.com"})
    said = page_words(page)
    assert "may not change this: targets" in said and "1. On time, in full" in said and "Why: ours" in said
    assert not page.checkbox and not [b for b in page.button if b.key and b.key.startswith("board")]
    assert "Zq7" not in page_words(opened(company.data, PAGE, branch="HAR", see="board", **{"as": "see@example.com"}))
