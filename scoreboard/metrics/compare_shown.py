"""Branches side by side as a plain dictionary (the JSON of the command line) and as lines for a terminal; and what is said of all of
them in one sentence, on the page too.

The convention: under a filter the sentence and the coverage are still of all branches (`every`), as on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scoreboard import weeks
from scoreboard.calendars import last_open_day
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics import icons, shown, words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.compare import Matrix, Need, Row
from scoreboard.metrics.compare_cells import Cell

Spots = Sequence[Mapping[str, Any]]  # as `bright.read` gives them
VARIATIONS = {"concern": "worse", "improvement": "better", "neutral_high": "higher", "neutral_low": "lower"}
NEEDS = {"worse": "Worse than usual", "misses": "Reliably misses a target", "": "Nothing stands out"}


def as_json(found: Matrix, every: Matrix, spots: Spots, company: Company) -> dict[str, Any]:
    """A matrix; every cell as the board of its branch has it."""
    return {
        "territory": found.territory, "week": weeks.label(found.week), "version": found.version,
        "headline": headline([row.need for row in every.rows]),
        "metrics": [{"key": m.key, "name": m.name, "unit": m.unit, "reported": every.coverage[m.key][0],
                     "expected": every.coverage[m.key][1]} for m in found.metrics],
        "branches": [{"code": row.code, "name": row.name, "territory": row.territory, "peer_group": row.peer_group or None,
                      "need": row.need or None, "files": fresh(row, found.week, company)[0],
                      "through": {source: at.isoformat() for source, at in row.through.items()},
                      "metrics": [_cell(row.cells[m.key]) for m in found.metrics]} for row in found.rows],
        "together": [shown.tile(found.total[m.key]) for m in found.metrics] if found.total else None,
        "bright_spots": [{"branch": one["code"], "metric": one["key"], "since": one["began"], "notes": one["notes"],
                          "targets": one["targets"], "worse": one["worse"]} for one in spots]}


def headline(needs: Sequence[Need]) -> str:
    """How many branches have a signal, in words; never which is best."""
    worse, misses = (sum(need == kind for need in needs) for kind in ("worse", "misses"))
    of = f" of {len(needs)} {'branch' if len(needs) == 1 else 'branches'}"
    said = [*([f"{worse}{of} {'has' if worse == 1 else 'have'} a figure worse than usual"] if worse else []),
            *([f"{misses}{' more' if worse else of} reliably {'misses' if misses == 1 else 'miss'} a target"] if misses else [])]
    return f"{'; '.join(said)}." if said else "No figure is worse than usual or reliably misses its target."


def fresh(row: Row, week: date, company: Company) -> tuple[str, bool]:
    """How far a branch's files reach, and whether one of them ends before the last open day of the week."""
    if not row.through:
        return ("Nothing loaded yet", True) if row.began is None else ("Only exceptions, kept here", False)
    last = last_open_day(company.calendars[row.code], week, week + timedelta(days=6)) or week + timedelta(days=6)
    needed = min(last, company.local_now(row.code).date())
    late = {source: at for source, at in row.through.items() if at.date() < needed}
    if not late:
        return f"Files to {_day(min(row.through.values()))}", False
    at = min(late.values())
    one = BY_NAME[next(iter(late))].title if len(late) == 1 else "All files" if len(late) == len(row.through) else f"{len(late)} files"
    return f"{one} {'ends' if len(late) == 1 else 'end'} {_day(at)}", True


def _day(at: datetime) -> str:
    return f"{at:%a} {words.short_day(at.date())}"


def _cell(cell: Cell) -> dict[str, Any]:
    return {**shown.tile(cell.tile), "typed": cell.typed, "comparable": cell.alike}


def lines(found: Matrix, every: Matrix, spots: Spots, company: Company) -> list[str]:
    """The sentence over all, who reported, a block of lines for all together, then one for each branch, and the bright spots."""
    where = found.territory or "All branches"
    said = [f"{where} · week {weeks.label(found.week)} · {len(found.rows)} {'branch' if len(found.rows) == 1 else 'branches'}"]
    if not found.rows:
        return [*said, "No branch of yours belonged there in that week."]
    said += [headline([row.need for row in every.rows]), _reported(every)]
    if found.total:
        said += ["", "All together, from the sums of their rows", *_figures(found, lambda key: found.total[key] if found.total else None)]
    for row in found.rows:
        peer = f" · {row.peer_group}" if row.peer_group else ""
        reaches = fresh(row, found.week, company)[0].replace("\u00a0", " ")
        said += ["", f"{row.name} ({row.code}){peer} · {reaches} · {NEEDS[row.need].lower()}",
                 *_figures(found, lambda key, row=row: row.cells[key].tile, lambda key, row=row: row.cells[key])]  # type: ignore[misc]
    return [*said, "", *_bright(spots)]


def _reported(every: Matrix) -> str:
    """`Reported: all 6 branches, every figure.`, or which figures lack how many."""
    of = max((of for _, of in every.coverage.values()), default=0)
    if not of:
        return "Reported: none of them has begun yet." if every.rows else ""
    lack = [f"{m.key} {n} of {of}" for m in every.metrics for n, of in [every.coverage[m.key]] if n < of]
    all_of = f"all {of} branches" if of > 1 else "the one branch"
    return f"Reported: {', '.join(lack)}; every other figure by {all_of}." if lack else f"Reported: {all_of}, every figure."


def _bright(spots: Spots) -> list[str]:
    if not spots:
        return ["No bright spot: no figure is better than usual now."]
    said = ["Bright spots: better than their own usual range. Ask what they did, before others copy it."]
    for one in spots:
        said.append(f"  {one['branch']}: {one['metric']} since {one['began']}, {one['figure']} (usual level {one['level']})")
        around = [("noted", one["notes"]), ("agreed", one["targets"]), ("worse in the same time", one["worse"])]
        said += [f"    {label}: {'; '.join(texts)}" for label, texts in around if texts]
    return [line.replace("\u00a0", " ") for line in said]


def _figures(found: Matrix, tile_of: Callable[[str], Tile | None], cell_of: Callable[[str], Cell] | None = None) -> list[str]:
    said = []
    for metric in found.metrics:
        tile = tile_of(metric.key)
        if tile is None:
            continue
        point = shown.point(tile.shown)
        at = f" ({point['week']})" if tile.shown is not tile.picked else ""
        notes = [*_notes(tile), *(_unlike(cell_of(metric.key)) if cell_of else [])]
        said.append(f"  {metric.name:<52} {point['text']:>14}{at}  n {point['n']}  {'; '.join(notes)}")
    return said


def _notes(tile: Tile) -> list[str]:
    if tile.needs:
        return ["not available"]
    judged = tile.judged
    said = [tile.picked.state.replace("_", " ")] if tile.picked.state != "value" else []
    if judged and judged.variation in VARIATIONS:
        since = f" since {weeks.label(judged.since)}" if judged.since else ""
        said.append(f"{VARIATIONS[judged.variation]} than usual{since}")
    aim = icons.aim(tile)["words"].replace("\u00a0", " ")
    return [*said, aim[:1].lower() + aim[1:]]


def _unlike(cell: Cell) -> list[str]:
    return [*(["typed in, not counted from rows"] if cell.typed else []),
            *(["not comparable: computed under an earlier definition"] if not cell.alike else [])]
