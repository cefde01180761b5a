"""Benchmark of `fanmill backfill`: its speed per core beside the functions alone.

Both sides are measured by CPU time, in pairs that alternate, on the same documents. The start of
the command counts. `make bench-backfill`; `python tests/bench/backfill.py --help`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

from whole import documents, functions_alone

PAIRS: Final = 3


LOADING: Final = """
import resource
from fanmill.batch import Mill
Mill().load()
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""
STARTS: Final = 5


def loading() -> float:
    """Return the CPU seconds in which a new Python loads a Mill: the median of some."""
    command = [sys.executable, "-c", LOADING]
    found = [
        float(subprocess.run(command, check=True, capture_output=True).stdout)
        for _ in range(STARTS)
    ]
    return median(found)


def backfilled(source: Path, target: Path) -> float:
    """Return the CPU seconds of the command, with those of its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "fanmill", "backfill", str(source), str(target), "--workers", "1"],
        check=True,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name[:8] != "FANMILL_"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Run the pairs and print their figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=8000, help="about a minute of work")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args()
    events = list(documents(given.documents, "backfill"))
    pairs = []
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "corpus.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for event in events:
                row = {"id": event.data.document_id, "text": event.data.text}
                file.write(json.dumps(row) + "\n")
        functions_alone(events[:64], with_lines=True)
        for number in range(given.pairs):
            started = process_time()
            functions_alone(events, with_lines=True)
            alone = process_time() - started
            pairs.append((alone, backfilled(source, Path(name) / str(number))))
    figures = {
        "documents": given.documents,
        "loading_cpu_seconds": round(loading(), 3),
        "functions_ms_per_document": round(1000 * median(a for a, _ in pairs) / len(events), 3),
        "backfill_ms_per_document": round(1000 * median(b for _, b in pairs) / len(events), 3),
        "share_of_functions_speed": [round(a / b, 3) for a, b in pairs],
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
