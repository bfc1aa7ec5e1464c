"""The Exceptions page: the lists, raising one, working it until the customer knows, and what is refused on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.cases.actions import ACTIONS
from scoreboard.cases.finding import LISTS
from scoreboard.views.cases import doing, listing
from tests.command_line import Store
from tests.views.conftest import NOW, Open
from tests.views.reading import BANNED, words

PAGE = "pages/huddle/exceptions.py"
LATER = "2026-11-09T15:00"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two branches, two standards, somebody who owned an exception before and so can own the next."""
    found = Store(tmp_path / "data", NOW)
    for code, name in (("EAST", "East Side"), ("WEST", "West End")):
        found.json("branches", "add", code, "--name", name, "--territory", "Coast", "--time-zone", "America/New_York")
    found.json("options", "set", "exception_standards", '{"wrong part": 120, "backorder": 480}')
    return found


def raised(store: Store, *more: str, branch: str = "EAST", type: str = "wrong part") -> str:
    return str(store.json("cases", "open", "--branch", branch, "--type", type, *more)["case_no"])


def page(opened: Open, store: Store, **address: str) -> AppTest:
    shown = opened(store.data, PAGE, store.now, **{"branch": "EAST", **address})
    assert not shown.exception
    return shown


def lists(shown: AppTest) -> dict[str, Any]:
    """The JSON given to the lists."""
    return next(found for e in shown.get("bidi_component") if e.proto.json and "lists" in (found := json.loads(e.proto.json)))


def plainly(shown: AppTest) -> str:
    """What stands on the page, without the marks that keep markdown from reading it."""
    return words(shown).replace("\\", "").replace("\u2060", "")


def people(store: Store) -> None:
    for email, name, role in (("boss@example.com", "Bo", "administrator"), ("ann@example.com", "Ann", "team member"),
                              ("vic@example.com", "Vic", "viewer")):
        more = () if role == "administrator" else ("--branch", "EAST")
        by = () if role == "administrator" else ("--as", "boss@example.com")
        store.json(*by, "people", "add", email, "--name", name, "--role", role, *more)


def log(store: Store, case_no: str, branch: str = "EAST") -> list[str]:
    return [entry["what"] for entry in store.json("cases", "show", case_no, "--branch", branch)["log"]]


def put(shown: AppTest, form: str, **typed: Any) -> None:
    """Types into the fields of a form, whatever round it is in."""
    fields = {e.key: e for e in (*shown.text_input, *shown.selectbox, *shown.checkbox) if e.key and e.key.startswith(f"{form} ")}
    for name, value in typed.items():
        field = fields[next(k for k in fields if k.split(" ")[-1] == name)]
        if isinstance(value, str) and value not in getattr(field, "options", [value]):
            field.options.append(value)  # a time somebody writes
        field.set_value(value)


def pick(shown: AppTest, case: str, what: str) -> AppTest:
    """Chooses what is to be done to a case."""
    next(p for p in shown.get("button_group") if p.key == f"case doing {case}").set_value(what)
    return shown.run()


def save(shown: AppTest, key: str = "case-save") -> AppTest:
    return shown.button(key=key).click().run()


# ---- the lists -----------------------------------------------------------------------------------------
def test_the_first_list_that_holds_anything_is_open_and_the_not_told_stand_first(opened: Open, store: Store) -> None:
    raised(store)
    assert lists(page(opened, store))["key"] == "not_accepted"
    store.json("cases", "resolve", "X1", "--branch", "EAST")
    shown = lists(page(opened, store))
    assert shown["key"] == "not_told" and [one["name"] for one in shown["lists"]] == [kind.name for kind in LISTS]
    assert [one["n"] for one in shown["lists"]] == [1, 0, 0, 1, 1, None]


def test_a_row_says_everything_a_counter_asks(opened: Open, store: Store) -> None:
    raised(store, "--customer", "Acme <b>", "--order", "4711", "--part", "90-1", "--priority", "mission-critical")
    row = lists(page(opened, store.at(LATER)))["rows"][0]
    assert (row["no"], row["type"], row["customer"], row["about"], row["handoff"]) == (
        "X1", "Wrong part", "Acme <b>", ["order 4711", "part 90-1"], "Quote → Pick")
    assert (row["owner"], row["critical"], row["next"], row["update"]) == ("", True, "Name an owner", None)
    assert row["clock"]["ours"] == 120 and row["clock"]["standard"] == 120


