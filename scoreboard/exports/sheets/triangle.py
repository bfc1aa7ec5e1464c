"""Triangle: the corner scores, computed from Data and from the targets of the sheet Scoreboard (see `metrics.triangle`).

The convention: part and whole are those of the last four judged weeks, summed; a duration is the mean of its weeks' medians, weighted
by n, and those medians are values. States are words of the board: they come from what stands out, never from scores.
"""

from __future__ import annotations

from scoreboard import weeks
from scoreboard.exports.content import Content
from scoreboard.exports.formulas import NO_WEEK, over, ratio
from scoreboard.exports.look import AMOUNT, format_of, speaks
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, quoted, text
from scoreboard.exports.sheets import figures, scoreboard
from scoreboard.metrics import words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.triangle import CORNERS, POOLED_WEEKS

NAME = "Triangle"
COLUMNS = (
    Column("Metric", 34), Column("Corner", 12), *(Column(f"Week {n + 1}", 10) for n in range(POOLED_WEEKS)), Column("Part or n", 10, True),
    Column("Whole", 10, True), Column("Figure", 12, True), Column("Floor: 0", 11, True), Column("Target: 100", 11, True),
    Column("Score", 9, True))
SCORES = (Column("Corner", 34), Column("Score", 12, True), Column("Speak", 10, True), Column("Of", 10, True), Column("State", 20))


def write(book: Book, content: Content) -> None:
    """Corners on top, what they are made of below."""
    page = book.page(NAME, COLUMNS)
    board = content.own.board
    page.top(f"{content.own.name} · service triangle", board.triangle.headline,
             "A score says how far from floor (0) to target (100) the last four judged weeks lie. It is computed here; "
             f"change a target on the sheet {figures.NAME if content.of_territory else scoreboard.NAME} to see what follows.")
    tiles = [tile for tile in content.own.tiles if tile.metric.corner in CORNERS]
    first = page.at + len(CORNERS) + 7  # the row of the first metric
    last = first + max(len(tiles), 1) - 1
    _corners(page, book, content, first, last)
    page.blank()
    page.section("What the scores are made of",
                 "A metric speaks when it has judged weeks, a target and a floor. Durations are compared by how many times as long.")
    page.heads()
    assert page.at == first
    for tile in tiles:
        page.row(_metric(page.at, content, tile))


def _corners(page: Page, book: Book, content: Content, first: int, last: int) -> None:
    scores, corners = f"$L${first}:$L${last}", f"$B${first}:$B${last}"
    page.heads(SCORES)
    top = page.at
    for one in content.own.board.triangle.corners:
        mine = f"{corners},$A{page.at}"
        page.row([text(one.name, "name"), formula(f'IF(C{page.at}=0,"no score",AVERAGEIFS({scores},{mine}))', "0.0", "figure"),
                  formula(f'COUNTIFS({mine},{scores},">=0")', "0"), formula(f"COUNTIF({mine})", "0"), text(one.state)])
    three = f"$B${top}:$B${page.at - 1}"
    page.row([text("Triangle (geometric mean, no score under 1)", "total"),
              formula(f'IF(COUNT({three})<3,"no score",(MAX(1,B{top})*MAX(1,B{top + 1})*MAX(1,B{top + 2}))^(1/3))', "0.0", "total right"),
              *(text("", "total") for _ in range(3))])
    even = f'IF(COUNT({three})<3,"no score",IF(MAX({three})=0,"no score",100*MIN({three})/AVERAGE({three})))'
    page.row([text("Balance (100 is even)", "total"), formula(even, "0.0", "total right"),
              *(text("", "total") for _ in range(3))])
    for rule in speaks(f"$E{top}"):
        page.sheet.conditional_formatting.add(f"E{top}:E{top + 2}", rule)
    for at, corner in enumerate(CORNERS):
        book.name(f"score_{corner.lower()}", NAME, f"$B${top + at}")
    book.name("score_triangle", NAME, f"$B${top + 3}")


def _metric(at: int, content: Content, tile: Tile) -> list[Cell | None]:
    metric, called = tile.metric, content.own.called
    last = [p for p in tile.history if p.judged][-POOLED_WEEKS:]
    span = f"$C{at}:$F{at}"
    labels = [text(weeks.label(p.week), "words") for p in last]
    labels += [text("", "words")] * (POOLED_WEEKS - len(labels))
    if not last:
        nothing = text("no judged week", "words")
        return [text(words.title(metric)[0], "name"), text(metric.corner), *labels, text(""), text(""), nothing, *_aims(at, content, tile),
                text("does not speak", "words")]
    whole = formula(f"SUMPRODUCT({over('whole', called, metric, span)})", AMOUNT)
    part = formula(f"SUMPRODUCT({over('part', called, metric, span)})", AMOUNT)
    figure = f"IF($H{at}=0,{quoted(NO_WEEK)},{ratio(metric, f'$G{at}', f'$H{at}')})"
    if metric.is_duration:
        n = over("n", called, metric, span)
        part, whole = formula(f"SUMPRODUCT({n})", AMOUNT), text("")
        figure = f"IF($G{at}=0,{quoted(NO_WEEK)},SUMPRODUCT({over('median', called, metric, span)},{n})/$G{at})"
    return [text(words.title(metric)[0], "name"), text(metric.corner), *labels, part, whole, formula(figure, format_of(metric)),
            *_aims(at, content, tile), formula(_score(at, tile), "0.0")]


def _aims(at: int, content: Content, tile: Tile) -> list[Cell | None]:
    """Floor and target, read from the sheet Scoreboard; empty where none is agreed."""
    row, shown = scoreboard.HEAD + 1 + content.own.tiles.index(tile), format_of(tile.metric)
    sheet, shift = (figures.NAME, 1) if content.of_territory else (scoreboard.NAME, 0)
    cells = [f"{sheet}!${scoreboard.letter(head, shift)}${row}" for head in ("Floor", "Target")]
    return [formula(f'IF({cell}="","none",{cell})', shown) for cell in cells]


def _score(at: int, tile: Tile) -> str:
    x, floor, target = f"$I{at}", f"$J{at}", f"$K{at}"
    silent = f'IF(OR(NOT(ISNUMBER({x})),NOT(ISNUMBER({floor})),NOT(ISNUMBER({target})),{floor}={target}),"does not speak",'
    if tile.metric.is_duration:
        least = f"{0.5 / tile.metric.minutes_per_unit!r}"
        x, floor, target = (f"LN(MAX({cell},{least}))" for cell in (x, floor, target))
    return f"{silent}100*MAX(0,MIN(1,({x}-{floor})/({target}-{floor}))))"
