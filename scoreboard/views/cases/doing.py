"""Everything that can be done to an exception, as forms: FORMS says which fields each of ACTIONS has.

The convention: a form sends what it was shown (`seen`). Who was overtaken reads what the other changed, and saves theirs anyway or
leaves it; what was typed stays until then. Undoing is doing the opposite: nothing is ever taken out of the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoreboard.cases import desk
from scoreboard.cases.actions import ABOUT, ACTIONS, HOWS, PAUSES, Action, Desk
from scoreboard.cases.lifecycle import CRITICAL, CaseState, pause_at, status
from scoreboard.metrics import company as companies
from scoreboard.state.database import writing
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.views.asking import Asked
from scoreboard.views.cases import fields, moments
from scoreboard.views.cases.detail import Detail
from scoreboard.views.cases.fields import Fields
from scoreboard.views.cases.timeline import DID

FORMS: Mapping[str, tuple[str, ...]] = {
    "accepted": (), "handed over": ("owner", "note"), "noted": ("note",), "called": ("note", "at"),
    "updated": ("to", "how", "called_first", "next_update_at", "note", "at"), "promised": ("next_update_at", "note"),
    "paused": ("reason", "until", "note"), "resumed": ("note",), "resolved": ("root_cause", "note", "at"), "proposed": ("note",),
    "told": ("to", "how", "called_first", "note", "at"), "debriefed": ("handoff", "root_cause", "change"), "reopened": ("note",),
    "corrected": ("type", "customer", "order_no", "part_no", "handoff", "promised", "route", "critical"),
}
TAKE = "taken"  # handed over to whoever asks, and accepted
AT_ONCE = ("accepted", "resumed", "proposed")  # one tap, without a form
UNDONE_BY = {
    "accepted": "hand it over", "paused": "resume it", "resumed": "pause it again", "resolved": "reopen it", "told": "reopen it",
    "reopened": "resolve it again", "corrected": "correct it again", "promised": "promise another one", "called": "note what is right",
    "updated": "note what is right", "noted": "note what is right", "debriefed": "debrief it again", "proposed": "resolve it"}
_NAMES = {"to": "Who at the customer was told", "change": "What changes so that it does not repeat?", "order_no": "Order",
          "part_no": "Part", "promised": "What was promised"}
_LABELS = {"noted": "What is to be known", "reopened": "Why it is opened again"}


def possible(state: CaseState, now: datetime) -> list[Action]:
    """What can be done to a case as it stands, in the order of ACTIONS."""
    paused = pause_at(state, now) is not None
    pointless = {"accepted": state.accepted or not state.owner, "resumed": not paused, "paused": paused, "proposed": not state.proposal}
    return [action for action in ACTIONS if status(state) in action.when and not pointless.get(action.what, False)]


def do(asked: Asked, of: CaseState, what: str, typed: Mapping[str, Any], seen: int) -> CaseState:
    """Does it and returns the case as it is then. Raises as `desk.act` says: Refused, NotAllowed, Overtaken."""
    with writing(asked.engine) as conn:
        terms, now = companies.read(conn, asked.settings.now).terms, asked.settings.now

        def moment(field: str, ahead: bool) -> datetime | None:
            return moments.read(typed.get(field), of.branch, terms, now, ahead=ahead)

        given = {name: typed[name] for name in (*FORMS[what], *ABOUT) if name in typed and name not in ("at", "until", "next_update_at")}
        given |= {name: moment(name, True) for name in ("until", "next_update_at") if typed.get(name)}
        return desk.act(Desk(conn, asked.viewer, terms, now), of.branch, of.case_no, what, given, seen=seen, at=moment("at", False))


def take(asked: Asked, of: CaseState, seen: int) -> CaseState:
    """Whoever asks takes it over, and has accepted it. Raises as `do`."""
    with writing(asked.engine) as conn:
        at_desk = Desk(conn, asked.viewer, companies.read(conn, asked.settings.now).terms, asked.settings.now)
        desk.act(at_desk, of.branch, of.case_no, "handed over", {"owner": asked.viewer.name}, seen=seen)
        return desk.act(at_desk, of.branch, of.case_no, "accepted")


def done(before: CaseState, what: str) -> str:
    """What was done, and how to take it back."""
    if what in ("handed over", TAKE):
        said = "It is yours." if what == TAKE else "It is handed over."
        return f"{said} To undo it, hand it back to {before.owner}." if before.owner else f"{said} If that was wrong, hand it over."
    return f"Saved: {DID[what]}. If that was a mistake: {UNDONE_BY[what]}."


def label(action: Action, state: CaseState) -> str:
    """An action as its button says it."""
    return "Name an owner" if action.what == "handed over" and not state.owner else action.label


# ---- fields --------------------------------------------------------------------------------------------
def form_of(detail: Detail, what: str) -> Fields:
    """The fields of an action of a case, as they are typed now."""
    return Fields(f"case {detail.key} {what}")


def draw(detail: Detail, what: str, form: Fields) -> None:
    """The fields of an action."""
    if what == "corrected":
        _begin(detail.state, form)
    elif what == "debriefed":
        form.begin("handoff", detail.state.handoff)
        form.begin("root_cause", detail.state.root_cause or "")
        form.begin("change", detail.state.change or "")
    for field in FORMS[what]:
        _field(detail, what, field, form)


def typed(detail: Detail, what: str, form: Fields) -> dict[str, Any]:
    """What stands in its fields; of a correction only what was changed."""
    found = {field: form.typed(field) for field in FORMS[what] if form.typed(field) is not None}
    if what != "corrected":
        return found
    began = form.typed("began") or {}
    changed = {field: form.typed(field) for field in FORMS[what] if form.typed(field) != began.get(field)}
    if "critical" in changed:
        changed["priority"] = CRITICAL if changed.pop("critical") else None
    return changed


def _begin(state: CaseState, form: Fields) -> None:
    """What is kept stands in the fields, until somebody changes one."""
    kept = {field: state.critical if field == "critical" else getattr(state, field) for field in FORMS["corrected"]}
    kept = {field: value if field in ("type", "handoff", "critical") else value or "" for field, value in kept.items()}
    began = form.typed("began")
    if began is None or all(form.typed(field) == value for field, value in began.items()):
        for field, value in kept.items():
            form.put(field, value)
        form.put("began", kept)


def _field(detail: Detail, what: str, field: str, form: Fields) -> None:
    if field == "owner":
        others = [name for name in detail.owners if name != detail.state.owner]
        fields.choice(form, "owner", "Who takes it over", others, required=True,
                      placeholder="Type or choose" if others else "Nobody else is known yet")
    elif field == "how":
        fields.choice(form, "how", "How", HOWS, placeholder="Type or choose", required=True)
    elif field == "reason":
        fields.choice(form, "reason", "Who has to move", list(PAUSES), shown=_pausing, required=True,
                      placeholder="Type or choose")
    elif field == "handoff":
        fields.choice(form, "handoff", "Where did the chain break?" if what == "debriefed" else "Where the chain broke", HANDOFFS)
    elif field == "type":
        fields.choice(form, "type", "What went wrong", detail.kinds, required=True)
    elif field == "critical":
        fields.tick(form, "critical", "Mission-critical")
    elif field == "called_first":
        fields.tick(form, "called_first", "They had called before we told them")
    elif field == "next_update_at":
        fields.ahead(form, field, "When they hear next" if what == "promised" else "When they hear next, if that was promised")
    elif field == "until":
        fields.ahead(form, field, "Until when at the latest")
    elif field == "at":
        fields.behind(form, field, "When")
    else:
        fields.line(form, field, _label(what, field))


def _label(what: str, field: str) -> str:
    if field == "note":
        return _LABELS.get(what, "Note, if there is more to know")
    if field == "root_cause":
        return "Why did it break there?" if what == "debriefed" else "Why it happened, if that is known"
    return _NAMES.get(field, field.capitalize())


def _pausing(reason: str) -> str:
    """A reason to pause, and what it does to our clock."""
    return f"{reason} (our clock stops)" if PAUSES[reason] == "customer" else f"{reason} (our clock runs on)"
