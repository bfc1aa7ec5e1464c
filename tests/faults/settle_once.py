"""Settles the marks of a data folder in a process of its own, perhaps to be killed: FOLDER NOW [STEP].

With STEP it is killed by SIGKILL just before that step of its write transactions. Says how many steps there were.
"""

from __future__ import annotations

import os
import sys

from scoreboard import settings as settings_module
from scoreboard.imports.marks import settle_marks
from scoreboard.state.database import open_database
from tests.faults.forked_commands import _count_statements

if __name__ == "__main__":
    folder, now, *step = sys.argv[1:]
    settings = settings_module.read(folder, now)
    engine = open_database(settings.database_url)
    counted = _count_statements(int(step[0]) if step else None)
    settle_marks(settings, engine)
    print(counted[0], flush=True)
    os._exit(0)
