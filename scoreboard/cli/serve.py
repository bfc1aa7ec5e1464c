"""The command that shows the scoreboard in a browser.

The convention: everything that can be refused is refused here, in a sentence, before the server starts. What the pages need to
know (the data folder, the clock, who asks) they read from the environment, as under `streamlit run`.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import sys
from typing import Annotated

import typer
from sqlalchemy import select

from scoreboard.cli.context import Context
from scoreboard.errors import Refused, StoreDamaged
from scoreboard.settings import Settings
from scoreboard.state import people
from scoreboard.state.database import reading
from scoreboard.state.schema import loads

LOCAL, EVERYWHERE = "127.0.0.1", "0.0.0.0"
_BACKLOG = 2048


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command()(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help=f"The address to listen on (default {LOCAL}: this machine alone).")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8501,
    open_to_network: Annotated[bool, typer.Option("--open-to-network", help="Let other machines in, without a sign-in.")] = False,
    names: Annotated[list[str] | None, typer.Option("--name", help="A name it is reached by, e.g. that of a proxy.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample company first if nothing is loaded.")] = False,
) -> None:
    """Show the scoreboard in a browser, until Ctrl-C."""
    context: Context = ctx.obj
    host = host or (EVERYWHERE if open_to_network else LOCAL)
    _check_who_can_reach(host, open_to_network)
    with _listening(host, port) as listening:
        address = f"http://{_reached_by(host)}:{listening.getsockname()[1]}"
        _prepare(context)
        if sample:
            _load_sample_if_empty(context)
        _pass_on(context, ctx)
        from scoreboard.views.serve import server  # here, because Streamlit takes a second that no other command should pay
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # to be told to end is no failure
        server.run(listening, _names(host, names or []), lambda: _announce(context, address))


# ---- where -------------------------------------------------------------------------------------------
def _check_who_can_reach(host: str, open_to_network: bool) -> None:
    if not open_to_network and not _is_local(host):
        raise Refused(f"There is no sign-in yet: on {host}, whoever can reach this machine would see and change everything.",
                      "Leave out --host to serve this machine alone, or add --open-to-network if that is what you want.")
    if open_to_network:
        sys.stderr.write("There is no sign-in yet: whoever can reach this machine sees and changes everything.\n")


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens already: a second server on the port is refused at once, a browser waits until we are ready."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except socket.gaierror:
        raise Refused(f'"{host}" is not an address.', f"Write --host like {LOCAL}.") from None
    except OSError as error:
        raise _not_listening(error, host, port) from None


def _not_listening(error: OSError, host: str, port: int) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Refused(f"Port {port} is in use: a scoreboard or another program is running there.",
                       "Stop it, or choose another port with --port.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Refused(f"{host} is not an address of this machine.", "Choose one that is, with --host.")
    return Refused(f"Port {port} of {host} cannot be used ({error.strerror or error}).", "Choose another port with --port.")


def _reached_by(host: str) -> str:
    return socket.gethostname() if host in (EVERYWHERE, "::") else f"[{host}]" if ":" in host else host


def _names(host: str, names: list[str]) -> list[str]:
    """What this server may be called beside its number."""
    own = [] if _is_local(host) else [socket.gethostname(), socket.getfqdn(), f"{socket.gethostname()}.local"]
    return ["localhost", host, *own, *names]


# ---- with what ---------------------------------------------------------------------------------------
def _prepare(context: Context) -> None:
    """Opens and migrates the database, in a folder that can be written."""
    folder = context.settings.data
    new = not folder.exists()
    _ = context.engine
    if new:
        sys.stderr.write(f"A new data folder: {folder}\n")
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".written-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StoreDamaged(f"The data folder {folder} cannot be written ({error.strerror}).",
                           "Make it writable, or choose another with --data.") from None


def _load_sample_if_empty(context: Context) -> None:
    from scoreboard.imports import sampling

    with reading(context.engine) as conn:
        if conn.execute(select(loads.c.id).limit(1)).first() or people.names(conn, context.settings.now):
            return  # somebody has begun: made-up figures would be in their way
    sys.stderr.write("Loading the sample company, about half a minute …\n")
    sampling.load_sample(context.settings, context.engine, context.viewer)


def _pass_on(context: Context, ctx: typer.Context) -> None:
    """What the pages read: the folder as it is from here; the clock only if it was replaced, for else it must go on."""
    settings: Settings = context.settings
    context.engine.dispose()
    os.environ["SCOREBOARD_DATA"] = str(settings.data)
    if ctx.parent and ctx.parent.params.get("now"):
        os.environ["SCOREBOARD_NOW"] = settings.now.isoformat()
    if context.email:
        os.environ["SCOREBOARD_AS"] = context.email


def _announce(context: Context, address: str) -> None:
    context.show({"address": address}, [f"Scoreboard is ready: {address}"])
    sys.stdout.flush()
