"""Measures the store on SQLite: a million records loaded, then searched.

    python tests/bench/store.py [--records 1000000] [--folder /tmp]

Prints CPU time to store a record, bytes for each record, and CPU times of queries in ms: the first
one, and the median of three, for 50 results and for a count up to 10,000. Loading takes about ten
minutes on a quiet machine; the records are from `store_records.py`.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from store_records import RATE, START_MS, Varied, pool

from fanmill.core.filters import parse_filter
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.stores.sqlite import SqliteStore

BATCH = 256
POOL = 1500
REPEATS = 3
QUERIES = """
lang:zh
-lang:en
verdict:unique -verdict:unique
topic:sport lang:zh verdict:near
source:/crawler/250
source:/crawler/1 -lang:en
duplicate-of:document-500
site:site-77.example.org
words:>500
words:500..510
words:505
words:>500 words:<400
readability.flesch_reading_ease:>60 words:>300 lang:en
quality.stop_word_fraction:0.1..0.2 lang:en
failed:gopher_quality lang:zh words:>1000
-failed:gopher_quality,gopher_repetition,c4,fineweb
age:<1h
age:<10m lang:en
text:government
text:"the government"
text:中国
text:的
text:"of the" lang:de
政府 -lang:zh
tag:en
tag:keyphrase/government
lang:en verdict:unique topic:sport words:>100 source:/crawler/1 -failed:c4
lang:de source:/crawler/299 topic:weather
"""


def load(store: SqliteStore, records: int) -> float:
    """Store records; return CPU microseconds for each."""
    seconds, done = 0.0, 0
    entries = Varied(pool(POOL)).entries(records)
    while batch := list(islice(entries, BATCH)):
        begin = time.process_time()
        store.save(batch)
        seconds += time.process_time() - begin
        done += len(batch)
        sys.stderr.write(f"\r{done:,} records")
    sys.stderr.write("\n")
    return seconds / records * 1e6


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU time of the first call and the median of all, in ms."""
    times = []
    for _ in range(REPEATS):
        begin = time.process_time()
        call()
        times.append((time.process_time() - begin) * 1000)
    return times[0], sorted(times)[REPEATS // 2]


def measure(path: Path, records: int) -> None:
    """Load a store and print the table."""
    store = SqliteStore(path, clock=lambda: START_MS + records * 1000 // RATE)
    print(f"CPU for a record: {load(store, records):.0f} us")  # noqa: T201
    print(f"file for a record: {store.info().bytes / records:,.0f} bytes")  # noqa: T201
    for text in QUERIES.strip().splitlines():
        wanted = parse_filter(text, RECORD_KEYS)
        first, median = timed(lambda: store.search(wanted))  # noqa: B023
        first_count, median_count = timed(lambda: store.count(wanted))  # noqa: B023
        print(  # noqa: T201
            f"{text:76} 50 results {first:7.1f} {median:7.1f}   count {first_count:7.1f}"
            f" {median_count:7.1f}"
        )
    store.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(dir=arguments.folder) as folder:
        measure(Path(folder) / "results.sqlite", arguments.records)


if __name__ == "__main__":
    main()
