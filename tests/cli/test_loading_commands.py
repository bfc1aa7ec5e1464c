"""`load` and `undo`: what goes in, what comes back, what changes nothing, and the sample that leaves by itself."""

from __future__ import annotations

from pathlib import Path

from tests.cli.six_orders import EAST, LINES, lines, otif


def test_a_dry_run_shows_the_effect_and_changes_nothing(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "pod.csv"
    late.write_text(lines("EAST,E4,1,3,2026-11-05", "NEW,N1,1,1,2026-11-05"))
    before, kept = store.visible(), _files(store.data)
    told = store.json("load", late, *LINES, "--dry-run", "--create-branches")
    assert (told["load_id"], told["dry_run"], told["weeks"]) == (None, True, ["2026-W45"])
    assert [(e["branch"], e["before"], e["after"]) for e in told["effects"] if e["metric"] == "otif"] == [("EAST", "50.0 %", "100.0 %")]
    assert store.visible() == before and kept.items() <= _files(store.data).items()
    assert store("load", late, *LINES, "--dry-run", "--create-branches").out.endswith(
        "Dry run: nothing was changed. 1 week would be touched.\n")


def _files(folder: Path) -> dict[str, bytes]:
    """Every file of the data folder but the database and the locks."""
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and "sqlite" not in p.name and p.suffix != ".lock"}


def test_all_or_nothing_refuses_a_load_for_one_bad_row(copy_of_six_orders, tmp_path):
    store, half = copy_of_six_orders, tmp_path / "half.csv"
    half.write_text(lines("EAST,E4,1,3,2026-11-05", "EAST,E2,1,1,yesterday"))
    before = store.visible()
    told = store.json("load", half, *LINES, "--all-or-nothing", code=2)
    assert told["load_id"] is None and told["exit_code"] == 2 and told["refused"].startswith("Nothing was loaded")
    assert [(p["row"], p["column"], p["code"]) for p in told["files"][0]["problems"]] == [(3, "delivered_at", "bad_date")]
    assert Path(told["files"][0]["report"]).is_file() and store.visible() == before
    assert store.json("load", half, *LINES, code=1)["files"][0]["changed"] == 1
    assert otif(store) == (2, 2)


def test_the_same_bytes_twice_are_said_to_be_there_and_change_nothing(copy_of_six_orders, orders):
    store, before = copy_of_six_orders, copy_of_six_orders.visible()
    again = store.at("2026-11-10T09:00")
    told = again.json("load", orders)
    assert (told["load_id"], told["files"][0]["already"]) == (None, "already loaded on 2026-11-09 13:00 UTC by administrator (load 1)")
    assert again("load", orders).out == (
        "orders.csv: already loaded on 2026-11-09 13:00 UTC by administrator (load 1); nothing to do.\n")
    assert store.visible() == before


def test_a_file_with_rejected_rows_is_read_again_for_what_can_go_in_by_now(empty, orders):
    empty.json("branches", "add", "EAST")
    assert empty.json("load", orders, code=1)["files"][0]["rejected"] == 2
    file = empty.json("load", orders, "--create-branches")["files"][0]
    assert (file["already"], file["new"], file["same"], file["rejected"]) == (None, 2, 4, 0)


def test_the_same_rows_in_other_bytes_are_all_same(copy_of_six_orders, orders):
    orders.write_text(orders.read_text().replace("\n", "\r\n"))
    file = copy_of_six_orders.json("load", orders)["files"][0]
    assert (file["new"], file["changed"], file["same"]) == (0, 0, 6)


def test_several_files_are_one_load_and_leave_as_one(empty, orders, tmp_path):
    late = tmp_path / "pod.csv"
    late.write_text(lines("EAST,E4,1,3,2026-11-05"))
    told = empty.json("load", orders, late, *LINES, "--create-branches")
    assert (told["load_id"], [f["name"] for f in told["files"]]) == (1, ["orders.csv", "pod.csv"])
    assert otif(empty) == (2, 2)
    empty.json("undo", 1)
    assert otif(empty) == (None, None)


