"""A sample moved in time by whole weeks, so that it ends when its reader wants; weekdays stay what they are.

Public holidays do not move along: a shifted sample works on some and rests on other days.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

from scoreboard.facts.sources import SOURCES

# Besides the sources' own: when a target holds from.
_DATES = {source.name: set(source.dates) for source in SOURCES} | {"targets": {"from_on"}}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def write_shifted(src: Path, out: Path, weeks: int) -> dict[str, Path]:
    """Copies the sample in folder `src` to folder `out`, every date and time `weeks` weeks later (earlier if negative).

    Returns the files by their name without ending, as `write_sample` does.
    """
    out.mkdir(parents=True, exist_ok=True)
    moved = _Moved(weeks)
    for path in sorted(src.glob("*.csv")):
        _shift_file(path, out / path.name, _DATES.get(path.stem, set()), moved)
    toml = (src / "sample.toml").read_text(encoding="utf-8")
    (out / "sample.toml").write_text(_DAY.sub(lambda day: moved[day[0]], toml), encoding="utf-8", newline="\n")
    return {path.stem: out / path.name for path in sorted((*src.glob("*.csv"), src / "sample.toml"))}


class _Moved(dict[str, str]):
    """ISO day → ISO day some weeks later; each day is worked out once."""

    def __init__(self, weeks: int) -> None:
        self.by = timedelta(weeks=weeks)

    def __missing__(self, day: str) -> str:
        self[day] = str(date.fromisoformat(day) + self.by)
        return self[day]


def _shift_file(src: Path, out: Path, dates: set[str], moved: _Moved) -> None:
    with src.open(encoding="utf-8", newline="") as lines, out.open("w", encoding="utf-8", newline="") as copy:
        reader, writer = csv.reader(lines), csv.writer(copy, lineterminator="\n")
        header = next(reader)
        writer.writerow(header)
        places = [n for n, column in enumerate(header) if column in dates]
        for row in reader:
            for n in places:
                if row[n]:
                    row[n] = moved[row[n][:10]] + row[n][10:]
            writer.writerow(row)
