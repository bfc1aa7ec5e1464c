"""The page Rollout: the next thing, the plan ticked by evidence, what people write and take back, the success lines, many branches."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.rollout.plan import ROLLOUT_PLAN
from scoreboard.rollout.success import SUCCESS
from scoreboard.state import branches
from scoreboard.state.database import open_database, writing
from scoreboard.state.schema import rollouts
from scoreboard.views.improve import marks, rollout
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, tables, words

PAGE = "pages/improve/rollout.py"


def press(page: AppTest, label: str, key: str = "") -> AppTest:
    next(b for b in page.button if b.label == label and key in (b.key or "")).click()
    return page.run()


def write(page: AppTest, label: str, text: str) -> None:
    next(field for field in page.text_input if field.label == label).set_value(text)


def labels(page: AppTest) -> set[str]:
    return {b.label for b in page.button}


@pytest.fixture
def own(sample_folder: Path, tmp_path: Path) -> Store:
    """A copy of the sample that may be changed."""
    return Store(copied(sample_folder, tmp_path / "data"), NOW)


@pytest.fixture
def unbegun(own: Store) -> Store:
    """The same, where no branch has a start day."""
    with writing(open_database(f"sqlite:///{own.data / 'scoreboard.sqlite'}")) as conn:
        conn.execute(rollouts.delete())
    return own


# ---- a branch --------------------------------------------------------------------------------------------
def test_the_page_says_what_the_command_says(opened: Open, sample_folder: Path) -> None:
    said = Store(sample_folder, NOW).json("rollout", "show", "--branch", "RIV")["branches"][0]
    page = opened(sample_folder, PAGE, branch="RIV")
    shown = words(page)
    assert page.title[0].value == "Next\\: identify the top 10 repeat errors and root causes."
    assert f"Day {said['day']} of 90" in shown and f"{said['done']} of 13 items done" in shown
    items = [item for stage in said["stages"] for item in stage["items"]]
    assert [item["item"] for item in items] == [item.key for item in ROLLOUT_PLAN]
    for item in items:
        assert item["words"] in shown
        assert rollout.STATES[item["state"]][1] in shown or item["state"] == "later"
    assert shown.count("<i class='mark check'") == said["done"]
    assert not page.exception and BANNED.findall(shown) == []


def test_every_success_line_stands_there_and_only_what_stands_out_is_better_or_worse(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="HAR")
    shown = words(page)
    assert all(f"<h3>{line.words[0].upper()}{line.words[1:]}</h3>" in shown for line in SUCCESS)
    assert "Worse than before since week" in shown and "No difference that stands out" in shown
    assert "Worse than before" not in words(opened(sample_folder, PAGE, branch="MIL", now="2026-08-24T13:00"))
    page.session_state["rollout-chain"] = True
    page.run()
    assert list(tables(page)[0]["What"])[-1] == "All handoffs: misses a week" and not page.exception
    assert BANNED.findall(words(page)) == []


def test_every_state_has_a_shape_and_a_word() -> None:
    assert {shape for shape, _ in rollout.STATES.values()} <= set(marks.SHAPES)
    assert len({word for _, word in rollout.STATES.values()}) == len(rollout.STATES)


# ---- what people write -----------------------------------------------------------------------------------
def test_a_branch_without_a_start_day_shows_what_is_there_and_begins(opened: Open, unbegun: Store) -> None:
    page = opened(unbegun.data, PAGE, branch="RIV")
    assert page.title[0].value == "Riverside has no start day yet."
    assert "items done, by what people did here already" in words(page).replace("\\", "") and "Waits for a start day" in words(page)
    page.date_input[0].set_value(date(2026, 10, 5))
    press(page, "Begin on this day")
    assert not page.exception and unbegun.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] == "2026-10-05"
    assert "Day 36 of 90" in words(opened(unbegun.data, PAGE, branch="RIV"))


def test_evidence_by_hand_ticks_an_item_and_is_undone(opened: Open, own: Store) -> None:
    page = press(opened(own.data, PAGE, branch="LAK"), "Add evidence", "add-training")
    write(page, "What was done", "<b>Short reps</b> at the [counter](x)")
    write(page, "By whom", "inside sales")
    write(page, "Where it can be read", "javascript:alert(1)")
    press(page, "Keep")
    assert "is not a link" in page.error[0].value.replace("\\", "")
    write(page, "Where it can be read", "https://example.com/?a=1&b='2'")
    press(page, "Keep")
    shown = words(page)
    assert not page.error and "&lt;b&gt;Short reps&lt;/b&gt; at the [counter](x)" in shown
    assert "href='https://example.com/?a=1&amp;b=&#x27;2&#x27;'" in shown and "see" not in page.query_params
    assert _item(own, "LAK", "training")["state"] == "done"
    press(page, "Undo")
    assert _item(own, "LAK", "training")["state"] == "later" and "Short reps" not in words(page)


def test_evidence_is_taken_off_and_put_back(opened: Open, own: Store) -> None:
    page = opened(own.data, PAGE, branch="HAR")
    [entry] = _item(own, "HAR", "huddles")["entries"]
    press(page, "Take it off", f"off-{entry['id']}")
    assert _item(own, "HAR", "huddles")["entries"] == []
    press(page, "Undo")
    assert [e["id"] for e in _item(own, "HAR", "huddles")["entries"]] == [entry["id"]]


def test_a_person_says_otherwise_with_a_reason_and_takes_the_word_off(opened: Open, own: Store) -> None:
    page = press(opened(own.data, PAGE, branch="RIV"), "Say otherwise", "say-chain")
    press(page, "It is open")
    assert "reason" in page.error[0].value.lower() and _item(own, "RIV", "chain")["state"] == "done"
    write(page, "Why it is open after all", "the drivers have not seen it")
    press(page, "It is open")
    assert _item(own, "RIV", "chain")["state"] == "carried over" and "the drivers have not seen it" in words(page)
    word = _item(own, "RIV", "chain")["word"]
    press(page, "Take the word off", f"off-{word['id']}")
    assert _item(own, "RIV", "chain")["state"] == "done"


def test_the_start_day_is_moved_with_a_reason_and_taken_off(opened: Open, own: Store) -> None:
    page = opened(own.data, PAGE, branch="RIV")
    page.session_state["start-RIV"] = True
    page.run()
    page.date_input[0].set_value(date(2026, 9, 1))
    press(page, "Move it")
    assert "reason" in page.error[0].value
    write(page, "Why", "the training came later")
    press(page, "Move it")
    assert own.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] == "2026-09-01"
    write(page, "Why", "begun by mistake")
    press(page, "Take the start day off")
    assert page.title[0].value == "Riverside has no start day yet."


@pytest.mark.parametrize("role, may", [("team member", False), ("viewer", False), ("coach", True), ("branch leader", True)])
def test_who_may_not_sees_everything_and_has_no_way_to_change_it(opened: Open, own: Store, role: str, may: bool) -> None:
    own.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    own.seen_by("boss@example.com").json("people", "add", "tea@example.com", "--name", "Tea", "--role", role, "--branch", "RIV")
    page = opened(own.data, PAGE, branch="RIV", see="chain:otherwise", **{"as": "tea@example.com"})
    assert not page.exception and "Day 75 of 90" in words(page)
    assert bool(labels(page) & {"Say otherwise", "Add evidence", "Take it off", "Take the word off"}) is may
    assert bool(page.text_input) is may and ("Start day" in [e.label for e in page.expander]) is may


def _item(store: Store, branch: str, key: str) -> dict[str, object]:
    stages = store.json("rollout", "show", "--branch", branch)["branches"][0]["stages"]
    return next(item for stage in stages for item in stage["items"] if item["item"] == key)


def test_a_start_day_can_be_taken_back_on_top_of_the_page(opened: Open, unbegun: Store) -> None:
    page = press(opened(unbegun.data, PAGE, branch="RIV"), "Begin on this day")
    assert "Day 1 is 9 November 2026." in words(page)
    assert unbegun.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] == "2026-11-09"
    assert next(b.label for b in page.button) == "Undo", "above every item"
    press(page, "Undo")
    assert page.title[0].value == "Riverside has no start day yet." and "Undo" not in labels(page)
    assert unbegun.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] is None


def test_a_moved_and_a_taken_off_start_day_come_back(opened: Open, own: Store) -> None:
    page = opened(own.data, PAGE, branch="RIV")
    before = own.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"]
    for what in ("Move it", "Take the start day off"):
        page.session_state["start-RIV"] = True
        page.run()
        page.date_input[0].set_value(date(2026, 9, 1))
        write(page, "Why", "the training came later")
        press(page, what)
        assert own.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] != before
        press(page, "Undo")
        assert own.json("rollout", "show", "--branch", "RIV")["branches"][0]["start_on"] == before


def test_a_persons_word_and_the_evidence_below_it_are_each_said_once(opened: Open, own: Store) -> None:
    [entry] = _item(own, "HAR", "huddles")["entries"]  # type: ignore[misc]
    own.json("rollout", "override", "huddles", "--branch", "HAR", "--open", "--reason", "given up in autumn")
    shown = words(opened(own.data, PAGE, branch="HAR"))
    assert shown.count("administrator says it is open: given up in autumn.") == 1 and f"{entry['text']}. By" not in shown
    assert shown.count(f"<p class='said'>{entry['text']}<br/>") == 1


def test_what_was_done_before_the_start_is_said_to_have_been_so(opened: Open, own: Store) -> None:
    own.json("rollout", "start", "--branch", "RIV", "--on", "2026-11-02", "--why", "a later start")
    before = [item for stage in own.json("rollout", "show", "--branch", "RIV")["branches"][0]["stages"] for item in stage["items"]
              if item["before_start"]]
    assert before and all(item["state"] == "done" and item["since"] < "2026-11-02" for item in before)
    assert words(opened(own.data, PAGE, branch="RIV")).count("Done; was so before the start, since ") == len(before)
    assert ", before the start" in own("rollout", "show", "--branch", "RIV").out


def test_what_is_never_judged_names_no_day_on_which_it_could_be(opened: Open, unbegun: Store) -> None:
    unbegun.json("rollout", "start", "--branch", "RIV", "--on", "2026-11-16")
    shown = words(opened(unbegun.data, PAGE, branch="RIV"))
    consistency = shown[shown.index("<h3>Better consistency</h3>"):shown.index("<h3>Fewer escalations</h3>")]
    assert "Can be shown from 30 November 2026 on" in consistency and "judged from" not in consistency


# ---- many branches ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("of, codes", [("company", 6), ("territory:River Valley", 3)])
def test_all_branches_stand_in_one_table_with_what_they_wait_for(opened: Open, sample_folder: Path, of: str, codes: int) -> None:
    page = opened(sample_folder, PAGE, branch=of)
    [table] = tables(page)
    said = {one["branch"]: one for one in Store(sample_folder, NOW).json("rollout", "show", "--company")["branches"]}
    assert len(table) == codes and "Riverside" in set(table["Branch"])
    row = table[table["Branch"] == "Riverside"].iloc[0]
    assert row["Of 13"].startswith(f"{said['RIV']['done']} done, ") and row["Day"] == f"Day {said['RIV']['day']} of 90"
    assert row["Since"] == "Carried over; as it is since 27 August 2026"
    assert row["Waits longest for"].startswith("Identify the top 10 repeat errors")
    assert "branch=RIV" in words(page) and BANNED.findall(words(page)) == [] and not page.exception


def test_a_territory_may_be_named_by_its_own_word_in_the_address(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", territory="coast")
    assert set(tables(page)[0]["Branch"]) == {"Harbor", "Cedar Hollow", "Summit"} and not page.warning
    assert page.query_params["branch"] == "territory:Coast" and "territory" not in page.query_params
    unknown = opened(sample_folder, PAGE, territory="Moon")
    assert "Moon" in unknown.warning[0].value and "territory" not in unknown.warning[0].value


def test_a_company_where_nobody_has_begun_says_so(opened: Open, unbegun: Store) -> None:
    page = opened(unbegun.data, PAGE, branch="company")
    assert page.title[0].value == "No branch has begun yet." and set(tables(page)[0]["Day"]) == {"No start day yet"}


def test_of_many_branches_the_first_are_shown_and_all_of_them_when_asked_for(opened: Open, unbegun: Store) -> None:
    with writing(open_database(f"sqlite:///{unbegun.data / 'scoreboard.sqlite'}")) as conn:
        for number in range(70):
            branches.add(conn, f"N{number:02d}", territory="New", now=datetime(2026, 11, 9), who="")
    page = opened(unbegun.data, PAGE, branch="company")
    assert len(tables(page)[0]) == 60 and "the first 60 of 76 branches" in words(page).replace("\\", "")
    page = press(page, "Show every branch")
    assert len(tables(page)[0]) == 76 and "Show every branch" not in labels(page) and BANNED.findall(words(page)) == []


# ---- where little is known -------------------------------------------------------------------------------
def test_a_branch_with_one_week_of_one_file_is_told_what_is_lacking(opened: Open, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", NOW)
    store.json("branches", "add", "EAST")
    (tmp_path / "orders.csv").write_text("branch,order_no,line_no,ordered_at,qty_ordered,shipped_at\n"
                                         "EAST,1,1,2026-11-03 09:00,1,2026-11-04 09:00\n")
    store.json("load", tmp_path / "orders.csv", "--source", "order_lines")
    store.json("rollout", "start", "--branch", "EAST", "--on", "2026-10-26")
    page = opened(store.data, PAGE, branch="EAST")
    shown = words(page)
    assert not page.exception and BANNED.findall(shown) == []
    assert "Not known yet: needs Exceptions" in shown and "No comparison: 0 of 13 judged weeks before the start" in shown


def test_a_start_that_is_to_come_says_the_day(opened: Open, unbegun: Store) -> None:
    unbegun.json("rollout", "start", "--branch", "RIV", "--on", "2026-11-16")
    page = opened(unbegun.data, PAGE, branch="RIV")
    assert page.title[0].value == "Riverside begins on 16 November 2026."
    assert "Can be judged from 23 November 2026 on" in words(page) and not page.exception
