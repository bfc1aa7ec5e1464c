"""Reasons of credits that no setting knows: loaded, counted as nobody's error, and therefore said aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb

from scoreboard.errors import Problem, did_you_mean
from scoreboard.imports.checking import Checked
from scoreboard.metrics.rollup import fold_reason

# Reasons that are not our own error by definition (docs/metrics.md), beside those the options name.
NOT_OURS = ("price", "goodwill", "core credit", "core", "warranty", "customer over-buy", "customer return", "return")


def with_unknown_reasons(checked: Checked, options: Mapping[str, Any]) -> Checked:
    """The file with one note for each reason that is neither an error of ours nor known not to be one."""
    if checked.source.name != "credits" or "reason" not in checked.columns:
        return checked
    words = [*options["error_reasons"], *options["handoff_of_reason"], *NOT_OURS]
    known = {fold_reason(word) for word in words}
    found = duckdb.execute("SELECT reason, count(*) FROM read_parquet(?) WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
                           [str(checked.rows)]).fetchall()
    notes = [Problem("unknown_reason", f'{count} × the reason "{reason}": not among error_reasons, so it counts as no error of '
                     f"ours. If it is one, add it with options set, or map it to a known word.{did_you_mean(reason, words)}",
                     column="reason", value=reason, rejects=False) for reason, count in found if fold_reason(reason) not in known]
    if not notes:
        return checked
    return replace(checked, problems=[*checked.problems, *notes],
                   problem_counts={**checked.problem_counts, "unknown_reason": sum(n for r, n in found if fold_reason(r) not in known)})