def test_when_one_of_several_files_is_refused_none_is_loaded(empty, orders, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    told = empty.json("load", orders, tmp_path / "empty.csv", "--create-branches", code=2)
    assert told["error"] == "empty.csv is empty."
    assert (empty.json("loads")["loads"], empty.json("branches", "list")["branches"]) == ([], [])


def test_a_branch_for_the_whole_file_and_new_branches_only_when_asked(empty, orders, tmp_path):
    orders.write_text("\n".join(line.partition(",")[2] for line in orders.read_text().splitlines() if not line.startswith("WEST")))
    refused = empty.json("load", orders, "--branch", "EAST", code=2)
    assert '"EAST" is not a branch' in refused["error"]
    assert empty.json("load", orders, "--branch", "EAST", "--create-branches")["files"][0]["new"] == 4
    assert [b["code"] for b in empty.json("branches", "list")["branches"]] == ["EAST"]
    assert otif(empty, week="2026-W44") == (1, 2)


def test_through_says_how_far_the_file_reaches(empty, orders):
    empty.json("load", orders, "--create-branches", "--through", "2026-11-05T12:00")
    assert empty.json("board", *EAST)["through"] == {"order_lines": "2026-11-05T12:00:00"}
    point = next(p for p in empty.json("series", *EAST, "--metric", "otif")["points"] if p["week"] == "2026-W45")
    assert (point["part"], point["whole"], point["undecided"]) == (1, 1, 1)    # E4 is not due before 17:00
    assert empty.json("load", orders, "--through", "2026-11-06T12:00")["load_id"] == 2
    assert otif(empty) == (1, 2)


def test_a_map_says_what_the_headers_mean(empty, orders, tmp_path):
    orders.write_text(orders.read_text().replace("first_promised_for", "Promised").replace("route", "Tour"))
    (tmp_path / "map.toml").write_text('source = "order_lines"\n[columns]\n"Promised" = "first_promised_for"\n"Tour" = "route"\n')
    empty.json("load", orders, "--map", tmp_path / "map.toml", "--source", "order_lines", "--create-branches")
    assert otif(empty) == (1, 2)


def test_a_personal_column_is_left_out_and_kept_nowhere(empty, orders):
    orders.write_text("".join(f"{line},{'Home phone' if line.startswith('branch') else '555-0142'}\n"
                              for line in orders.read_text().replace("E4,1", "E4,").splitlines()))
    file = empty.json("load", orders, "--create-branches", code=1)["files"][0]
    assert file["ignored"] == ["Home phone (left out: personal)"] and (file["new"], file["rejected"]) == (5, 1)
    assert [p for p in empty.data.rglob("*") if p.is_file() and b"555-0142" in p.read_bytes()] == []
    next(empty.data.glob("loads/*/1/rows*.parquet")).unlink()
    assert empty.json("doctor")["healthy"] and otif(empty, week="2026-W44") == (1, 2)


def test_a_dry_run_names_the_file_that_cannot_be_read_and_goes_on_with_the_others(empty, orders, tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    files = (tmp_path / "other.csv", orders, "--create-branches")
    told = empty.json("load", *files, "--dry-run", code=2)
    assert [f["new"] for f in told["files"]] == [6] and [one["name"] for one in told["unread"]] == ["other.csv"]
    lines = empty("load", *files, "--dry-run").out.splitlines()
    assert lines[-1].startswith("Dry run: nothing was changed, and these files would be refused together.")
    assert "other.csv is none of the known sources" in empty.json("load", *files, code=2)["error"]
    assert empty.json("load", tmp_path / "other.csv", "--dry-run", code=2)["error"].startswith("other.csv is none")


def test_as_reported_stays_when_a_later_load_restates_the_week(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "pod.csv"
    late.write_text(lines("EAST,E4,1,3,2026-11-05"))
    next_day = store.at("2026-11-10T09:00")
    next_day.json("load", late, *LINES)
    shown = [next_day.board_of("EAST", "2026-W45", *words)["otif"] for words in ((), ("--as-reported",))]
    assert [(m["part"], m["whole"]) for m in shown] == [(2, 2), (1, 2)]
    assert next_day.json("board", *EAST, "--as-reported")["as_reported"] is True


def test_as_reported_is_held_against_the_targets_agreed_by_then(copy_of_six_orders):
    def agree(at: str, target: str) -> None:
        copy_of_six_orders.at(at).json("targets", "set", "--metric", "otif", "--target", target, *EAST, "--reason", "agreed",
                                       "--from", "2026-10-05")

    def aims(*words: str) -> list[float]:
        board = copy_of_six_orders.at("2026-11-10T10:00").board_of
        return [board("EAST", week, *words)["otif"]["target"] for week in ("2026-W44", "2026-W45")]

    agree("2026-11-09T13:00", "90%")  # the load of that hour is the first report of these weeks
    agree("2026-11-09T14:00", "80%")
    assert aims() == [0.8, 0.8] and aims("--as-reported") == [0.9, 0.9]


# ---- undo ------------------------------------------------------------
def test_an_undone_load_is_as_if_it_had_never_been(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "pod.csv"
    late.write_text(lines("EAST,E4,1,3,2026-11-05", "WEST,W1,1,1,2026-10-28"))
    boards = [store.json("board", *EAST)["metrics"], store.json("board", "--company")["metrics"]]
    store.json("load", late, *LINES)
    assert (otif(store), otif(store, "WEST", "2026-W44")) == ((2, 2), (0, 1))
    told = store.json("undo", 2)
    assert (told["load_id"], told["undone"], told["weeks"]) == (2, True, ["2026-W44", "2026-W45"])
    assert [store.json("board", *EAST)["metrics"], store.json("board", "--company")["metrics"]] == boards
    assert [load["undone"] for load in store.json("loads")["loads"]] == ["2026-11-09T13:00:00", None]


def test_an_unknown_or_undone_load_cannot_be_undone(copy_of_six_orders):
    store = copy_of_six_orders
    assert store.json("undo", 5, code=2)["error"] == "There is no load 5."
    store.json("undo", 1)
    before = store.visible()
    assert store.json("undo", 1, code=2)["error"] == "Load 1 was undone already, at 2026-11-09 13:00 UTC by administrator."
    assert store.visible() == before


def test_an_undone_file_can_be_loaded_again(copy_of_six_orders, orders):
    copy_of_six_orders.json("undo", 1)
    assert copy_of_six_orders.json("load", orders)["files"][0]["new"] == 6
    assert otif(copy_of_six_orders) == (1, 2)


# ---- the sample ------------------------------------------------------------
def test_the_sample_is_loaded_in_one_step_and_leaves_in_one_with_the_first_real_load(empty, orders):
    told = empty.json("load", "--sample")
    assert told["exit_code"] == 0 and "2026-W45" in told["weeks"]
    assert {b["sample"] for b in empty.json("branches", "list")["branches"]} == {True}
    assert empty.json("loads")["loads"][0]["sample"] and empty.json("targets", "list")["targets"]
    assert "already" in empty.json("load", "--sample", code=2)["error"]
    empty.json("load", orders, "--create-branches")
    assert [(b["code"], b["sample"]) for b in empty.json("branches", "list")["branches"]] == [("EAST", False), ("WEST", False)]
    assert [(load["load_id"], bool(load["undone"])) for load in empty.json("loads")["loads"]] == [(2, False), (1, True)]
    assert empty.json("targets", "list")["targets"] == []
    assert [o for o in empty.json("options", "list")["options"] if o["value"] != o["default"]] == []
    assert "There is no territory" in empty.json("board", "--territory", "River Valley", code=2)["error"]
    assert otif(empty) == (1, 2) and empty.json("doctor", "--check")["healthy"]
