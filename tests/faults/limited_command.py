"""Run as a script: a command under a limit. `permissions WORDS…` obeys them even as root (exit code 99 where that
cannot be arranged); `BYTES WORDS…` lets no file grow beyond so many bytes."""

from __future__ import annotations

import ctypes
import os
import resource
import sys

CANNOT = 99
_DROP_FOR_EVER, _IGNORE_PERMISSIONS = 24, (1, 2)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def obey_permissions() -> None:
    """Root ignores permissions unless these capabilities are dropped before the program starts."""
    libc = ctypes.CDLL(None)
    if os.geteuid() == 0 and any(libc.prctl(_DROP_FOR_EVER, capability, 0, 0, 0) for capability in _IGNORE_PERMISSIONS):
        sys.exit(CANNOT)


if __name__ == "__main__":
    limit, *words = sys.argv[1:]
    if limit == "permissions":
        obey_permissions()
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    os.execv(sys.executable, [sys.executable, "-m", "scoreboard", *words])
