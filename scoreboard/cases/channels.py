"""Addresses as Apprise reads them: mail, Teams, Slack, SMS … What is wrong with one is said without the address.

The convention: an address may hold a secret, so nothing here logs, and every trouble is a sentence of our own. Apprise is imported
where it is used: it takes as long as a whole command.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from scoreboard.errors import Refused

MOST_SECONDS = 20  # for one message
_HERE = frozenset(("blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"))  # they would speak on this machine
_FILES = frozenset(("template", "key", "keyfile", "pgpkey", "pgpfile", "cert", "certfile", "config"))  # settings that read its files


def kind_of(address: str) -> str:
    """The kind of an address ("mailto", "msteams" …), without what is secret in it; empty when there is none."""
    return address.partition("://")[0].casefold() if address else ""


def require_understood(address: str) -> None:
    """Refused when no message could go there, or when it would do something else than send one."""
    if "://" not in address or any(c.isspace() for c in address):
        raise Refused("The address is not a URL.", "Write it like mailto://user:password@example.com, or leave it out.")
    settings = {name.casefold() for name in parse_qs(address.partition("?")[2], keep_blank_values=True)}
    if kind_of(address) in _HERE or settings & _FILES:
        raise Refused("The address would speak or read on this machine.", "Give one that reaches a person: mail, Teams, Slack, SMS …")
    if _service(address) is None:
        raise Refused(f'An address of the kind "{kind_of(address)}" is not written like this, or is not known.',
                      "See https://appriseit.com/services for how each kind is written.")


def deliver(address: str, title: str, body: str) -> str:
    """Sends a message and waits until it is taken. Empty when it was, else why not, in a sentence."""
    try:
        service = _service(address)
        if service is None:
            return f'The address of the kind "{kind_of(address)}" is not understood.'
        sender = _apprise().Apprise(asset=service.asset)
        sender.add(service)
        taken = bool(sender.notify(title=title, body=body, body_format="text"))
    except Exception as error:  # whatever a service's code raises may hold its address, and must not end the others' messages
        return f"The message could not be made for {kind_of(address)} ({type(error).__name__})."
    return "" if taken else f"{kind_of(address)} could not be reached, or did not take it."


def _service(address: str) -> Any:
    """How Apprise reaches an address; None when it cannot."""
    apprise = _apprise()
    asset = apprise.AppriseAsset(app_id="Leadership Scoreboard", app_desc="Leadership Scoreboard", app_url="", async_mode=False,
                                 allow_templates=False, service_timeout=MOST_SECONDS)
    return apprise.Apprise.instantiate(address, asset=asset)


@cache
def _apprise() -> Any:
    """Apprise with all its services, silenced: what it logs may name addresses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports what Python is about to drop
        import apprise

        apprise.Apprise.instantiate("json://localhost")
    log = logging.getLogger("apprise")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return apprise
