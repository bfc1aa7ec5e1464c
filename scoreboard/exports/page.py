"""The board on one sheet of paper: HTML that needs nothing else, fonts included, prints on A4 and on US Letter, and reads without colours.

The convention: it draws the JSON of the board on screen (`views.board_words.board_json`) and decides nothing, so that paper and
screen cannot differ. What would not fit is left out whole and counted, never cut in the middle of a sentence.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from scoreboard.exports.svg import shape, spark, triangle


def _face(weight: int) -> str:
    """A weight of the font on screen: with another, words would need other room, and the sheet would cut some."""
    file = Path(__file__).resolve().parents[2] / "static" / f"barlow-latin-{weight}-normal.woff2"
    return (f'@font-face {{ font-family: "Barlow"; font-weight: {weight}; '
            f"src: url(data:font/woff2;base64,{b64encode(file.read_bytes()).decode()}) }}\n")


_STYLE = _face(400) + _face(700) + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
COLUMNS, TALK_LINES, LINE = 2, 12, 56  # what "Talk about" has room for: columns, lines in each, characters in a line


@dataclass(frozen=True)
class Made:
    """What a page was made of: when (as people write it), and the versions of data and definitions."""

    at: str
    data: int
    definitions: str


def html(board: Mapping[str, Any], open_now: Sequence[tuple[str, int]], made: Made) -> str:
    """The page of a board; `open_now` counts what stands open, by name, and is empty for a week it says nothing about."""
    title = f"{board['name']} · {board['week']}, {board['span']}"
    body = "".join((_head(board, made), _middle(board, open_now), _tiles(board["tiles"]), _talk(board), _foot(board, made)))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=820">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>{body}</main></body></html>\n")


def _head(board: Mapping[str, Any], made: Made) -> str:
    said = [f'<p class="mark">{escape(board["reported"])}</p>'] if board["reported"] else []
    where = f'{"<b class=mark>Sample data</b> " if board["sample"] else ""}<b>{escape(board["name"])}</b>'
    fresh = "".join(f'<p class="strong">{shape("gap")}{escape(one["words"])}</p>' for one in board["stale"])
    return (f'<header><div><p class="where">{where} · {escape(board["week"])}, {escape(board["span"])}</p>{"".join(said)}'
            f'<h1>{escape(board["headline"])}</h1><p>{escape(board["detail"])}</p></div>'
            f'<div class="fresh">{fresh}<p>{escape(board["fresh"])}</p><p>Made {escape(made.at)}</p></div></header>')


def _middle(board: Mapping[str, Any], open_now: Sequence[tuple[str, int]]) -> str:
    corners = "".join(
        f'<tr><th scope="row">{escape(one["name"])}</th><td class="score">{"–" if one["score"] is None else one["score"]}</td>'
        f'<td>{_state(one)}<small>{escape(one["speak"])}</small></td></tr>' for one in board["corners"])
    stands = "".join(f'<tr><th scope="row">{escape(name)}</th><td class="score">{n:,}</td></tr>' for name, n in open_now)
    now = f"<table>{stands}</table>" if open_now else "<p>What stands open is on the page of the latest week.</p>"
    return (f'<section class="middle"><div class="triangle">{triangle(board["corners"])}</div><div><h2>Service triangle</h2>'
            f'<table class="corners">{corners}</table><p class="small">{escape(board["score"])}</p></div>'
            f'<div><h2>Exceptions that stand open</h2>{now}</div></section>')


def _state(corner: Mapping[str, Any]) -> str:
    kind = {"concern": "down", "improvement": "up"}.get(corner["tone"], "dot" if corner["score"] is not None else "gap")
    return f'<b class="{"strong" if corner["tone"] == "concern" else ""}">{shape(kind)}{escape(corner["state"])}</b>'


def _tiles(tiles: Sequence[Mapping[str, Any]]) -> str:
    return f'<section class="tiles">{"".join(map(_tile, tiles))}</section>'


def _tile(tile: Mapping[str, Any]) -> str:
    """One figure: what it is, its value and what is behind it, thirteen weeks, both states as a shape and words."""
    state, aim = tile["state"], tile["aim"]
    value, changing = f'<p class="words">{shape(state["shape"])}{escape(state["words"])}</p>', ""
    if tile["number"]:
        more = "<small>more than </small>" if tile["more"] else ""
        old = "" if tile["judged"] and not tile["at"] else ' class="old"'
        value = f'<p class="value"><b{old}>{more}{escape(tile["number"])}<small>{escape(tile["unit"])}</small></b></p>'
        changing = f'<p class="{_weight(state)}">{shape(state["shape"])}{escape(state["words"])}</p>'
    behind = " · ".join(filter(None, (tile["at"], tile["behind"])))
    also = " · ".join(filter(None, (aim["words"], state.get("also", "").lower(), tile.get("since", ""))))
    return (f'<article><div class="what"><h3>{escape(tile["name"])}</h3><p class="small">{escape(tile["corner"])}</p></div>'
            f'<p class="about small">{escape(tile["about"])}</p>'
            f'<div class="figure">{value}<p class="small">{escape(behind)}</p></div>'
            f'<div class="spark">{spark(tile["spark"])}<p class="small">{escape(tile["spark"]["range"])}</p></div>'
            f'<div class="said">{changing}<p class="{_weight(aim)}">{shape(aim["shape"])}{escape(also)}</p></div></article>')


def _weight(said: Mapping[str, str]) -> str:
    return "strong" if said["tone"] == "concern" else "firm" if said["tone"] == "improvement" else ""


def _talk(board: Mapping[str, Any]) -> str:
    """The most urgent sentences first, as many as the sheet holds; what is left out is counted."""
    calm = [{"tone": "quiet", "shape": "", "tag": "", "what": "", "text": board["nothing"]}] if board["nothing"] else []
    said = [*calm, *board["talk"]]
    fit = _fit([-(-len(f"{one['tag']} {one['what']} {one['text']}") // LINE) for one in said], _room(board))
    kept = "".join(f'<li><b class="{_weight(one)}">{shape(one["shape"])}{escape(one["tag"])}</b> <b>{escape(one["what"])}</b> '
                   f'{escape(one["text"])}</li>' for one in said[:fit])
    more = f" <small>and {len(said) - fit} more on the board</small>" if fit < len(said) else ""
    return f'<section class="talk"><h2>Talk about{more}</h2><ul>{kept}</ul></section>'


def _room(board: Mapping[str, Any]) -> int:
    """The lines a column has below a head that may itself need more lines."""
    taller = (bool(board["reported"]), len(board["name"]) > 45, len(board["detail"]) > 85, 2 * (len(board["headline"]) > 48))
    return TALK_LINES - sum(taller)


def _fit(lines: Sequence[int], column_lines: int) -> int:
    """How many sentences of so many lines fit into the columns, none of them broken."""
    column, room = 1, column_lines
    for at, needed in enumerate(lines):
        if needed > room:
            column, room = column + 1, column_lines
        if column > COLUMNS or needed > room:
            return at
        room -= needed
    return len(lines)


def _foot(board: Mapping[str, Any], made: Made) -> str:
    """What the marks and words mean, in one line, and what the page was made of."""
    marks = ("Grey band: the usual range, from its own judged weeks. Dashed: the target. Hollow: not judged, may still change. "
             f"{board['chance']}")
    return (f'<footer><p>{escape(marks)}</p><p>Definitions {escape(made.definitions)} · data version {made.data} · made '
            f"{escape(made.at)} · Leadership Scoreboard{' · a made-up company' if board['sample'] else ''}</p></footer>")
