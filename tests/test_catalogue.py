"""CATALOGUE, SOURCES, RELATIONS and OPTIONS, entry by entry: what is forgotten or mistyped in one fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.types import Boolean, Date, DateTime, Double, String

from scoreboard.cases.reading import for_figures
from scoreboard.facts import engine
from scoreboard.facts.sources import BY_NAME, CHOICES, SOURCES, Source
from scoreboard.metrics import reach as reaches
from scoreboard.metrics import relations
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Count, Metric, Relation
from scoreboard.metrics.reach import Piece
from scoreboard.metrics.rollup import Run, define_relation, parameters, prepare, roll_up
from scoreboard.metrics.statements import SIDES, Side, options_as_parameters, rows_behind, weekly
from scoreboard.metrics.triangle import CORNERS
from scoreboard.state.branches import Branch
from scoreboard.state.database import open_database, reading
from scoreboard.state.option_kinds import KINDS
from scoreboard.state.options import OPTIONS, Option

OPTION_KEYS = {option.key for option in OPTIONS}
DEFAULTS = {option.key: option.default for option in OPTIONS}
BANNED = re.compile(r"\b(sigma|variance|standard deviation|p-value|control limit|null|nan|none|traceback)s?\b", re.IGNORECASE)
LEVEL = re.compile(r"order|line|unit|promise", re.IGNORECASE)

metrics = pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.key)
sources = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
all_relations = pytest.mark.parametrize("relation", relations.ALL, ids=lambda relation: relation.name)
sides = pytest.mark.parametrize("side", SIDES, ids=lambda side: f"{side.metric.key}-{side.name}")


def _known_column(name: str) -> bool:
    source, _, column = name.partition(".")
    return column in OPTION_KEYS if source == "option" else source in BY_NAME and column in BY_NAME[source].columns


# ---- metrics -----------------------------------------------------------------------------------------
def test_keys_and_names_of_metrics_are_unique() -> None:
    assert len({metric.key for metric in CATALOGUE}) == len({metric.name for metric in CATALOGUE}) == len(CATALOGUE)


@metrics
def test_a_metric_needs_columns_that_exist(metric: Metric) -> None:
    assert metric.needs
    assert [one for need in metric.needs for one in need.split("|") if not _known_column(one)] == []
    assert [one for one in metric.also if not _known_column(one)] == []


@metrics
def test_a_metric_reads_sources_it_needs(metric: Metric) -> None:
    needed = {one.partition(".")[0] for need in metric.needs for one in need.split("|")}
    assert needed & {source for _, counted in metric.sides for source in counted.relation.reads}


@metrics
def test_a_metric_names_only_options_corners_and_metrics_that_exist(metric: Metric) -> None:
    assert {metric.maturity, metric.minimum} - {""} <= OPTION_KEYS
    assert metric.corner in (*CORNERS, "")
    assert metric.instead_of in (*BY_KEY, "")


@metrics
def test_a_substitute_stands_in_the_same_corner_under_another_name(metric: Metric) -> None:
    if metric.instead_of:
        assert metric.corner == BY_KEY[metric.instead_of].corner
        assert metric.name != BY_KEY[metric.instead_of].name


@metrics
def test_only_sourced_targets_stand_in_the_catalogue(metric: Metric) -> None:
    assert bool(metric.source) == (metric.target is not None or metric.floor is not None)


def test_the_sourced_targets_are_those_of_the_guide_and_no_others() -> None:
    assert {m.key: (m.target, m.floor) for m in CATALOGUE if m.source} == {
        "fill_rate": (0.95, 0.85), "fill_rate_critical": (0.95, None), "order_accuracy": (0.99, None),
        "rma_turnaround": (7 * 1440, 14 * 1440), "order_cycle_time": (24 * 60, 72 * 60), "same_day_priority": (1.0, None)}


@metrics
def test_the_target_lies_on_the_good_side_of_the_floor(metric: Metric) -> None:
    if metric.target is not None and metric.floor is not None:
        assert (metric.target - metric.floor) * metric.direction > 0


@metrics
def test_the_name_carries_the_level_and_the_clock(metric: Metric) -> None:
    if {counted.relation.name for _, counted in metric.sides} & {"lines", "orders", "shipped_orders", "credited_lines"}:
        assert LEVEL.search(metric.name)
    assert ("median" in metric.name) == metric.is_duration
    assert ("working" in metric.name) == (getattr(metric.whole, "clock", "") == "working")
    if metric.is_duration:
        assert metric.unit in metric.name


@metrics
def test_names_and_definitions_speak_plainly(metric: Metric) -> None:
    reasons = [reason for _, counted in metric.sides for reason, _ in counted.checks]
    for text in (metric.name, metric.definition, *reasons):
        assert text.strip() == text != ""
        assert not BANNED.search(text)
    assert metric.definition.endswith(".")


def test_the_board_has_eight_metrics_and_every_corner_one() -> None:
    board = [BY_KEY[key] for key in DEFAULTS["board_metrics"]]
    assert len(board) == 8
    assert {metric.corner for metric in board} >= set(CORNERS)


# ---- relations ---------------------------------------------------------------------------------------
@all_relations
def test_a_relation_reads_sources_and_dates_its_rows_by_their_columns(relation: Relation) -> None:
    assert set(relation.reads) <= set(BY_NAME)
    for column, origins in relation.dates.items():
        assert isinstance(relation.table.c[column].type, Date | DateTime)
        assert origins
        for origin in origins:
            source, _, name = origin.partition(".")
            assert source in relation.reads
            assert name in BY_NAME[source].dates


@all_relations
def test_every_row_of_a_relation_belongs_to_a_branch(relation: Relation) -> None:
    assert "branch" in relation.table.c


@sides
def test_the_week_of_a_side_is_a_date_of_its_relation(side: Side) -> None:
    assert side.counted.relation in relations.ALL
    assert side.counted.week in side.counted.relation.dates


@sides
def test_an_open_row_is_decided_some_day(side: Side) -> None:
    if isinstance(side.counted, Count) and (side.counted.open is not None or side.counted.cohort):
        assert side.counted.due is not None


# ---- statements --------------------------------------------------------------------------------------
def _sql(side: Side) -> Iterator[str]:
    values = {**options_as_parameters(DEFAULTS), "quote_standard_minutes": 120}
    columns = [column.name for column in side.counted.relation.table.columns]
    yield engine.compiled(weekly((side,), 0, limited=True), values)[0]
    asked = {"of_branch": "EAST", "from_day": date(2026, 11, 2), "to_day": date(2026, 11, 9)}
    yield engine.compiled(rows_behind(side, tuple(columns)), {**values, **asked})[0]
    yield engine.inlined(side.counted.relation.statement, values)


@sides
def test_no_statement_computes_in_32_bits_or_three_decimals(side: Side) -> None:
    for text in _sql(side):
        assert not re.search(r"\b(FLOAT|FLOAT4|REAL|NUMERIC|DECIMAL)\b", text)


@pytest.fixture
def everything(tmp_path: Path) -> Iterator[Run]:
    """A run over no rows, of a branch whose loads have every column of every source."""
    options = {**DEFAULTS, "quote_standard_minutes": 120, "exception_standards": {"late delivery": 480}}
    company = Company({"EAST": Branch("EAST", "East")}, (("EAST", "North", date(2026, 1, 5), None),), options,
                      datetime(2026, 11, 9, 12))
    pieces = [Piece("EAST", s.name, s.columns, date(2026, 10, 5), date(2026, 11, 6), datetime(2026, 11, 6, 18)) for s in SOURCES]
    state = open_database(f"sqlite:///{tmp_path / 'scoreboard.sqlite'}")
    with reading(state) as conn:
        cases = for_figures(conn, (), None, None, company.terms, company.now)
    state.dispose()
    con = engine.connect(tmp_path / "scratch")
    yield Run(con, tmp_path, (), cases, company, reaches.fold(pieces, company))
    con.close()


def test_with_every_column_every_metric_is_available_as_of_the_files_end(everything: Run) -> None:
    lacking = {metric.key: everything.reach.missing(metric, "EAST") for metric in CATALOGUE}
    assert {key: gaps for key, gaps in lacking.items() if gaps} == {}


def test_every_weekly_statement_runs_and_finds_nothing_in_an_empty_store(everything: Run) -> None:
    assert roll_up(everything, {metric.key: None for metric in CATALOGUE}) == []


def test_the_rows_behind_every_side_can_be_read(everything: Run) -> None:
    week = date(2026, 11, 2)
    asked = {**parameters(everything), "of_branch": "EAST", "from_day": week, "to_day": date(2026, 11, 9)}
    prepare(everything)
    for side in SIDES:
        define_relation(everything, side.counted.relation, side.counted.week, frozenset({week}))
        columns = [column.name for column in side.counted.relation.table.columns]
        assert engine.run(everything.con, rows_behind(side, tuple(columns)), asked) == []


# ---- sources -----------------------------------------------------------------------------------------
def test_names_and_titles_of_sources_are_unique() -> None:
    assert len(BY_NAME) == len({source.title for source in SOURCES}) == len(SOURCES)


@sources
def test_a_source_names_columns_it_has(source: Source) -> None:
    named = {*source.key, *source.record, *source.required, *source.events, *source.filed_by, *source.optional_key}
    assert named <= set(source.columns)
    assert source.columns[0] == "branch"
    assert len(set(source.columns)) == len(source.columns)


@sources
def test_a_source_is_dated_and_keyed_soundly(source: Source) -> None:
    assert source.key
    assert set(source.optional_key) < set(source.key)
    assert set(source.record) | set(source.events) <= set(source.dates)
    assert not source.keyless or source.record
    assert source.record or source.order


@sources
def test_columns_are_typed_by_their_names(source: Source) -> None:
    for column in source.table.columns:
        if re.search(r"(_at|_for|_by)$|^at$", column.name) and column.name not in ("promise_moved_by", "promise_made_by"):
            assert isinstance(column.type, DateTime), column.name
        if re.search(r"(_on|^on|^week|_end)$", column.name):
            assert isinstance(column.type, Date) and not isinstance(column.type, DateTime), column.name
        if column.name.startswith("qty") or column.name in ("value", "cost"):
            assert isinstance(column.type, Double), column.name


@sources
def test_no_promise_or_deadline_says_how_far_a_file_reaches(source: Source) -> None:
    assert [column for column in source.events if re.search(r"_for$|_by$|deadline|promise", column)] == []


def test_words_a_column_takes_belong_to_text_columns_that_exist() -> None:
    for name, words in CHOICES.items():
        source, _, column = name.partition(".")
        assert isinstance(BY_NAME[source].table.c[column].type, String)
        assert len({word.casefold() for word in words}) == len(words) > 1


def test_a_yes_or_no_is_a_boolean_and_nothing_else_is() -> None:
    assert {type(c.type) for s in SOURCES for c in s.table.columns} == {String, Double, DateTime, Date, Boolean}


# ---- options -----------------------------------------------------------------------------------------
def test_keys_of_options_are_unique() -> None:
    assert len(OPTION_KEYS) == len(OPTIONS)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.key)
def test_an_option_has_a_meaning_and_a_kind_that_can_be_read(option: Option) -> None:
    assert option.kind in KINDS
    assert option.meaning.strip() == option.meaning != ""
