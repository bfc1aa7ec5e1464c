"""Quotes of the sample: asked, answered in working time, revised, and won by an order that exists."""

from __future__ import annotations

from bisect import bisect_left
from random import Random
from typing import Iterator

from scoreboard.samples.orders import Order
from scoreboard.samples.shipping import Row, yes
from scoreboard.samples.stories import FAST_BUT_SLOPPY
from scoreboard.samples.world import DAY, World, between, chosen, counted, popular, skewed

_CHANNELS = (("counter", 0.35), ("phone", 0.3), ("e-mail", 0.2), ("web", 0.15))
_KINDS = (("counter", 0.7), ("special", 0.22), ("bid", 0.08))
_FATES = (("won", 0.37), ("won by phone", 0.02), ("lost", 0.54), ("no quote", 0.03), ("never answered", 0.04))


def quote_rows(world: World, orders: list[Order]) -> Iterator[Row]:
    """Every quote by the time it was asked for, revisions of it right behind."""
    rng = world.chance("quotes")
    moments = [world.hours.in_week(rng, week) for week in range(world.weeks)
               for _ in range(counted(rng, world.place.quotes))]
    free = {order.number: order for order in orders}
    number = 20001
    for moment in sorted(moment for moment in moments if moment is not None):
        rows = _group(world, rng, orders, free, number, moment)
        yield from rows
        number += len(rows)


def _group(world: World, rng: Random, orders: list[Order], free: dict[str, Order], number: int,
           moment: int) -> list[Row]:
    """The rows of one wish: one, or two when it was revised; only the last one can be won."""
    channel, fate = chosen(rng, _CHANNELS), chosen(rng, _FATES)
    if channel == "web" and rng.random() < 0.25:
        moment = moment // DAY * DAY + world.hours.closes + between(rng, 30, 240)
    answered = None if fate == "never answered" else world.hours.after(moment, _answer_minutes(world, rng, moment))
    customer, shared = popular(rng, world.customers).name, _shared(rng, channel)
    asked = [(moment, answered)]
    if answered is not None and fate in ("won", "lost") and rng.random() < 0.12:
        again = world.hours.after(answered, between(rng, 120, 1200))
        asked.append((again, world.hours.after(again, _answer_minutes(world, rng, again))))
    order = _order(rng, orders, free, asked[-1][1]) if fate == "won" and answered is not None else None
    if order:
        customer = order.customer.name
    asked = [(at, answer) for at, answer in asked if world.hours.seen(at) is not None]
    names = [f"Q{number + n}" for n in range(len(asked))]
    rows = []
    for name, (at, answer) in zip(names, asked, strict=True):
        last = name == names[-1]
        outcome, order_no = _outcome(world, rng, fate, answer, order) if last else ("open", "")
        rows.append(shared | {
            "quote_no": name, "requested_at": world.hours.text(at), "responded_at": world.hours.event(answer),
            "customer": customer, "outcome": outcome, "order_no": order_no,
            "quote_group": names[0] if len(names) > 1 else ""})
    return rows


def _shared(rng: Random, channel: str) -> Row:
    return {"channel": channel, "kind": chosen(rng, _KINDS), "eta_given": yes(rng.random() < 0.97),
            "stock_verified": yes(rng.random() < 0.8)}


def _answer_minutes(world: World, rng: Random, asked: int) -> int:
    """Working minutes to the answer: some hours, a few wait for more than a day."""
    minutes = between(rng, 20, 200) + skewed(rng, 0, 450)
    return minutes // 4 if world.tells(FAST_BUT_SLOPPY, asked) else minutes


def _order(rng: Random, orders: list[Order], free: dict[str, Order], answered: int | None) -> Order | None:
    """The next order of the branch that no quote has won yet, some days after the answer; a few after 30 days."""
    if answered is None:
        return None
    days = between(rng, 32, 40) if rng.random() < 0.07 else skewed(rng, 0, 14)
    wanted = answered + days * DAY
    for order in orders[bisect_left(orders, wanted, key=lambda order: order.ordered):]:
        if free.pop(order.number, None):
            return order
    return None


def _outcome(world: World, rng: Random, fate: str, answered: int | None, order: Order | None) -> tuple[str, str]:
    """Outcome and order number as known at the end; a quote not answered yet is open."""
    if answered is None or world.hours.seen(answered) is None:
        return "open", ""
    if fate == "won":
        return ("won", order.number) if order else ("open", "")
    if fate in ("won by phone", "no quote"):
        return fate.removesuffix(" by phone"), ""
    decided = world.hours.reach(answered // DAY, skewed(rng, 1, 25)) * DAY
    return ("lost" if world.hours.seen(decided) is not None else "open"), ""
