"""Targets, options and changes as lines for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoreboard.cli.text import beside, moment, table, whole
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.values import as_text
from scoreboard.state.branches import ALWAYS


def aim(metric: str, figure: float | None) -> str:
    """A target as people write it: `95 %`, `7.0 d`; a dash where none was agreed."""
    if figure is None:
        return "–"
    known = BY_KEY.get(metric)
    return f"{figure:g}" if known is None else f"{figure * 100:g} %" if known.unit == "share" else as_text(known, figure)


def target_line(t: Mapping[str, Any]) -> str:
    """What was just agreed, accepted or ended, in a sentence."""
    if t["target"] is None and t["floor"] is None:
        return f"{t['metric']}: {'the accepted miss' if t['until'] else 'the agreement'} ends, from {t['from']}."
    until = f" until {t['until']}; then what is agreed holds again" if t["until"] else ""
    return f"{t['metric']}: target {aim(t['metric'], t['target'])}, floor {aim(t['metric'], t['floor'])}, from {t['from']}{until}."


def target_lines(agreed: Sequence[Mapping[str, Any]], sourced: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was agreed, then what ships with a source."""
    rows = [[t["metric"], f"{t['scope_kind']} {t['scope']}".strip(), aim(t["metric"], t["target"]), aim(t["metric"], t["floor"]),
             t["from"], t["until"] or "", f"{t['reason']} ({t['who']})"] for t in agreed]
    rows += [[t["metric"], "sourced", aim(t["metric"], t["target"]), aim(t["metric"], t["floor"]), "", "", t["source"]] for t in sourced]
    return table(rows, head=("metric", "for", "target", "floor", "from", "until", "reason"), right=(2, 3))


def option_lines(options: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each option with its value, and below it what it means."""
    return [line for o in options for line in (*beside(o["key"], told(o["value"]), 25), *beside("", o["meaning"], 25))]


def told(value: Any) -> str:
    """A kept value as a person reads it."""
    if isinstance(value, Mapping):
        return ", ".join(whole(f"{key}: {told(one)}") for key, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(whole(told(one)) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)


def change_lines(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each entry in a line, and below it what became of what, and why."""
    heads = table([[moment(c["at"]), c["who"], c["what"], c["subject"]] for c in changes])
    lines = []
    for head, change in zip(heads, changes, strict=True):
        became = _became(change["old"], change["new"])
        what = f"{became} ({change['why']})" if became and change["why"] else became or change["why"]
        lines += [head, *(beside("", what, 18) if what else [])]
    return lines


def _became(old: Any, new: Any) -> str:
    """`otif: target 90 % → 95 %, floor 85 %` of what was and what is."""
    if not isinstance(new, Mapping) or not isinstance(old, Mapping | None):
        return " → ".join(told(value) for value in (old, new) if value is not None)
    metric, before = new.get("metric"), old or {}
    moved = [(f"{key.removesuffix('_on').replace('_', ' ')} {_moved(metric, key, before, value)}", value) for key, value in new.items()
             if key != "metric" and before.get(key) != value]
    return (f"{metric}: " if metric else "") + ", ".join(said if isinstance(value, list | dict) else whole(said) for said, value in moved)


def _moved(metric: str | None, key: str, before: Mapping[str, Any], value: Any) -> str:
    def shown(one: Any) -> str:
        if one == ALWAYS.isoformat():
            return "the beginning"
        return aim(metric, one) if metric and key in ("target", "floor") else told(one)

    return f"{shown(before[key])} → {shown(value)}" if before.get(key) not in (None, "") else shown(value)