def test_a_list_is_named_in_the_address_and_words_search_all_that_is_open(opened: Open, store: Store) -> None:
    raised(store, "--customer", "Acme")
    raised(store, "--customer", "Bolt")
    assert lists(page(opened, store, list="closed"))["empty"] == "Nothing opened in the last 90 days is closed."
    shown = page(opened, store)
    shown.text_input(key="cases words").set_value("bol").run()
    assert [row["customer"] for row in lists(shown)["rows"]] == ["Bolt"]
    shown.text_input(key="cases words").set_value("zzz").run()
    assert lists(shown)["empty"].startswith('Nothing in this list has "zzz"')


def test_a_list_that_just_fits_names_no_others(opened: Open, store: Store, tmp_path: Path) -> None:
    rows = "".join(f"EAST,F{number},backorder,2026-11-06 09:00\n" for number in range(listing.SHORT))
    (tmp_path / "open.csv").write_text(f"branch,case_no,type,opened_at\n{rows}")
    store.json("load", tmp_path / "open.csv", "--source", "exceptions")
    assert lists(page(opened, store, list="open"))["more"] == {}


def test_a_long_list_begins_short_and_shows_the_rest_when_asked(opened: Open, store: Store, tmp_path: Path) -> None:
    rows = "".join(f"EAST,F{number},backorder,2026-11-06 09:00\n" for number in range(listing.SHORT + 2))
    (tmp_path / "open.csv").write_text(f"branch,case_no,type,opened_at\n{rows}")
    store.json("load", tmp_path / "open.csv", "--source", "exceptions")
    short = lists(page(opened, store))
    said = {"says": f"The first {listing.SHORT} of {listing.SHORT + 2}.", "rest": "Show all"}
    assert (len(short["rows"]), short["more"]) == (listing.SHORT, said)
    whole = lists(page(opened, store, rows="all"))
    assert len(whole["rows"]) == listing.SHORT + 2 and whole["more"] == {}


def test_an_owner_is_shown_with_what_is_open_and_never_with_what_is_late(opened: Open, store: Store) -> None:
    people(store)
    ann = store.seen_by("ann@example.com")
    for _ in range(2):
        ann.json("cases", "own", raised(ann), "--branch", "EAST")
    ann.json("cases", "resolve", "X1", "--branch", "EAST")
    shown = lists(page(opened, store, owner="Ann", list="past", **{"as": "ann@example.com"}))
    assert shown["key"] == "open" and shown["owners"] == [{"owner": "Ann", "name": "Ann", "n": 2}]
    assert [row["no"] for row in shown["rows"]] == ["X1", "X2"]


def test_what_nobody_owns_is_a_list_as_well(opened: Open, store: Store) -> None:
    raised(store)
    shown = lists(page(opened, store, owner=""))
    assert shown["owners"] == [{"owner": "", "name": "Nobody", "n": 1}] and [row["no"] for row in shown["rows"]] == ["X1"]


def test_a_territory_lists_all_its_branches_and_names_them(opened: Open, store: Store) -> None:
    raised(store)
    raised(store, branch="WEST")
    shown = lists(page(opened, store, branch="territory:Coast"))
    assert shown["many"] and {row["branch"] for row in shown["rows"]} == {"East Side", "West End"}


def test_before_the_first_exception_the_page_says_what_to_do_first(opened: Open, store: Store) -> None:
    said = plainly(page(opened, store))
    assert "No exception was ever raised here" in said and "who can own exceptions" in said
    assert BANNED.findall(said) == []


# ---- raising -------------------------------------------------------------------------------------------
def test_the_type_says_handoff_and_owner_and_the_case_stands_there_with_its_clock(opened: Open, store: Store) -> None:
    people(store)
    shown = page(opened, store, **{"as": "ann@example.com"})
    shown.button(key="raise-open").click().run()
    shown.selectbox(key="raise EAST 0 type").set_value("late delivery").run()
    assert shown.selectbox(key="raise EAST 0 handoff").value == "Load → Deliver"
    put(shown, "raise", customer="Acme", order_no="4711", promised="today by 15:00", owner="Ann", critical=True, noticed="15 minutes ago")
    save(shown, "raise-save")
    assert not shown.exception and not shown.error
    found = store.seen_by("ann@example.com").json("cases", "show", "X1", "--branch", "EAST")
    assert (found["customer"], found["order_no"], found["promised"], found["owner"], found["priority"]) == (
        "Acme", "4711", "today by 15:00", "Ann", "mission-critical")
    assert found["clocks"]["theirs"] == 15
    said = plainly(shown)
    assert "Late delivery, Acme" in said and "Ann has not accepted it yet" in said and "Ann accepts" in said
    save(shown, "case-first")
    assert log(store.seen_by("ann@example.com"), "X1") == ["opened", "accepted"]


