"""Commands about branches side by side: the matrix of a territory, and which branches are of a kind."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.company import branches, day
from scoreboard.cli.context import Context, require_figures
from scoreboard.cli.figures import Company, Territory, Week, metric_of
from scoreboard.errors import Refused, did_you_mean


def register(app: typer.Typer) -> None:
    """Adds the commands to the application; `branches` is there already."""
    app.command()(compare)
    branches.command("peer-group")(peer_group)


def compare(
    ctx: typer.Context, territory: Territory = None, company: Company = False, week: Week = None,
    metric: Annotated[list[str] | None, typer.Option(help="A metric's key; may be repeated. Else the company's board.")] = None,
    peer: Annotated[str | None, typer.Option("--peer-group", help="Only the branches of a peer group.")] = None,
) -> None:
    """Branches side by side: what each one's board says of each metric, those with a signal first."""
    from scoreboard.metrics import bright, compare_shown
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import compare as comparing

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        require_figures(conn, known)
        if (territory is None) != company:
            raise Refused("Say which branches.", "Give one of --territory NAME, --company.")
        place = comparing.territory_of(known, context.viewer, territory)
        picked = weeks.parse(week, known.first_day) if week else comparing.default_week(conn, known, context.viewer, place)
        chosen = [metric_of(key) for key in dict.fromkeys(metric)] if metric else None
        every = found = comparing.read(conn, context.settings, known, context.viewer, place, picked, chosen)
        if peer is not None:
            group = _group(peer, {row.peer_group for row in found.rows if row.peer_group})
            found = comparing.only(found, lambda row: row.peer_group == group)
        spots = bright.read(conn, context.viewer, known, found)
    context.show(compare_shown.as_json(found, every, spots, known), compare_shown.lines(found, every, spots, known))


def _group(asked: str, known: set[str]) -> str:
    found = next((name for name in sorted(known) if name.casefold() == asked.strip().casefold()), None)
    if found is None:
        raise Refused(f'None of these branches is in a peer group "{asked}" in that week.',
                      f"Known: {', '.join(sorted(known)) or 'none'}.{did_you_mean(asked, known)}")
    return found


def peer_group(
    ctx: typer.Context, code: Annotated[str, typer.Argument(help="The branch.")],
    name: Annotated[str | None, typer.Argument(help='Its group, such as "city"; "" takes it out of all; none: shows them.')] = None,
    from_on: Annotated[str | None, typer.Option("--from", help="The date from whose week on; else this week.")] = None,
) -> None:
    """Put a branch in a peer group from a week on, or show which ones it has been in."""
    from scoreboard.state import peer_groups

    context: Context = ctx.obj
    if name is None:
        with context.reading() as conn:
            context.viewer.require_branch(code)
            spells = peer_groups.of_branch(conn, context.viewer, code)
        context.show({"branch": code, "peer_groups": [{"name": s.group or None, "from": s.from_on} for s in spells]},
                     [f"{code}: {_spell(s)}" for s in spells] or [f"{code} is in no peer group."])
        return
    with context.writing("branches") as conn:
        put = peer_groups.put(conn, context.viewer, code, name, day(from_on) if from_on else None, now=context.settings.now)
    context.show({"branch": code, "name": put.group or None, "from": put.from_on}, [f"{code}: {_spell(put)}"])


def _spell(one: Any) -> str:
    from scoreboard.state.branches import ALWAYS

    since = "from the beginning" if one.from_on == ALWAYS else f"from {one.from_on}"
    return f"{one.group or 'in no peer group'}, {since}"
