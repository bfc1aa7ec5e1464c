"""Who is asking: what a person sees (their branches) and what they may change (their role).

Every read takes a `Viewer` and gives only what lies in their branches; a refusal never tells whether
the branch that was asked for exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoreboard.errors import NotAllowed

# What each role may change, in its own branches. Reading needs no permission beyond the branch.
MAY_CHANGE: dict[str, tuple[str, ...]] = {
    "administrator": ("load", "undo", "targets", "notes", "cases", "ladder", "standards", "rollout", "branches", "options", "people"),
    "territory manager": ("load", "undo", "targets", "notes", "cases", "ladder", "standards", "rollout"),
    "branch leader": ("load", "undo", "targets", "notes", "cases", "ladder", "standards", "rollout"),
    "team member": ("notes", "cases"),
    "coach": ("notes", "rollout"),
    "viewer": (),
}
ROLES = tuple(MAY_CHANGE)


@dataclass(frozen=True)
class Viewer:
    """A person at one moment; `branches` None means every branch, those to come included."""

    email: str
    name: str
    role: str
    branches: frozenset[str] | None

    @property
    def who(self) -> str:
        """How the change log names them."""
        return self.email or "administrator"

    def sees(self, branch: str) -> bool:
        return self.branches is None or branch in self.branches

    def require_branch(self, branch: str) -> None:
        """Raises NotAllowed in the same words whether the branch is another's or nobody's."""
        if not self.sees(branch):
            yours = ", ".join(sorted(self.branches or ())) or "none yet"
            raise NotAllowed(f'"{branch}" is not one of your branches.', f"Yours: {yours}.")

    def require_everything(self, what: str) -> None:
        """Raises NotAllowed when `what` concerns every branch and the viewer does not see them all."""
        if self.branches is not None:
            raise NotAllowed(f"{what} concerns branches that are not yours.", "Ask an administrator.")

    def require_change(self, what: str) -> None:
        """Raises NotAllowed unless the role may change `what`, one of the words in MAY_CHANGE."""
        if what not in MAY_CHANGE[self.role]:
            may = [role for role in ROLES if what in MAY_CHANGE[role]]
            raise NotAllowed(f"Your role ({self.role}) may not change this: {what}.", f"Ask: {' or '.join(may)}.")


EVERYONE = Viewer("", "administrator", "administrator", None)  # while no people are known, everyone is this
