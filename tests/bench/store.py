"""Measures the store of record: records loaded, then searched, in SQLite and PostgreSQL.

    PYTHONPATH=tests python tests/bench/store.py [--records 1000000] [--kind sqlite|postgresql]

Prints CPU time to store a record, bytes for each record, and CPU times of queries in ms: the first
one, and the median of three, for 50 results and for a count up to 10,000. Times of PostgreSQL are
those of client and server together, without its checkpoints. Loading a million records takes about
ten minutes on a quiet machine; the records are from `store_records.py`. With `--insert` PostgreSQL
stores further records by COPY and by INSERT in turn.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from store_records import RATE, START_MS, Varied, pool

from fanmill.core.filters import parse_filter
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.ports import Store
from fanmill.stores.postgresql import PostgresqlStore, saving
from fanmill.stores.sqlite import SqliteStore
from postgres_server import PostgresServer

BATCH = 1024
POOL = 1500
REPEATS = 3
COMPARED = 5120
"""Number of records that COPY and INSERT store, each."""
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

Cpu = Callable[[], float]
"""Seconds of CPU time so far, of all processes that work for a call."""


@contextmanager
def sqlite_store(folder: Path, clock: Callable[[], int]) -> Iterator[tuple[Store, Cpu]]:
    """Open a store in a file of a folder."""
    store = SqliteStore(folder / "results.sqlite", clock=clock)
    yield store, time.process_time
    store.close()


@contextmanager
def postgresql_store(folder: Path, clock: Callable[[], int]) -> Iterator[tuple[Store, Cpu]]:
    """Open a store in a server of its own."""
    server = PostgresServer(folder / "postgresql", durable=True)
    if not (server.folder / "data").exists():
        server.create()
    server.start()
    try:
        store = PostgresqlStore(server.url(), clock=clock)
        store.migrate()
        backend = store._session.run(lambda connection: connection.info.backend_pid)
        usage = Path(f"/proc/{backend}/schedstat")
        yield store, lambda: time.process_time() + int(usage.read_text().split()[0]) / 1e9
        store.close()
    finally:
        server.stop()


STORES = {"sqlite": sqlite_store, "postgresql": postgresql_store}


def load(store: Store, cpu: Cpu, records: int, first: int = 0) -> float:
    """Store records; return CPU microseconds for each."""
    seconds, done = 0.0, 0
    entries = Varied(pool(POOL), seed=first + 1).entries(records, first)
    while batch := list(islice(entries, BATCH)):
        begin = cpu()
        store.save(batch)
        seconds += cpu() - begin
        done += len(batch)
        sys.stderr.write(f"\r{done:,} records")
    sys.stderr.write("\n")
    return seconds / records * 1e6


def timed(call: Callable[[], object], cpu: Cpu) -> tuple[float, float]:
    """Return the CPU time of the first call and the median of all, in ms."""
    times = []
    for _ in range(REPEATS):
        begin = cpu()
        call()
        times.append((cpu() - begin) * 1000)
    return times[0], median(times)


def search(store: Store, cpu: Cpu) -> None:
    """Print the table of queries."""
    for text in QUERIES.strip().splitlines():
        wanted = parse_filter(text, RECORD_KEYS)
        first, later = timed(lambda: store.search(wanted), cpu)  # noqa: B023
        first_count, later_count = timed(lambda: store.count(wanted), cpu)  # noqa: B023
        say(
            f"{text:76} 50 results {first:7.1f} {later:7.1f}   count {first_count:7.1f}"
            f" {later_count:7.1f}"
        )
    _, clusters = timed(store.clusters, cpu)
    say(f"{'the largest clusters':76} 50 results         {clusters:7.1f}")


def compare_inserts(store: Store, cpu: Cpu, records: int) -> None:
    """Store records by COPY and by `executemany`, a batch each in turn."""
    copy = saving.copy_rows
    apart = [0.0]

    def insert(connection: Any, table: str, columns: Sequence[str], rows: Any) -> None:
        # The rows are made for COPY: to take them apart again is no cost of INSERT.
        begin = cpu()
        values = [
            [None if cell == r"\N" else _plain(cell) for cell in row[:-1].split("\t")]
            for row in rows
        ]
        places = ", ".join(["%s"] * len(columns))
        apart[0] += cpu() - begin
        with connection.cursor() as cursor:
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
            cursor.executemany(statement.encode(), values)

    seconds = {"COPY": 0.0, "executemany": 0.0}
    entries = Varied(pool(POOL), seed=records + 1).entries(2 * COMPARED, records)
    for number, batch in enumerate(iter(lambda: list(islice(entries, BATCH)), [])):
        name = ("COPY", "executemany")[number % 2]
        saving.copy_rows = copy if name == "COPY" else insert
        begin = cpu()
        store.save(batch)
        seconds[name] += cpu() - begin
    saving.copy_rows = copy
    seconds["executemany"] -= apart[0]
    for name, total in seconds.items():
        say(f"{name:12} CPU for a record: {total / COMPARED * 1e6:.0f} us")


def _plain(cell: str) -> str:
    r"""Return a cell of COPY without its escapes: `\\`, `\n`, `\r` and `\t`."""
    parts = cell.split("\\\\")
    return "\\".join(
        each.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t") for each in parts
    )


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--kind", choices=STORES, action="append")
    parser.add_argument("--folder", type=Path, help="where to make the databases")
    parser.add_argument("--keep", type=Path, help="a folder whose databases are kept and used")
    parser.add_argument("--insert", action="store_true", help="compare COPY with INSERT")
    arguments = parser.parse_args()
    records = arguments.records
    with TemporaryDirectory(dir=arguments.folder) as made:
        folder = arguments.keep or Path(made)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        for kind in arguments.kind or STORES:
            say(f"{kind}, {records:,} records")
            with STORES[kind](folder, lambda: START_MS + records * 1000 // RATE) as (store, cpu):
                missing = records - store.info().records
                if missing > 0:
                    cost = load(store, cpu, missing, records - missing)
                    say(f"CPU for a record: {cost:.0f} us")
                say(f"size for a record: {store.info().bytes / records:,.0f} bytes")
                search(store, cpu)
                if arguments.insert and kind == "postgresql":
                    compare_inserts(store, cpu, records)


if __name__ == "__main__":
    main()
