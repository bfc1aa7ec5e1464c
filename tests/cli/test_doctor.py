"""`doctor` makes a version only when it has mended something."""

from __future__ import annotations

from tests.command_line import Store


def version(store: Store) -> int:
    return store.json("board", "--company")["version"]


def test_a_sound_store_gets_no_new_version_however_much_time_has_passed(copy_of_three_branches):
    store, before = copy_of_three_branches, version(copy_of_three_branches)
    for now in (store.now, "2025-12-20T09:00"):
        told = store.at(now).json("doctor")
        assert told["healthy"] and told["rebuilt"] == []
    assert version(store) == before


def test_what_was_mended_is_a_version(copy_of_three_branches):
    store, before = copy_of_three_branches, version(copy_of_three_branches)
    next(store.data.glob("facts/quotes/**/*.parquet")).unlink()
    told = store.json("doctor")
    assert told["healthy"] and told["rebuilt"] and version(store) == before + 1