@pytest.mark.parametrize(("typed", "said"), [
    ({"customer": "Acme"}, "What went wrong was not said. Choose the type of exception."),
    ({"type": "wrong part", "customer": "Acme", "noticed": "23:59"}, "It would be opened in the future."),
    ({"type": "wrong part", "customer": "Acme", "noticed": "yesterday"}, '"yesterday" is not a time.')])
def test_what_is_refused_keeps_everything_typed(opened: Open, store: Store, typed: dict[str, str], said: str) -> None:
    shown = page(opened, store)
    shown.button(key="raise-open").click().run()
    put(shown, "raise", **typed)
    save(shown, "raise-save")
    assert said in plainly(shown) and shown.text_input(key="raise EAST 0 customer").value == "Acme"
    assert store.json("cases", "list", "--branch", "EAST")["cases"] == []


def test_a_closed_form_keeps_what_was_typed_and_begins_without_the_refusal(opened: Open, store: Store) -> None:
    shown = page(opened, store)
    shown.button(key="raise-open").click().run()
    put(shown, "raise", customer="Acme")
    assert save(shown, "raise-save").error
    save(shown, "raise-close")
    assert not shown.text_input(key="cases words").value and len(shown.text_input) == 1
    shown.button(key="raise-open").click().run()
    assert shown.text_input(key="raise EAST 0 customer").value == "Acme" and not shown.error


def test_a_territory_asks_for_the_branch(opened: Open, store: Store) -> None:
    shown = page(opened, store, branch="territory:Coast")
    shown.button(key="raise-open").click().run()
    shown.selectbox(key="raise territory:Coast 0 type").set_value("backorder").run()
    save(shown, "raise-save")
    assert "Choose the branch." in plainly(shown)
    shown.selectbox(key="raise territory:Coast 0 branch").set_value("WEST").run()
    save(shown, "raise-save")
    assert log(store, "X1", "WEST") == ["opened"]


# ---- working one ---------------------------------------------------------------------------------------
def test_every_action_has_its_form_its_words_and_a_way_back() -> None:
    every = {action.what for action in ACTIONS}
    assert set(doing.FORMS) == every and every - {"handed over"} == set(doing.UNDONE_BY)
    assert all(set(action.needs) <= set(doing.FORMS[action.what]) for action in ACTIONS)


def test_a_case_is_worked_until_the_customer_knows(opened: Open, store: Store) -> None:
    people(store)
    ann = store.seen_by("ann@example.com")
    raised(ann, "--customer", "Acme", "--owner", "Ann")
    shown = page(opened, store, case="EAST/X1", **{"as": "ann@example.com"})
    save(shown, "case-first")
    put(save(shown, "case-first"), "case", to="Sam", how="phone", called_first=True, next_update_at="in 2 hours")
    assert "To undo" not in plainly(save(shown)) and "The customer called before they heard from us." in plainly(shown)
    put(pick(shown, "EAST/X1", "paused"), "case", reason="customer decides", until="in 1 hour")
    assert "Paused, customer decides" in plainly(save(shown)) and "resume it" in plainly(shown)
    save(shown, "case-first")
    put(save(shown, "case-first"), "case", root_cause="two bins look alike")
    assert "Resolved, not told" in plainly(save(shown)) and "Tell the customer the outcome" in plainly(shown)
    put(save(shown, "case-first"), "case", to="Sam", how="e-mail")
    save(shown)
    put(save(shown, "case-first"), "case", change="labels on both bins")
    said = plainly(save(shown))
    assert "Closed: resolved, and the customer knows" in said and "What changes: labels on both bins" in said
    assert log(ann, "X1") == ["opened", "accepted", "updated", "paused", "resumed", "resolved", "told", "debriefed"]
    assert BANNED.findall(said) == []


def test_whoever_signs_in_takes_it_with_one_tap(opened: Open, store: Store) -> None:
    people(store)
    ann = store.seen_by("ann@example.com")
    raised(ann)
    shown = save(page(opened, store, case="EAST/X1", **{"as": "ann@example.com"}), "case-mine")
    assert "Ann owns it and has accepted" in plainly(shown) and log(ann, "X1") == ["opened", "handed over", "accepted"]


@pytest.mark.parametrize(("what", "typed", "said"), [
    ("handed over", {}, "Nobody was named to own it."), ("noted", {"note": "  "}, "A note needs words."),
    ("updated", {"how": "phone"}, "Who was told was not said."), ("updated", {"to": "Sam"}, "How they were told was not said."),
    ("promised", {"next_update_at": "07:00"}, "The next update lies in the past."),
    ("paused", {"reason": "customer decides"}, "A pause needs an end."),
    ("resolved", {"at": "23:00"}, "It would lie in the future."), ("corrected", {}, "Nothing is different from before.")])
