"""RELATIONS of the catalogue: one row per thing counted (line, order, credited line, quote group, …)."""

from scoreboard.metrics.model import Relation
from scoreboard.metrics.relations.credited import credited_lines, shipped_orders
from scoreboard.metrics.relations.deliveries import line_critical, line_filled, line_fills, line_unshipped, lines, orders
from scoreboard.metrics.relations.service import answers, case_rows, contact_rows, own_return, quote_groups, return_lines
from scoreboard.metrics.relations.team import starters, stock_years, team_weeks

ALL: tuple[Relation, ...] = (lines, orders, credited_lines, shipped_orders, quote_groups, return_lines, contact_rows,
                             answers, case_rows, team_weeks, starters, stock_years)

__all__ = ["ALL", "answers", "case_rows", "contact_rows", "credited_lines", "line_critical", "line_filled", "line_fills",
           "line_unshipped", "lines", "orders", "own_return", "quote_groups", "return_lines", "shipped_orders", "starters",
           "stock_years", "team_weeks"]
