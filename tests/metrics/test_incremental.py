"""Whatever is loaded and undone, the weekly results are those of a roll-up of everything from scratch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scoreboard.facts.files import latest_version
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports.undoing import undo
from scoreboard.state.database import reading
from scoreboard.state.viewers import EVERYONE
from tests.metrics import trap_company
from tests.metrics.exports import kept, key_of, keyless, older, some_columns
from tests.metrics.trap_company import SCOPES, TrapCompany, unlike_from_scratch
from tests.trap_data import Rows, generate

STEPS = 7
FIRST = datetime(2026, 11, 30)  # when the weeks of the trap data begin
THROUGHS = (None, None, datetime(2026, 12, 24, 12), datetime(2027, 1, 11, 14), datetime(2027, 2, 10))


@dataclass(frozen=True)
class Given:
    """What one load is given."""

    files: list[Rows]
    source: str | None
    through: datetime | None

    def load(self, company: TrapCompany) -> int | None:
        return company.load(*self.files, through=self.through, source=self.source).load_id


@pytest.mark.parametrize("seed", range(3))
def test_after_each_load_and_undo_the_results_are_those_from_scratch_and_stay_readable_as_they_were(tmp_path: Path, seed: int) -> None:
    company, live, reported = trap_company.found(tmp_path / "lived"), {}, {}
    for done in _steps(Random(seed), company, generate(seed, size=4), live):
        assert unlike_from_scratch(company) == [], done
        with reading(company.engine) as conn:
            reported[latest_version(conn)] = [company.cells(*scope) for scope in SCOPES]
    for version, cells in reported.items():
        assert [company.cells(*scope, version=version) for scope in SCOPES] == cells
    never_undone = trap_company.found(tmp_path / "never undone")
    for given in live.values():
        given.load(never_undone)
    assert [trap_company.differences(company.cells(*scope), never_undone.cells(*scope)) for scope in SCOPES] == [[]] * len(SCOPES)


def _steps(luck: Random, company: TrapCompany, rows: Rows, live: dict[int, Given]) -> Iterator[str]:
    """Loads and undoes as luck has it, says what was done, and keeps `live`."""
    for _ in range(STEPS):
        if live and luck.random() < 0.3:
            load_id = luck.choice(list(live))
            undo(company.settings, company.engine, EVERYONE, load_id)
            del live[load_id]
            yield f"undid {load_id}"
        else:
            given = _given(luck, rows)
            if (new := given.load(company)) is not None:
                live[new] = given
            yield f"loaded {[(name, len(found)) for file in given.files for name, found in file.items()]} as {new}"


def _given(luck: Random, rows: Rows) -> Given:
    """Some sources with all they need in one load, or one or two files of one source that come in parts."""
    names, through = [name for name, found in rows.items() if found], luck.choice(THROUGHS)
    if luck.random() < 0.5:
        name = luck.choice(names)
        return Given([_partial(luck, name, rows) for _ in range(luck.choice((1, 1, 2)))], name, through)
    several = luck.sample(names, k=luck.choice((2, 3, 5)))
    return Given([{name: _some(luck, name, rows, BY_NAME[name].required) for name in several}], None, through)


def _partial(luck: Random, name: str, rows: Rows) -> Rows:
    """One source without what it needs besides its key, or without its key."""
    source = BY_NAME[name]
    if source.keyless and luck.random() < 0.4:
        return {name: keyless(source, _some(luck, name, rows, (*source.required, source.record[0])))}
    return {name: _some(luck, name, rows, ())}


def _some(luck: Random, name: str, rows: Rows, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """Some rows and columns: of every branch or one, of any time or a few from a day on; perhaps in an older state."""
    source, found = BY_NAME[name], rows[name]
    if luck.random() < 0.3:
        branch = luck.choice(("B1", "B2", "B3"))
        found = [row for row in found if row["branch"] == branch] or found
    if source.record and luck.random() < 0.5:
        day = f"{FIRST + timedelta(days=luck.randrange(56)):%Y-%m-%d}"
        later = [row for row in found if str(row[source.record[0]]) >= day] or found
        found = sorted(later, key=lambda row: str(row[source.record[0]]))[:luck.choice((1, 2, 8))]
    found = luck.sample(found, k=max(1, int(len(found) * luck.choice((0.2, 0.6, 1.0)))))
    columns = some_columns(luck, source, luck.choice((0.4, 0.8, 1.0)), (*key_of(source), *required))
    return [kept(row, columns) for row in (older(luck, source, found) if luck.random() < 0.4 else found)]


# ---- cases in sight ---------------------------------------------------------------------------------
def test_a_quantile_of_the_company_that_falls_on_an_open_row_grows_with_it_although_none_of_a_branch_does(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    quick = [_returned("B1", n, hours=1) for n in range(95)] + [_returned("B1", n, hours=None) for n in range(95, 100)]
    slow = [_returned("B2", n, hours=400) for n in range(10)]
    company.load({"returns": quick + slow}, through=WEDNESDAY + timedelta(days=2))
    company.load({"returns": [_returned("B1", 0, hours=1)]}, through=WEDNESDAY + timedelta(days=9))
    assert unlike_from_scratch(company) == []


def test_a_contact_is_not_open_for_want_of_one_long_after_its_window(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    company.load({"contacts": [_contact(1, 0), _contact(2, 90), _contact(3, 180)]})
    company.load({"contacts": [_contact(4, 1, customer="other")]})
    assert unlike_from_scratch(company) == []


@pytest.mark.parametrize("ordered", [-4, 4])
def test_a_won_quote_is_judged_alike_whether_or_not_the_file_of_its_order_is_read(tmp_path: Path, ordered: int) -> None:
    company = trap_company.found(tmp_path)
    lines = [_line("1", ordered), _line("2", 100)]
    company.load({"order_lines": lines, "quotes": [_quote("Q1", 0, "1"), _quote("Q2", 90, None)]})
    company.load({"quotes": [_quote("Q3", 1, None)]})
    assert unlike_from_scratch(company) == []


def test_a_repeat_is_found_as_far_back_as_the_option_says(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path, options={"repeat_days": "200"})
    company.load({"exceptions": [_case("X1", -190), _case("X2", 0), _case("X3", 100)]})
    company.load({"exceptions": [_case("X4", 1, part_no="other")]})
    assert unlike_from_scratch(company) == []
    company.load({"exceptions": [_case("X0", -200)]})
    assert unlike_from_scratch(company) == []


def test_turning_the_clock_back_undecides_a_cohort_however_long_it_lasts(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path, options={"conversion_days": "120"})
    company.load({"quotes": [_quote("Q1", 0, "1")]}, through=WEDNESDAY + timedelta(days=110))
    late = company.load({"quotes": [_quote("Q2", -200, "2")]}, through=WEDNESDAY + timedelta(days=130))
    undo(company.settings, company.engine, EVERYONE, late.load_id)
    assert unlike_from_scratch(company) == []


WEDNESDAY = datetime(2026, 12, 16, 9)


def _returned(branch: str, number: int, hours: int | None) -> dict[str, Any]:
    return {"branch": branch, "rma_no": f"M{number}", "rma_line": "1", "kind": "return", "received_at": WEDNESDAY,
            "dispositioned_at": hours and WEDNESDAY + timedelta(hours=hours)}


def _contact(number: int, days: int, customer: str = "C-01") -> dict[str, Any]:
    return {"branch": "B1", "contact_no": f"T{number}", "at": WEDNESDAY + timedelta(days=days), "customer": customer, "part_no": "00123"}


def _case(case_no: str, days: int, part_no: str = "00123") -> dict[str, Any]:
    return {"branch": "B1", "case_no": case_no, "type": "billing", "opened_at": WEDNESDAY + timedelta(days=days), "part_no": part_no}


def _line(order_no: str, days: int) -> dict[str, Any]:
    return {"branch": "B1", "order_no": order_no, "line_no": "1", "ordered_at": WEDNESDAY + timedelta(days=days), "qty_ordered": 1.0}


def _quote(quote_no: str, days: int, order_no: str | None) -> dict[str, Any]:
    return {"branch": "B1", "quote_no": quote_no, "requested_at": WEDNESDAY + timedelta(days=days), "order_no": order_no,
            "outcome": "won" if order_no else "open"}