def test_a_refusal_stands_in_the_form_and_nothing_typed_is_lost(
    opened: Open, store: Store, what: str, typed: dict[str, str], said: str) -> None:
    raised(store)
    shown = pick(page(opened, store, case="EAST/X1"), "EAST/X1", what)
    put(shown, "case", **typed)
    save(shown)
    assert said in plainly(shown) and log(store, "X1") == ["opened"]
    kept = {e.key.split(" ")[-1]: e.value for e in (*shown.text_input, *shown.selectbox) if e.key and e.key.startswith("case EAST")}
    assert typed.items() <= kept.items()


def test_who_was_overtaken_reads_what_changed_and_saves_theirs_anyway(opened: Open, store: Store) -> None:
    raised(store, "--customer", "Acme")
    shown = pick(page(opened, store, case="EAST/X1"), "EAST/X1", "corrected")
    store.json("cases", "correct", "X1", "--branch", "EAST", "--customer", "Acme North", "--order", "4711")
    put(shown, "case", customer="Acme South")
    save(shown)
    said = plainly(shown)
    assert "Meanwhile administrator changed customer from Acme to Acme North" in said and "What you typed is still here." in said
    assert shown.text_input(key="case EAST/X1 corrected 0 customer").value == "Acme South"
    assert "owner" not in said.partition("Meanwhile")[2].partition("What you typed")[0]
    save(shown)
    found = store.json("cases", "show", "X1", "--branch", "EAST")
    assert (found["customer"], found["order_no"]) == ("Acme South", "4711")


def test_who_was_overtaken_may_keep_the_others(opened: Open, store: Store) -> None:
    raised(store)
    shown = pick(page(opened, store, case="EAST/X1"), "EAST/X1", "resolved")
    store.json("cases", "resolve", "X1", "--branch", "EAST")
    store.json("cases", "reopen", "X1", "--branch", "EAST", "--note", "too early")
    save(shown)
    assert "Meanwhile" in plainly(shown)
    save(shown, "case-theirs")
    assert "Meanwhile" not in plainly(shown) and log(store, "X1") == ["opened", "resolved", "reopened"]


def test_a_correction_sends_only_what_was_changed(opened: Open, store: Store) -> None:
    raised(store, "--customer", "Acme", "--part", "90-1")
    shown = pick(page(opened, store, case="EAST/X1"), "EAST/X1", "corrected")
    store.json("cases", "correct", "X1", "--branch", "EAST", "--part", "90-2")
    put(shown, "case", customer="", critical=True)
    save(shown)
    found = store.json("cases", "show", "X1", "--branch", "EAST")
    assert (found["customer"], found["part_no"], found["priority"]) == (None, "90-2", "mission-critical")


def test_who_had_it_how_long_stands_inside_the_case_alone(opened: Open, store: Store) -> None:
    people(store)
    ann = store.seen_by("ann@example.com")
    raised(ann, "--owner", "Ann")
    store.at(LATER).seen_by("boss@example.com").json("cases", "own", "X1", "--branch", "EAST")
    said = plainly(page(opened, store.at("2026-11-09T16:00"), case="EAST/X1", **{"as": "ann@example.com"}))
    assert "Whose it was" in said and "2 h\n" in said and "1 h\n" in said and "Owner: Ann → Bo" in said


def test_a_type_without_a_standard_says_how_to_agree_one(opened: Open, store: Store) -> None:
    raised(store, type="paperwork")
    assert 'Agree one, in working minutes: options set "exception_standards.paperwork" MINUTES.' in plainly(
        page(opened, store, case="EAST/X1"))


# ---- who may -------------------------------------------------------------------------------------------
def test_a_viewer_sees_and_may_not_act(opened: Open, store: Store) -> None:
    people(store)
    raised(store.seen_by("ann@example.com"))
    vic = {"as": "vic@example.com"}
    shown = page(opened, store, **vic)
    assert lists(shown)["rows"] and "You can look at exceptions here, not work on them." in plainly(shown)
    assert not [b for b in shown.button if b.key == "raise-open"]
    shown = page(opened, store, case="EAST/X1", **vic)
    assert "You can look at it, not work on it." in plainly(shown) and {b.key for b in shown.button} == {"case-back"}


def test_anothers_branch_and_an_unknown_number_are_refused_with_a_way_back(opened: Open, store: Store) -> None:
    people(store)
    raised(store.seen_by("boss@example.com"), branch="WEST")
    ann = {"as": "ann@example.com"}
    assert '"WEST" is not one of your branches.' in plainly(page(opened, store, case="WEST/X1", **ann))
    shown = page(opened, store, case="EAST/X9", **ann)
    assert 'There is no exception "X9" at EAST.' in plainly(shown) and shown.button(key="case-back").label == "All exceptions"
