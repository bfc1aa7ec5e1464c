"""The commands of rules: what they would open, switching one on, what it then opened."""

from __future__ import annotations

from tests.command_line import Store

EAST = ("--branch", "EAST")


def test_a_rule_is_tried_switched_on_and_off(copy_of_six_orders: Store) -> None:
    store = copy_of_six_orders
    assert not any(rule["on"] for rule in store.json("rules", "list")["rules"])
    would = store.json("rules", "try", "late_delivery", *EAST)["would_open"]["late_delivery"]
    assert store.json("cases", "list", *EAST)["cases"] == [], "trying writes nothing"
    store.json("rules", "on", "late_delivery", "--why", "agreed in the huddle")
    opened = store.json("cases", "list", *EAST)["cases"]
    assert [(one["rule"], one["order_no"]) for one in opened] == [("late_delivery", "E4")] and len(would) == 1
    store.json("rules", "off", "late_delivery", "--why", "too early")
    assert len(store.json("cases", "list", *EAST)["cases"]) == 1, "what it opened stays"
    assert [rule["on"] for rule in store.json("rules", "list")["rules"] if rule["key"] == "late_delivery"] == [False]
