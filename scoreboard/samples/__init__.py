"""A made-up company with stories planted in it: one clean export per source, the set-up, and `sample.toml`.

The same seed gives the same bytes on every platform, and the first branches are the same whatever their number.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Iterable

from scoreboard.errors import Refused
from scoreboard.samples import company, orders, quoting, returning, service, shipping
from scoreboard.samples.places import places
from scoreboard.samples.shifted import write_shifted
from scoreboard.samples.shipping import Row
from scoreboard.samples.stories import STORIES, Story
from scoreboard.samples.world import World, world
from scoreboard.weeks import WEEK, week_of

__all__ = ["COLUMNS", "STORIES", "Story", "write_sample", "write_shifted"]

COLUMNS: dict[str, tuple[str, ...]] = {name: tuple(columns.split()) for name, columns in {
    "quotes": "branch quote_no requested_at responded_at customer channel outcome order_no quote_group kind "
              "eta_given stock_verified",
    "order_lines": "branch order_no line_no customer part_no part_class ordered_at first_promised_for promised_for "
                   "promise_moved_by promise_made_by stocked backordered substituted transfer will_call qty_ordered "
                   "qty_first_shipment qty_shipped qty_delivered picked_at staged_at loaded_at shipped_at "
                   "delivered_at cancelled_at cancel_reason priority carrier route",
    "shipments": "branch shipment_no order_no line_no qty picked_at staged_at loaded_at shipped_at delivered_at "
                 "will_call carrier route",
    "credits": "branch credit_no credit_line order_no order_line issued_at shipped_at reason handoff customer_error "
               "caught_before_customer qty value",
    "returns": "branch rma_no rma_line kind opened_at received_at dispositioned_at repaired_at credited_at "
               "customer_told_at sold_at supplier_deadline_on disposition order_no part_no customer supplier reason "
               "warranty_eligible value",
    "exceptions": "branch case_no type opened_at accepted_at customer_called_at first_told_at resolved_at told_at "
                  "escalated_at reopened_at customer order_no part_no handoff owner root_cause route",
    "contacts": "branch contact_no at customer part_no",
    "surveys": "branch response_no at score",
    "team_changes": "branch person_key event on voluntary role",
    "shifts": "branch week scheduled_hours covered_hours headcount",
    "inventory": "branch period_end inventory_value cost_of_goods_sold",
    "weekly_totals": "branch week metric part whole",
    "branches": "code name territory time_zone country open_days opens closes",
    "targets": "scope_kind scope metric target floor from_on reason",
    "options": "key value reason",
}.items()}


def write_sample(out: Path, *, branches: int, weeks: int, seed: int,
                 first_week: date = date(2025, 9, 15)) -> dict[str, Path]:
    """Writes the sample into folder `out`; returns its files by name: every source, branches, targets, options, sample.

    `weeks` weeks from the one that holds `first_week`; the export is made on the Sunday evening of the last one,
    and what had not happened by then is open. Times are each branch's wall clock, durations of targets in the unit
    shown on screen. Refused when there is nothing to write.
    """
    if branches < 1 or weeks < 1:
        raise Refused(f"A sample of {branches} branches and {weeks} weeks is empty.", "Ask for at least 1 of each.")
    out.mkdir(parents=True, exist_ok=True)
    first, chosen = week_of(first_week), places(branches)
    files = {name: out / f"{name}.csv" for name in COLUMNS} | {"sample": out / "sample.toml"}
    with ExitStack() as stack:
        tables = {}
        for name, columns in COLUMNS.items():
            file = stack.enter_context(files[name].open("w", encoding="utf-8", newline=""))
            tables[name] = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            tables[name].writeheader()
        for place in chosen:
            for name, rows in _rows(world(place, first, weeks, seed), first).items():
                tables[name].writerows({"branch": place.code} | row for row in rows)
        tables["branches"].writerows(company.branch_rows(chosen))
        tables["targets"].writerows(company.target_rows(chosen, first, weeks))
        tables["options"].writerows(company.option_rows())
    files["sample"].write_text(_about(branches, weeks, seed, first), encoding="utf-8", newline="\n")
    return files


def _rows(of: World, first: date) -> dict[str, Iterable[Row]]:
    placed = orders.orders(of)
    return {
        "quotes": quoting.quote_rows(of, placed), "order_lines": shipping.order_line_rows(of, placed),
        "shipments": shipping.shipment_rows(of, placed), "credits": shipping.credit_rows(of, placed),
        "returns": returning.return_rows(of, placed), "exceptions": service.exception_rows(of, placed),
        "contacts": service.contact_rows(of), "surveys": service.survey_rows(of),
        "team_changes": company.team_rows(of), "shifts": company.shift_rows(of, first),
        "inventory": company.inventory_rows(of, first), "weekly_totals": company.total_rows(of, first)}


def _about(branches: int, weeks: int, seed: int, first: date) -> str:
    last = first + (weeks - 1) * WEEK
    return ("# The sample these files are, and how far it reaches; times are each branch's wall clock.\n"
            f"branches = {branches}\nweeks = {weeks}\nseed = {seed}\nfirst_week = {first}\nlast_week = {last}\n"
            f"through = {last + timedelta(days=6)}T23:00:00\n")
