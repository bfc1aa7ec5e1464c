"""Quotes, contacts, exceptions, survey answers and returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.trap_data.chance import CUSTOMERS, DAY, HOUR, MINUTE, PARTS, Chance

Row = dict[str, Any]
TYPES = ("late delivery", "wrong part", "billing")


def quotes(chance: Chance, size: int, lines: Sequence[Row]) -> list[Row]:
    """Quotes and revisions: acknowledgements, late and missing answers, orders at the edge of 30 days."""
    ordered = [line for line in lines if line["ordered_at"] is not None]
    return [row for number in range(size) for row in _quote(chance, f"Q{number}", chance.one(ordered))]


def _quote(chance: Chance, quote_no: str, line: Row) -> list[Row]:
    gap = chance.one((None, None, None, 30 * DAY, 30 * DAY - MINUTE, 5 * DAY, -HOUR, -2 * DAY))
    requested_at = chance.moment() if gap is None else line["ordered_at"] - gap
    order_no = line["order_no"] if gap is not None else chance.one((None, None, "lost", line["order_no"]))
    grouped, step = chance.often(0.6), chance.one((0, 1, 3, 30)) * HOUR
    rows = []
    for revision in range(chance.one((1, 1, 2, 3))):
        at = requested_at + revision * step
        rows.append({
            "quote_no": f"{quote_no}-{revision}" if revision else quote_no,
            "quote_group": quote_no if grouped and (revision or chance.often(0.5)) else None,
            "requested_at": chance.maybe(at, 0.96), "responded_at": chance.later(at, 3),
            "outcome": chance.one((None, "open", "won", "lost", "no quote")),
            "eta_given": chance.one((None, True, True, False)), "order_no": chance.maybe(order_no),
            "customer": chance.maybe(chance.one(CUSTOMERS)), "kind": chance.one((None, "counter", "special", "bid")),
            "stock_verified": chance.maybe(True, 0.5), "needed_by": chance.later(at, 9, missing=0.5)})
    return rows


def contacts(chance: Chance, size: int) -> list[Row]:
    """Contacts, many repeated: at the same minute, within 7 days, exactly 7 days later, a minute after that."""
    rows: list[Row] = []
    for number in range(size):
        at = chance.moment()
        customer, part_no = chance.maybe(chance.one(CUSTOMERS), 0.9), chance.maybe(chance.one(PARTS), 0.7)
        if rows and chance.often(0.4):
            before = chance.one(rows)
            at = before["at"] + chance.one((0 * DAY, HOUR, 3 * DAY, 7 * DAY - MINUTE, 7 * DAY, 7 * DAY + MINUTE))
            customer, part_no = before["customer"], before["part_no"]
        rows.append({"contact_no": f"T{number}", "at": at, "customer": customer, "part_no": part_no,
                     "channel": chance.one((None, "counter", "mail")), "resolved": chance.one((None, True, False))})
    return rows


def exceptions(chance: Chance, size: int) -> list[Row]:
    """Exceptions: closed before told, told before closed, never; alike ones up to exactly 90 days apart."""
    rows: list[Row] = []
    for number in range(size):
        opened_at = chance.moment()
        if rows and chance.often(0.15):
            gap = chance.one((0 * DAY, MINUTE, 90 * DAY, 90 * DAY + MINUTE))
            opened_at = chance.one(rows)["opened_at"] - gap
        resolved_at = chance.later(opened_at, 4)
        rows.append({
            "case_no": f"X{number}", "type": chance.one(TYPES), "opened_at": opened_at,
            "accepted_at": chance.later(opened_at, 1), "first_told_at": chance.later(opened_at, 2, missing=0.3),
            "customer_called_at": chance.later(opened_at, 2, missing=0.6), "resolved_at": resolved_at,
            "told_at": chance.later(resolved_at or opened_at, 2, missing=0.3),
            "escalated_at": chance.later(opened_at, 2, missing=0.8), "part_no": chance.one((None, f"00{number % 23}")),
            "customer": chance.one((None, f"C-{number % 17:02}")), "route": chance.one((None, None, f"R{number % 11}")),
            "root_cause": chance.one((None, None, f"cause {number % 13}")), "owner": chance.maybe("counter"),
            "order_no": chance.maybe(f"{1000 + number}"), "priority": chance.one((None, "urgent"))})
    return rows


def surveys(chance: Chance, size: int) -> list[Row]:
    """Answers on both sides of 6/7 and 8/9."""
    return [{"response_no": f"N{number}", "at": chance.moment(), "score": float(chance.one((0, 5, 6, 7, 8, 9, 10))),
             "comment": chance.one((None, "=1+1", 'said "fine", twice'))} for number in range(size)]


def returns(chance: Chance, size: int) -> list[Row]:
    """Returns, cores, warranty and damaged parts: never received, told but not credited, deadlines past and near."""
    rows = []
    for number in range(size):
        opened_at, received_at = chance.moment(), None
        if chance.often(0.85):
            received_at = chance.later(opened_at, 6, missing=0)
        start = received_at or opened_at
        deadline = (start + chance.random.randint(0, 30) * DAY).date()
        credited_at = chance.later(start, 12, missing=0.25)
        if chance.often(0.1):
            credited_at = start.replace(hour=0, minute=0) + chance.one((0 * MINUTE, MINUTE, -MINUTE))
            deadline = start.date() + 7 * DAY
        rows.append({
            "rma_no": f"M{number // 2}", "rma_line": str(number) if number % 2 else None,
            "opened_at": chance.maybe(opened_at, 0.9),
            "kind": chance.one(("return", "core", "core", "warranty", "damaged")), "received_at": received_at,
            "sold_at": chance.maybe(start - chance.random.randint(-1, 40) * DAY, 0.7), "credited_at": credited_at,
            "dispositioned_at": chance.later(start, 20, missing=0.25),
            "customer_told_at": chance.later(start, 12, missing=0.25),
            "supplier_deadline_on": chance.maybe(deadline, 0.7), "disposition": chance.one((None, "restock", "scrap")),
            "order_no": chance.maybe(f"{1000 + number}"), "part_no": chance.maybe(chance.one(PARTS)),
            "value": chance.maybe(float(chance.random.randint(0, 900))), "reason": chance.one((None, "over-buy"))})
        if rows[-1]["opened_at"] is None and received_at is None:
            rows[-1]["sold_at"] = start - 3 * DAY
    return rows
