"""The study as the first part of docs/signals-study.md: what was measured, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import median

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.samples import Story
from tests.study import figures
from tests.study.figures import MOVING, NOISE, SOON, STILL, Found, Share, on_board
from tests.study.huddles import BRANCHES, WEEKS, Record

OTHERS = [branch for branch in BRANCHES if branch != NOISE]
TITLE = "# How well the signals work"
SOON_FOUND = f"found within {SOON} weeks of its start"
FIRSTS = ("first week that can judge it", "first week that finds it")
READING = "## What it says"  # from here on people wrote


def text(records: Sequence[Record], weekly: Sequence[Record]) -> str:
    """Everything measured; `weekly` are seeds whose exports were loaded week by week."""
    if not records:
        return "Nothing was measured yet."
    huddles = [entry["week"] for entry in records[0]["huddles"][NOISE]]
    head = (f"Measured by `make study`: the sample from {len(records)} seeds, {len(BRANCHES)} branches and {WEEKS} weeks each, loaded and "
            f"rolled up as any load; a board for each branch and each of the {len(huddles)} huddles from week {huddles[0] + 1} on. "
            "Week 0 is that of a story's start; ± is two standard errors over seeds.")
    return "\n\n".join([head, "## Planted stories", _stories(records), *([_as_it_came(weekly)] if weekly else []),
                        "## Noise", _noise(records), _by_metric(records)]) + "\n"


def _stories(records: Sequence[Record]) -> str:
    rows = []
    every: list[Found] = []
    for story in MOVING:
        found = [figures.found(record, story) for record in records]
        every += found
        rows.append([*_names(story), *_shares(found), _weeks([f.judged for f in found]), _weeks([f.found for f in found])])
    rows.append(["all", "", "", *_shares(every), "", ""])
    return _table(["story", "branch", "metric", SOON_FOUND, "… of the first huddle that can judge it", "found at all", *FIRSTS], rows)


def _shares(found: Sequence[Found]) -> list[str]:
    return [f"{100 * sum(flags) / len(found):.1f} %" for flags in (
        [f.soon for f in found], [f.soon_once_judged for f in found], [f.found is not None for f in found])]


def _as_it_came(weekly: Sequence[Record]) -> str:
    """How late the same stories are judged and found where nothing is known before it has matured."""
    rows = []
    for story in MOVING:
        found = [figures.found(record, story) for record in weekly]
        rows.append([*_names(story), _shares(found)[0], _weeks([f.judged for f in found]), _weeks([f.found for f in found])])
    noise, warned = figures.lights(weekly, [NOISE], on_board), figures.warnings(weekly, [NOISE])
    return (f"The same for {len(weekly)} seeds that were loaded week by week, so that credits, cohorts and open returns mature as in life "
            f"(on {NOISE} {_share(noise)} of tile-weeks light up, {_share(warned)} of weeks bring a warning):\n\n"
            + _table(["story", "branch", "metric", SOON_FOUND, *FIRSTS], rows))


def _noise(records: Sequence[Record]) -> str:
    first = MOVING[0]
    warned = [after for record in records if (after := figures.warned(record, first)) is not None]
    rows = [
        [f"tile-weeks lit, {NOISE} (noise only)", _share(figures.lights(records, [NOISE], on_board)), "≤ 2 %"],
        ["… on the other branches before any story", _share(figures.lights(records, OTHERS, on_board)), ""],
        [f"weeks with an imbalance warning, {NOISE}", _share(figures.warnings(records, [NOISE])), "≤ 2 %"],
        ["… on the other branches before any story", _share(figures.warnings(records, OTHERS)), ""],
        *([f"tile-weeks lit, {s.branch} {s.metric} (must not move)", _share(figures.still(records, s)), ""] for s in STILL),
        [f"seeds with an imbalance warning in “{first.name}” ({first.branch})",
         f"{100 * len(warned) / len(records):.1f} %, from week {_weeks(warned)} on", ""]]
    return _table(["what", "measured", "goal"], rows)


def _by_metric(records: Sequence[Record]) -> str:
    metrics = sorted({metric for branch in BRANCHES for metric in records[0]["huddles"][branch][0]["tiles"]})
    rows = []
    for metric in (m for m in BY_KEY if m in metrics):
        found = figures.lights(records, BRANCHES, lambda entry, key, tile, metric=metric: key == metric)
        told = sum(len(figures.before(r, b)) for r in records for b in BRANCHES if metric in r["huddles"][b][0]["tiles"])
        rows.append([metric, _share(found) if found.whole else "–", f"{100 * found.whole / told:.0f} %"])
    return ("By metric, all branches before any story; without a usual range a tile says nothing:\n\n"
            + _table(["metric", "tile-weeks lit", "tile-weeks with a usual range"], rows))


def _names(story: Story) -> list[str]:
    return [story.name, story.branch, story.metric]


def _share(found: Share) -> str:
    return f"{100 * found.value:.2f} % ± {200 * found.spread:.2f} ({found.part:,} of {found.whole:,})"


def _weeks(after: Sequence[int | None]) -> str:
    """The median, and what nine of ten reach at the latest."""
    known = sorted(a for a in after if a is not None)
    return f"{median(known):g} (90 % by {known[ceil(0.9 * len(known)) - 1]})" if known else "–"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
