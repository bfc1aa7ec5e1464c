"""The branches of the sample: the six with a story, then ordinary ones, as many as asked for."""

from __future__ import annotations

from dataclasses import dataclass

NORTH, TOWN, SOUTH, PARCEL = "North loop", "Town loop", "South loop", "parcel"
_ROUTES = (TOWN, NORTH, SOUTH, TOWN, NORTH, TOWN, SOUTH, PARCEL)


@dataclass(frozen=True)
class Place:
    """A branch and its usual week: how many orders, quotes, exceptions, contacts, returns, cores and answers.

    `routes` is dealt to the customers in turn. `shipments_apart` says that its order lines carry no shipping
    columns; `totals_only` that it counts its contacts by hand and has weekly totals instead of rows.
    """

    number: int
    code: str
    name: str
    territory: str
    time_zone: str
    open_days: str
    opens: str
    closes: str
    orders: int
    quotes: int
    people: int
    exceptions: int = 11
    contacts: int = 10
    returns: int = 6
    cores: int = 7
    surveys: int = 4
    routes: tuple[str, ...] = _ROUTES
    shipments_apart: bool = False
    totals_only: bool = False


_VALLEY, _COAST, _EAST, _CENTRAL = "River Valley", "Coast", "America/New_York", "America/Chicago"

_STORY_PLACES = (
    Place(0, "RIV", "Riverside", _VALLEY, _CENTRAL, "12345", "07:30", "17:00", orders=18, quotes=18, people=14),
    Place(1, "HAR", "Harbor", _COAST, _EAST, "123456", "07:00", "16:30", orders=16, quotes=13, people=12,
          routes=(NORTH, TOWN, NORTH, SOUTH, NORTH, TOWN, NORTH, PARCEL)),
    Place(2, "MIL", "Millbrook", _VALLEY, _CENTRAL, "12345", "07:30", "17:00", orders=16, quotes=13, people=11),
    Place(3, "LAK", "Lakeside", _VALLEY, _CENTRAL, "12345", "08:00", "17:00", orders=13, quotes=12, people=9, cores=12),
    Place(4, "CED", "Cedar Hollow", _COAST, _EAST, "12345", "08:00", "17:00", orders=12, quotes=11, people=4,
          exceptions=10, contacts=9, returns=5, surveys=3, shipments_apart=True, totals_only=True),
    Place(5, "SUM", "Summit", _COAST, _EAST, "12345", "07:30", "17:30", orders=15, quotes=13, people=10),
)

_FIRST_WORDS = ("Ash", "Birch", "Clear", "Eagle", "Fair", "Glen", "High", "Iron", "Long", "Maple", "Oak", "Prairie")
_LAST_WORDS = ("field", "ford", "haven", "moor", "point", "ridge", "ton", "view", "wood")
_TERRITORIES = ("Plains", "Lakes", "Piedmont", "Delta", "High Desert", "North Woods", "Gulf", "Foothills")
_TIME_ZONES = (_EAST, _CENTRAL, "America/Denver", "America/Los_Angeles")


def places(count: int) -> tuple[Place, ...]:
    """The first `count` branches; the same ones whatever the count."""
    return (_STORY_PLACES + tuple(_ordinary(number) for number in range(len(_STORY_PLACES), count)))[:count]


def _ordinary(number: int) -> Place:
    at = number - len(_STORY_PLACES)
    name = _FIRST_WORDS[at % len(_FIRST_WORDS)] + _LAST_WORDS[at * 5 % len(_LAST_WORDS)]
    again, region = at // (len(_FIRST_WORDS) * len(_LAST_WORDS) // 3), at // 8
    territory = _TERRITORIES[region] if region < len(_TERRITORIES) else f"Region {region + 1}"
    size = 12 + at * 7 % 11
    return Place(
        number, f"B{number + 1:03d}", f"{name} {again + 1}" if again else name, territory, _TIME_ZONES[region % 4],
        "123456" if at % 3 == 0 else "12345", "07:30", "17:00", orders=size, quotes=size - 1, people=size * 2 // 3,
        shipments_apart=at % 5 == 4)
