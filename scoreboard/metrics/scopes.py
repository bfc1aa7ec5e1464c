"""What a board is about: a branch, a territory or the company — and whether the viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scoreboard.errors import NotAllowed, Refused, did_you_mean
from scoreboard.metrics.company import Company
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import week_of


@dataclass(frozen=True)
class Scope:
    """`kind` is branch, territory or company; `name` is empty for the company.

    `since`: the first week the viewer may see; earlier ones of a territory held branches that are not theirs.
    """

    kind: str
    name: str
    since: date = date.min

    def members(self, company: Company, week: date) -> frozenset[str]:
        if self.kind == "branch":
            return frozenset((self.name,))
        return company.members(self.name, week) if self.kind == "territory" else frozenset(company.branches)

    def today(self, company: Company) -> datetime:
        """Now on the scope's wall clock."""
        return company.local_now(self.name) if self.kind == "branch" else company.today

    def running_week(self, company: Company) -> date:
        """The week that has not ended."""
        return week_of(self.today(company).date(), company.first_day)

    @property
    def title(self) -> str:
        return self.name or "Company"


def scope_for(company: Company, viewer: Viewer, *, branch: str | None = None, territory: str | None = None,
              whole: bool = False) -> Scope:
    """The scope asked for. Refused when it is unknown or not exactly one; NotAllowed when it is not the viewer's."""
    if sum((branch is not None, territory is not None, whole)) != 1:
        raise Refused("Say what the figures are of.", "Give one of --branch CODE, --territory NAME, --company.")
    if branch is not None:
        return _branch(company, viewer, branch)
    if territory is not None:
        return _territory(company, viewer, territory)
    viewer.require_everything("The company's board")
    return Scope("company", "")


def _branch(company: Company, viewer: Viewer, code: str) -> Scope:
    found = next((c for c in company.branches if c.casefold() == code.strip().casefold()), code)
    viewer.require_branch(found)
    if found not in company.branches:
        raise Refused(f'There is no branch "{code}".', 'See "branches list".' + did_you_mean(code, company.branches))
    return Scope("branch", found)


def _territory(company: Company, viewer: Viewer, name: str) -> Scope:
    name = next((t for _, t, _, _ in company.memberships if t.casefold() == name.strip().casefold()), name)
    members = [(code, end) for code, territory, _, end in company.memberships if territory == name]
    others = [end for code, end in members if not viewer.sees(code)]
    if viewer.branches is not None and (len(others) == len(members) or None in others):
        raise NotAllowed(f'"{name}" is not a territory whose branches are all yours.', "Ask an administrator.")
    if not members:
        known = sorted({territory for _, territory, _, _ in company.memberships})
        raise Refused(f'There is no territory "{name}".', f"Known: {', '.join(known) or 'none'}.{did_you_mean(name, known)}")
    return Scope("territory", name, max((end for end in others if end), default=date.min))
