"""Branches, targets, options and people: what they change from a date on, and who may."""

from __future__ import annotations

from tests.cli.six_orders import EAST, LINES, lines


def test_a_target_holds_from_its_date_and_the_branchs_own_beats_the_companys(copy_of_six_orders):
    store = copy_of_six_orders
    for words in (["--company", "--target", "90%", "--floor", "0.7", "--from", "2026-10-26"],
                  [*EAST, "--target", "0.8", "--from", "2026-11-02"]):
        store.json("targets", "set", "--metric", "otif", "--reason", "agreed in the huddle", *words)
    shown = [(b, w, store.board_of(b, w)["otif"]) for b, w in (
        ("EAST", "2026-W43"), ("EAST", "2026-W44"), ("EAST", "2026-W45"), ("WEST", "2026-W45"))]
    assert [(b, w, m["target"], m["floor"], m["basis"]) for b, w, m in shown] == [
        ("EAST", "2026-W43", None, None, "baseline"), ("EAST", "2026-W44", 0.9, 0.7, "agreed"),
        ("EAST", "2026-W45", 0.8, None, "agreed"), ("WEST", "2026-W45", 0.9, 0.7, "agreed")]
    listed = [(t["scope_kind"], t["scope"], t["target"], t["from"], t["who"]) for t in store.json("targets", "list")["targets"]]
    assert listed == [("company", "", 0.9, "2026-10-26", "administrator"), ("branch", "EAST", 0.8, "2026-11-02", "administrator")]
    assert "fill_rate" in [t["metric"] for t in store.json("targets", "list")["sourced"]]


def test_a_changed_option_rolls_the_weeks_up_again(copy_of_three_branches):
    store = copy_of_three_branches
    before = store.board_of("RIV", "2025-W45")["quotes_in_standard"]
    told = store.json("options", "set", "quote_standard_minutes", "10000", "--why", "to see all of them pass")
    after = store.board_of("RIV", "2025-W45")["quotes_in_standard"]
    assert told["value"] == 10000 and told["results_changed"] > 0
    assert before["part"] < before["whole"] == after["whole"] == after["part"]
    assert next(o for o in store.json("options", "list")["options"] if o["key"] == "quote_standard_minutes")["value"] == 10000
    change = store.json("changes", "--limit", 1)["changes"][0]
    assert (change["subject"], change["old"], change["new"], change["why"]) == (
        "option quote_standard_minutes", 120, 10000, "to see all of them pass")


def test_a_branch_that_moves_takes_its_weeks_with_it_from_the_date_on(copy_of_six_orders):
    store = copy_of_six_orders
    told = store.json("branches", "add", "WEST", "--territory", "Inland", "--from", "2026-11-02")
    assert told["territory"] == "Inland" and told["results_changed"] > 0
    figures = {(name, p["week"]): (p["part"], p["whole"], p["expected"]) for name in ("Coast", "Inland")
               for p in store.json("series", "--territory", name, "--metric", "otif")["points"] if p["n"]}
    assert figures == {("Coast", "2026-W44"): (2, 3, 2), ("Coast", "2026-W45"): (1, 2, 1), ("Inland", "2026-W45"): (1, 1, 1)}


def test_from_the_first_person_on_every_question_says_who_asks(copy_of_six_orders):
    store = copy_of_six_orders
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    assert store.json("board", *EAST, code=2)["error"] == "Who is asking?"
    boss = store.seen_by("boss@example.com")
    boss.json("people", "add", "east@example.com", "--name", "East", "--role", "branch leader", "--branch", "EAST")
    boss.json("people", "add", "coast@example.com", "--name", "Coast", "--role", "coach", "--territory", "Coast")
    east, coast = store.seen_by("east@example.com"), store.seen_by("coast@example.com")
    assert east.json("board", *EAST)["scope"]["name"] == "EAST" and coast.json("board", "--territory", "Coast")["scope"]["name"] == "Coast"
    assert [b["code"] for b in east.json("branches", "list")["branches"]] == ["EAST"]
    assert [p["email"] for p in east.json("people", "list")["people"]] == ["boss@example.com", "coast@example.com", "east@example.com"]
    for asked in (["board", "--company"], ["board", "--territory", "Coast"], ["doctor"], ["load", "--sample"]):
        assert "yours" in east.json(*asked, code=2)["error"]
    assert store.seen_by("who@example.com").json("loads", code=2)["error"] == 'Nobody is known as "who@example.com".'


