"""Service exceptions: closed and told, the legs of that, repeats, and how often they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from tests.oracle.world import DAY, Row, Thing, World, both

ALIKE = ("part_no", "customer", "route", "root_cause")


def exceptions(world: World) -> Iterator[Thing]:
    """Every metric of cases, each in the week the case was opened."""
    standards = {name.strip().casefold(): limit for name, limit in world.options["exception_standards"].items()}
    cases = [row for row in world.of("exceptions") if row.get("type") and row.get("opened_at") is not None]
    before = _opened_alike(cases)
    for row in cases:
        branch, opened_at = row["branch"], row["opened_at"]
        standard = standards.get(row["type"].strip().casefold())
        if standard is not None:
            closed_at = both(row.get("resolved_at"), row.get("told_at"))
            now = closed_at or world.now("exception_close_loop", branch)
            yield world.within("exception_close_loop", branch, opened_at, closed_at, standard + _waited(world, row, now))
        yield from _legs(world, row)
        yield from _told_first(world, row)
        since = opened_at - world.options["repeat_days"] * DAY
        yield world.share("repeat_share", branch, opened_at, any(
            since <= at and (at, case_no) < (opened_at, row["case_no"])
            for key in _alike(row) for at, case_no in before[key]))
        yield world.share("escalations", branch, opened_at, row.get("escalated_at") is not None)
        yield Thing("exceptions_per_100_orders", branch, opened_at, part=1.0, n=0)


def _waited(world: World, row: Row, until: datetime) -> float:
    """Working minutes since the opening in which it waited for the customer; two pauses at once wait once."""
    total, counted_to = 0.0, row["opened_at"]
    for since, end, waits_for in sorted(row.get("pauses") or ()):
        if waits_for == "customer":
            total += world.minutes(row["branch"], max(since, counted_to), min(end, until), True)
            counted_to = max(counted_to, end)
    return total


def _legs(world: World, row: Row) -> Iterator[Thing]:
    branch, opened_at, resolved_at = row["branch"], row["opened_at"], row.get("resolved_at")
    for metric, end in (("time_to_accept", row.get("accepted_at")), ("time_to_first_word", _first_word(row)),
                        ("time_to_resolve", resolved_at)):
        yield from world.lasted(metric, branch, opened_at, opened_at, end, working=True)
    if resolved_at is not None:
        # Told before it was resolved is told at once.
        told_at = both(resolved_at, row.get("told_at"))
        yield from world.lasted("resolved_to_told", branch, opened_at, resolved_at, told_at, working=True)


def _told_first(world: World, row: Row) -> Iterator[Thing]:
    word, called_at = _first_word(row), row.get("customer_called_at")
    if word is not None or called_at is not None:
        yield world.share("told_first", row["branch"], row["opened_at"],
                          word is not None and (called_at is None or word <= called_at))


def _first_word(row: Row) -> datetime | None:
    """Our first word to the customer; where none is noted, the news that it is resolved was the first."""
    return row.get("first_told_at") or row.get("told_at")


def _alike(row: Row) -> list[tuple[str, str, str, str]]:
    return [(row["branch"], row["type"], column, row[column]) for column in ALIKE if row.get(column)]


def _opened_alike(cases: list[Row]) -> dict[tuple[str, str, str, str], list[tuple[datetime, str]]]:
    """When cases were opened, by what is alike; of two at the same minute the lower number came first."""
    found = defaultdict(list)
    for row in cases:
        for key in _alike(row):
            found[key].append((row["opened_at"], row["case_no"]))
    return found
