"""Runs the study: python -m tests.study --seeds 200 --out FOLDER. What a seed showed is kept in a file there, a line each,
so that an interrupted run goes on where it was. Printed is the first part of docs/signals-study.md.
"""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path

from tests.study import huddles, report

AT_ONCE = 5  # seeds in one store: most of a load's time is the same for one as for five


def records(path: Path) -> list[huddles.Record]:
    """What was kept, once a seed; a line cut off by an interruption is done again."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        with suppress(json.JSONDecodeError):
            record = json.loads(line)
            found[record["seed"]] = record
    return [*found.values()]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seeds", type=int, default=200, help="how many; with 0 nothing is run, and what is there is told")
    words.add_argument("--first", type=int, default=1, help="the first seed")
    words.add_argument("--out", type=Path, required=True, help="the folder that keeps what each seed showed")
    words.add_argument("--weekly", action="store_true", help="load each week's exports on its Monday: ten times as long")
    words.add_argument("--docs", type=Path, help="the document whose first part is written anew")
    asked = words.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    kept = asked.out / ("weekly.jsonl" if asked.weekly else "seeds.jsonl")
    wanted = range(asked.first, asked.first + asked.seeds)
    done = {record["seed"] for record in records(kept)}
    left = [seed for seed in wanted if seed not in done]
    for at in range(0, len(left), AT_ONCE):
        some = huddles.study(left[at:at + AT_ONCE], weekly=asked.weekly)
        with kept.open("a", encoding="utf-8") as file:
            file.write("".join("\n" + json.dumps(record, separators=(",", ":")) for record in some))
        print(f"seeds {some[0]['seed']}–{some[-1]['seed']} done, {max(len(left) - at - AT_ONCE, 0)} left", flush=True)
    text = report.text(records(asked.out / "seeds.jsonl"), records(asked.out / "weekly.jsonl"))
    print(text)
    if asked.docs:
        _, heading, written = asked.docs.read_text(encoding="utf-8").partition(report.READING)
        asked.docs.write_text(f"{report.TITLE}\n\n{text}\n{heading}{written}", encoding="utf-8")


if __name__ == "__main__":
    main()
