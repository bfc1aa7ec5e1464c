"""OPTIONS: the company-wide settings, each with its default. Kept in SQL only where they differ from it."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Collection

from sqlalchemy import Connection, delete, insert, select

from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import changes
from scoreboard.state.option_kinds import BY_NAME, HANDOFFS, KINDS
from scoreboard.state.schema import loads, options
from scoreboard.weeks import WEEKDAYS


@dataclass(frozen=True)
class Option:
    """One setting; `kind` (a key of KINDS) says how its text is read."""

    key: str
    default: Any
    meaning: str
    kind: str


_REASONS_OF_HANDOFF = dict(zip(HANDOFFS, (
    ("wrong part quoted", "ETA not verified", "superseded", "backorder not told"),
    ("mis-pick", "short", "over"),
    ("wrong label", "wrong staging", "left behind"),
    ("late", "damaged", "wrong address", "no POD"),
    ("not told", "credit delay", "return or core in limbo", "paperwork"),
), strict=True))

OPTIONS: tuple[Option, ...] = (
    Option("week_first_day", "Mon", "the day a week begins; fixed once a file is loaded", "weekday"),
    Option("company_time_zone", "UTC", "the clock of the company: its dates and its reporting hour", "time zone"),
    Option("reported_at", "Mon 12:00", "when a week's figures count as reported, after the week", "weekday and time"),
    Option("conversion_days", 30, "a quote is converted when its order comes within these days", "count"),
    Option("repeat_contact_days", 7, "a contact within these days about the same part is a repeat", "count"),
    Option("error_maturity_days", 28, "credits of a week may still come for these days", "count"),
    Option("repeat_days", 90, "an exception is a repeat of a like one within these days before", "count"),
    Option("core_deadline_days", 7, "a core is at risk this many days before the supplier's deadline", "count"),
    Option("quote_standard_minutes", None, "working minutes a quote should take; none: no standard", "minutes"),
    Option("exception_standards", {}, "working minutes by type of exception", "minutes by name"),
    Option("accept_minutes", None, "working minutes in which an owner accepts an exception; none: no limit", "minutes"),
    Option("quiet_hours", None, "when only mission-critical messages are sent, on the clock of the branch; none: never quiet", "hours"),
    Option("credit_days", None, "days after receipt by which the credit of a return is issued; none: not agreed", "count or none"),
    Option("rules_on", [], "the rules over the data that open exceptions by themselves; switched on one by one", "words"),
    Option("priority_cutoff", "15:00", "a priority order placed before this ships the same day", "time of day"),
    Option("nps_minimum", 20, "no net promoter score under this many answers", "count"),
    Option("team_minimum", 5, "no team figures under this many people", "count"),
    Option("error_reasons", [
        "mis-pick", "short", "over", "wrong label", "wrong staging", "left behind", "damaged",
        "wrong part quoted", "paperwork"], "reasons of credits that are our own errors", "words"),
    Option("handoff_of_reason",
           {reason: handoff for handoff, reasons in _REASONS_OF_HANDOFF.items() for reason in reasons},
           "the handoff each reason belongs to", "handoff by name"),
    Option("board_metrics", [
        "quote_response_time", "otif", "fill_rate", "error_rate", "return_cycle_time", "exception_close_loop",
        "quote_conversion", "team_leavers"], "the tiles of the board, in order", "metrics"),
)
MOST_REPEAT_DAYS = 31  # contacts are read this far around a week
_BY_KEY = {option.key: option for option in OPTIONS}


def current(conn: Connection) -> dict[str, Any]:
    """Every option's value by its key: what was set, else the default. The caller may change the result."""
    kept = dict(conn.execute(select(options.c.key, options.c.value)).all())
    return {option.key: kept.get(option.key, deepcopy(option.default)) for option in OPTIONS}


def first_day(conn: Connection) -> int:
    """The day a week begins: 0 is Monday, 6 Sunday."""
    return WEEKDAYS.index(current(conn)["week_first_day"])


def set_option(conn: Connection, key: str, text: str, *, why: str, who: str, now: datetime,
               metrics: Collection[str]) -> Any:
    """Set an option from what a person typed, and return its new value.

    `exception_standards.wrong part` with `480` (or `none`) sets one name of an option that has names.
    `metrics` are the keys a board may name. Raises Refused, saying what the text should be.
    """
    name, _, part = key.partition(".")
    option = _BY_KEY.get(name)
    if option is None or (part and option.kind not in BY_NAME):
        raise Refused(f'There is no option "{key}".', f"Known: {', '.join(_BY_KEY)}.{did_you_mean(name, _BY_KEY)}")
    old = current(conn)[name]
    new = _read_part(option, part, text, old) if part else KINDS[option.kind](text)
    _check(conn, option, old, new, metrics)
    if new != old:
        _keep(conn, option, new, now)
        changes.record(conn, at=now, who=who, what="option set", subject=f"option {name}", old=old, new=new, why=why)
    return new


def _read_part(option: Option, part: str, text: str, old: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = KINDS[option.kind](json.dumps({part: text}))
    return {name: value for name, value in old.items() if name != part.strip()} | read


def _check(conn: Connection, option: Option, old: Any, new: Any, metrics: Collection[str]) -> None:
    """What cannot be told from the text alone."""
    if option.kind == "metrics":
        for key in new:
            if key not in metrics:
                raise Refused(f'There is no metric "{key}".', f"See `metrics` for all.{did_you_mean(key, metrics)}")
    if option.key == "rules_on" and new != old:
        raise Refused("Rules are switched on one by one.", "See `rules list`, then `rules on KEY`.")
    if option.key == "repeat_contact_days" and new > MOST_REPEAT_DAYS:
        raise Refused(f"A repeated contact is looked for within {MOST_REPEAT_DAYS} days at most.", "Give fewer days.")
    if option.key == "week_first_day" and new != old and _loaded(conn):
        raise Refused("The first day of the week cannot change while files are loaded: "
                      "every week's figures are kept by it.", "Undo the loads first.")


def _loaded(conn: Connection) -> bool:
    return conn.execute(select(loads.c.id).where(loads.c.undone_version.is_(None)).limit(1)).first() is not None


def put_back(conn: Connection, key: str, value: Any, *, why: str, who: str, now: datetime) -> None:
    """Give an option a value it had before; None stands for its default."""
    option, old = _BY_KEY[key], current(conn)[key]
    new = option.default if value is None else value
    _keep(conn, option, new, now)
    changes.record(conn, at=now, who=who, what="option set", subject=f"option {key}", old=old, new=new, why=why)


def _keep(conn: Connection, option: Option, value: Any, now: datetime) -> None:
    conn.execute(delete(options).where(options.c.key == option.key))
    if value != option.default:
        conn.execute(insert(options).values(key=option.key, value=value, changed_at=now))