def test_what_a_person_does_carries_their_name_and_what_they_may_not_do_is_refused(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "pod.csv"
    late.write_text(lines("EAST,E4,1,3,2026-11-05"))
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = store.seen_by("boss@example.com")
    for email, role in (("east@example.com", "branch leader"), ("guest@example.com", "viewer")):
        boss.json("people", "add", email, "--name", role, "--role", role, "--branch", "EAST")
    east, guest, before = store.seen_by("east@example.com"), store.seen_by("guest@example.com"), boss.visible()
    for asked in (["load", late, *LINES], ["undo", 1], ["targets", "set", *EAST, "--metric", "otif", "--target", "0.9", "--reason", "r"],
                  ["options", "set", "conversion_days", "20"], ["branches", "add", "NORTH"],
                  ["people", "add", "x@example.com", "--name", "X", "--role", "viewer", "--branch", "EAST"]):
        assert guest.json(*asked, code=2)["error"].startswith("Your role (viewer) may not change this")
    for asked in (["undo", 1], ["targets", "set", "--company", "--metric", "otif", "--target", "0.9", "--reason", "r"],
                  ["load", late, *LINES, "--branch", "WEST"]):
        east.json(*asked, code=2)
    assert boss.visible() == before
    east.json("load", late, *LINES)
    east.json("targets", "set", *EAST, "--metric", "otif", "--target", "0.9", "--reason", "agreed")
    assert boss.json("loads")["loads"][0]["who"] == boss.json("targets", "list")["targets"][0]["who"] == "east@example.com"
    assert {c["who"] for c in boss.json("changes", "--limit", 2)["changes"]} == {"east@example.com"}


def test_an_accepted_miss_is_on_the_board_until_its_last_day_and_can_be_ended(copy_of_six_orders):
    store = copy_of_six_orders
    agree = ["targets", "set", *EAST, "--metric", "otif", "--reason", "agreed"]
    store.json(*agree, "--target", "90%", "--floor", "0.4", "--from", "2026-10-01")
    said = store(*agree, "--target", "70%", "--from", "2026-10-26", "--until", "2026-11-01").out
    assert said == "otif: target 70 %, floor 40 %, from 2026-10-26 until 2026-11-01; then what is agreed holds again.\n"
    accepted = store.board_of("EAST", "2026-W44")["otif"]
    assert [accepted[name] for name in ("target", "floor", "basis", "until", "instead_of")] == [
        0.7, 0.4, "accepted", "2026-11-01", {"target": 0.9, "basis": "agreed"}]
    assert store.board_of("EAST", "2026-W45")["otif"]["basis"] == "agreed" and "until" not in store.board_of("EAST", "2026-W45")["otif"]
    assert "target 70.0 % until 2026-11-01" in store("board", *EAST, "--week", "2026-W44").out
    assert [t["until"] for t in store.json("targets", "list")["targets"]] == [None, "2026-11-01"]
    assert "until" in store("targets", "list").out.splitlines()[0]
    store.json("targets", "end-miss", *EAST, "--metric", "otif", "--reason", "never mind", "--from", "2026-10-26")
    assert store.board_of("EAST", "2026-W44")["otif"]["target"] == 0.9
    assert store.json("targets", "end-miss", *EAST, "--metric", "otif", "--reason", "again", code=2)["error"] == (
        "No accepted miss holds there on 2026-11-09.")
    assert store.json(*agree, "--target", "70%", "--floor", "0.5", "--until", "2026-11-30", code=2)["error"] == (
        "The floor stays as it is while a miss is accepted.")


def test_a_miss_is_accepted_only_by_who_may_set_targets_there(copy_of_six_orders):
    store = copy_of_six_orders
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = store.seen_by("boss@example.com")
    boss.json("targets", "set", "--company", "--metric", "otif", "--target", "0.9", "--reason", "agreed", "--from", "2026-10-01")
    for email, role in (("east@example.com", "branch leader"), ("guest@example.com", "viewer")):
        boss.json("people", "add", email, "--name", role, "--role", role, "--branch", "EAST")
    miss = ["--metric", "otif", "--target", "0.8", "--until", "2026-11-30", "--reason", "r"]
    before = boss.visible()
    for email, where in (("guest@example.com", EAST), ("east@example.com", ("--branch", "WEST")), ("east@example.com", ("--company",))):
        store.seen_by(email).json("targets", "set", *where, *miss, code=2)
        store.seen_by(email).json("targets", "end-miss", *where, "--metric", "otif", "--reason", "r", code=2)
    assert boss.visible() == before
    assert store.seen_by("east@example.com").json("targets", "set", *EAST, *miss)["who"] == "east@example.com"
