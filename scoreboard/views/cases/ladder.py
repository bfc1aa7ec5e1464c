"""Who owns exceptions of a branch and who hears of them, as plain data in words; and how it is changed.

The convention: of an address only its kind ever comes here. Everything is read anew each time: it is little, and just changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from scoreboard.calendars import wall_clock
from scoreboard.cases import contacts, playbook, said, types
from scoreboard.cases.contacts import Contact
from scoreboard.cases.playbook import Step
from scoreboard.cases.said import Message
from scoreboard.cases.terms import fold
from scoreboard.cases.watch import LADDER
from scoreboard.errors import Refused
from scoreboard.imports.reroll import change
from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.state import options
from scoreboard.state.database import reading, writing
from scoreboard.views import data
from scoreboard.views.asking import Asked

RUNGS = {"owner": "Owners", "leader": "Leader", "territory": "Territory"}
_KINDS = {"mailto": "mail", "mailtos": "mail", "msteams": "Teams", "workflows": "Teams", "slack": "Slack"}
_OUTCOMES = {"tries again": "not taken, tries again", "waits": "waits for quiet hours to end", "not needed": "not needed: over before"}
RECENT = 30  # messages


@dataclass(frozen=True)
class Book:
    """All that is agreed for a branch. `places` are those the viewer may add somebody for: {on screen: (kind, name)}."""

    rungs: dict[str, list[Contact]]
    owners: list[str]
    places: dict[str, tuple[str, str]]
    types: list[dict[str, str]]
    names: list[str]
    handoff_of: dict[str, str]
    owner_of: dict[str, str]
    minutes_of: dict[str, float]
    terms: str
    playbook: dict[str, tuple[list[Step], bool]]
    messages: list[dict[str, str]]


def read(asked: Asked, branch: str) -> Book:
    """What is agreed for a branch. NotAllowed for another's."""
    viewer, now = asked.viewer, asked.settings.now
    viewer.require_branch(branch)
    with reading(asked.engine) as conn:
        company = data.company_of(asked, conn)
        ladder = contacts.of_branch(conn, viewer, branch, now)
        kinds = types.of_branch(conn, branch)
        steps = {kind: playbook.of_branch(conn, viewer, branch, kind) for kind in playbook.KINDS}
        sent = said.listing(conn, viewer, branch, limit=RECENT)
        owners = contacts.owners(conn, branch, now)
    standards, zone = company.terms, company.zones[branch]
    territory = next((name for code, name, _, end in company.memberships if code == branch and end is None), "")
    theirs = [code for code, name, _, end in company.memberships if name == territory and end is None]
    places = {"this branch": ("branch", branch)}
    if territory and all(viewer.sees(code) for code in theirs):
        places[f"every branch of {territory}"] = ("territory", territory)
    if viewer.branches is None:
        places["every branch"] = ("company", "")
    return Book(
        {role: [one for one in ladder if one.role == role] for role in LADDER}, owners, places,
        [{"Type": t.name, "Standard": hours(standards.standard(t.name)), "Who gets it here": t.owner or "nobody yet", "Handoff": t.handoff}
         for t in kinds], [t.name for t in kinds], {t.name: t.handoff for t in kinds}, {t.name: t.owner for t in kinds},
        {t.name: found for t in kinds if (found := standards.standard(t.name))}, _terms(company.options), steps,
        [_message(one, zone) for one in sent])


def reached_by(contact: Contact) -> str:
    """How somebody is reached, in a word."""
    return f"by {_KINDS.get(contact.channel, contact.channel)}" if contact.channel else "no address: is not reached"


def hours(minutes: float | None) -> str:
    """A standard in words."""
    return f"{minutes / 60:g} working hours" if minutes else "not agreed"


def _terms(kept: Mapping[str, Any]) -> str:
    accept, quiet = kept["accept_minutes"], kept["quiet_hours"]
    return " ".join((
        f"An owner accepts within {accept:g} working minutes." if accept else "How soon an owner accepts is not agreed.",
        f"Quiet hours: {quiet.replace('-', ' to ')}, on the branch's clock; mission-critical ones are sent all the same."
        if quiet else "There are no quiet hours: messages are sent at any time."))


def _message(one: Message, zone: str) -> dict[str, str]:
    outcome = _OUTCOMES.get(one.outcome, one.outcome)
    return {"When": _moment(one.sent_at or one.made_at, zone), "To": f"{one.role} {one.name}".strip(),
            "Outcome": f"{outcome}. {one.trouble}" if one.trouble else outcome, "What": one.about,
            "How": _KINDS.get(one.channel, one.channel)}


def _moment(at: datetime, zone: str) -> str:
    return words.day_and_time(wall_clock(at, zone))


# ---- changing ----------------------------------------------------------------------------------------
def add(asked: Asked, place: tuple[str, str], role: str, name: str, address: str) -> None:
    """Puts somebody on a rung, or gives them another address."""
    with writing(asked.engine) as conn:
        contacts.add(conn, asked.viewer, scope_kind=place[0], scope=place[1], role=role, name=name, address=address,
                     now=asked.settings.now)


def remove(asked: Asked, contact_id: int) -> None:
    with writing(asked.engine) as conn:
        contacts.remove(conn, asked.viewer, contact_id, asked.settings.now)


def put_back(asked: Asked, contact_id: int) -> None:
    with writing(asked.engine) as conn:
        contacts.put_back(conn, asked.viewer, contact_id, asked.settings.now)


def keep_type(asked: Asked, branch: str, name: str, handoff: str, owner: str) -> None:
    """Adds a type, or says who gets one."""
    with writing(asked.engine) as conn:
        types.keep(conn, asked.viewer, branch=branch, name=name, handoff=handoff, owner=owner,
                   owners=contacts.owners(conn, branch, asked.settings.now), now=asked.settings.now)


def keep_standard(asked: Asked, name: str, wanted: float | None, why: str) -> int:
    """Agrees the standard of a type for the whole company, in working hours (None: none); how many weekly figures changed."""
    asked.viewer.require_change("options")
    if not why.strip():
        raise Refused("There is no reason yet.", "Say why, for whoever asks next year.")
    text = "none" if wanted is None else f"{wanted * 60:g}"

    def apply(conn: Connection) -> None:
        kept = options.current(conn)["exception_standards"]
        key = next((known for known in kept if fold(known) == fold(name)), name)
        options.set_option(conn, f"exception_standards.{key}", text, why=why.strip(), who=asked.viewer.who,
                           now=asked.settings.now, metrics=BY_KEY)

    return change(asked.settings, asked.engine, asked.viewer.who, "option", apply)


def keep_playbook(asked: Asked, branch: str, kind: str, lines: str | Sequence[Step]) -> None:
    """Puts steps, written one a line, in place of those of a branch."""
    steps = [playbook.read_step(line) for line in lines.splitlines() if line.strip()] if isinstance(lines, str) else lines
    with writing(asked.engine) as conn:
        playbook.keep(conn, asked.viewer, branch=branch, kind=kind, steps=steps, now=asked.settings.now)
