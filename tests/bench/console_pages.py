"""Measures the server time of every page of the web console, with a million records in the store.

    PYTHONPATH=tests python tests/bench/console_pages.py [--records 1000000] [--waiting 100000]
        [--rejections 10000] [--partitions 1] [--store FILE] [--page TEXT]

`--store` keeps the store in a file and uses it again. Prints for each page: wall time in ms of the
first answer and the median of five more, CPU time of the console and of Redis in ms (median), and
bytes sent (gzip) and rendered. Pages run in this process, one request at a time.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import structlog
from redis import Redis
from starlette.testclient import TestClient
from store import load
from store_records import RATE, START_MS

from builders import RedisStores, raw_body
from console.showcase import CAUSES, SOURCES, Showcase, fill_history
from fanmill.console.accounts import Accounts, Gate
from fanmill.console.app import Options, create_app
from fanmill.local.server import EmbeddedServer
from fanmill.ports import Rejection
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.sqlite import SqliteStore

LIMIT_MS = 300
REPEATS = 5
_BATCH = 500


def reject_many(stores: RedisStores, count: int) -> None:
    """Reject documents for several causes; texts of 4 kB."""
    text = "The mill turns by the river, and the miller counts the sacks. " * 65
    for first in range(0, count, _BATCH):
        numbers = range(first, min(count, first + _BATCH))
        for number in numbers:
            data = {"document_id": f"bad-{number}", "text": f"{number} {text}"}
            stores.add(raw_body(id=f"bad-event-{number}", data=data))
        entries = stores.ledger.read("reader", len(numbers), 0, enough_bytes=10**9)
        stores.ledger.reject([_rejection(*pair) for pair in zip(entries, numbers, strict=True)])


def _rejection(entry: Any, number: int) -> Rejection:
    reason, stage, exception, frame, error, _ = CAUSES[number % 7 % len(CAUSES)]
    return Rejection(
        entry.id, reason, stage, f"{error} (number {number})",  # type: ignore[arg-type]
        f"bad-{number}", f"bad-event-{number}", SOURCES[number % len(SOURCES)],
        exception=exception, frame=frame,
    )  # fmt: skip


def wait_many(redis: Redis, keys: Keys, count: int) -> None:
    """Let events wait."""
    for first in range(0, count, 5000):
        with redis.pipeline(transaction=False) as pipe:
            for number in range(first, min(count, first + 5000)):
                data = {"document_id": f"waiting-{number}", "text": f"Text {number} waits. " * 20}
                source = SOURCES[number % len(SOURCES)]
                body = raw_body(id=f"waiting-event-{number}", source=source, data=data)
                pipe.xadd(keys.ingested, {"event": body})
            pipe.execute()


def addresses(stores: RedisStores, store: SqliteStore, partition: str) -> dict[str, str]:
    """Return the pages to measure, by their description."""
    rejected = [each.id for each, _ in zip(stores.rejections.entries(), range(20), strict=False)]
    group = max(stores.rejections.groups(), key=lambda each: each.open).id
    original, members = next(iter(_largest(store)))
    document = quote(original, safe="")
    ids = ",".join(f"{partition}:{each}" for each in rejected)
    waiting: Any = stores.redis.xrevrange(stores.keys.ingested, count=1)
    return {
        "overview": "/",
        "its chart, 24 h": "/history.json?span=24h",
        "its chart, 30 d": "/history.json?span=30d",
        "ledger": "/ledger",
        "ledger, one source": "/ledger?source=/mail",
        "ledger, an unknown source": "/ledger?source=/nobody",
        "workers": "/workers",
        "documents": "/documents",
        "documents: a language": "/documents?q=lang:zh",
        "documents: four terms": "/documents?q=lang:en+verdict:unique+words:>500+-failed:c4",
        "documents: words": "/documents?q=government",
        "documents: words, in a language": "/documents?q=text:%22of+the%22+lang:de",
        "documents: none match": "/documents?q=words:>500+words:<400",
        "documents, page 2": "/documents?before=500000",
        "document of the store": f"/documents/{document}",
        "document of Redis": "/documents/harbour-bridge",
        "document that was never seen": "/documents/nothing-like-it",
        "clusters": "/clusters",
        "cluster": f"/clusters/{document}",
        "cluster, difference": f"/clusters/{document}?first={members[0]}&second={members[1]}",
        "failures": "/failures",
        "failure group": f"/failures/{group}",
        "rejections": "/rejections",
        "rejections: a stage": "/rejections?where=stage:summarize",
        "rejections: none match": "/rejections?where=nothing",
        "rejection": f"/rejections/{partition}/{rejected[0]}",
        "rejection, form to edit": f"/rejections/{partition}/{rejected[0]}/edit",
        "dry run of all": "/actions/new?kind=replay",
        "dry run of a filter": "/actions/new?kind=drop&where=stage:tag",
        "dry run of 20 named": f"/actions/new?kind=replay&ids={ids}",
        "actions": "/actions",
        "trends": "/trends",
        "readers": "/consumers",
        "publish": "/publish",
        "configuration": "/configuration",
        "state of a waiting event": f"/trace/{waiting[0][0].decode()}",
        "state of an unknown id": "/trace/nothing-like-it",
    }


def _largest(store: SqliteStore) -> Iterator[tuple[str, list[str]]]:
    for each in store.clusters(limit=1):
        members = store.members(each.original, limit=2)
        yield each.original, [quote(member.result.document_id, safe="") for member in members]


def cpu_seconds(redis: Redis) -> float:
    """Return CPU time of this process and of Redis so far."""
    told: Any = redis.info("cpu")
    return time.process_time() + told["used_cpu_user"] + told["used_cpu_sys"]


def measure(client: TestClient, clients: list[Redis], path: str) -> tuple[float, float, float, Any]:
    """Return first and median wall time and median CPU time in ms, and the last answer."""
    walls, cpus = [], []
    answer: Any = None
    for _ in range(REPEATS + 1):
        before, begin = sum(map(cpu_seconds, clients)), time.perf_counter()
        answer = client.get(path)
        walls.append((time.perf_counter() - begin) * 1000)
        cpus.append((sum(map(cpu_seconds, clients)) - before) * 1000)
    return walls[0], statistics.median(walls[1:]), statistics.median(cpus[1:]), answer


@contextmanager
def installation(arguments: argparse.Namespace) -> Iterator[tuple[Settings, list[Redis]]]:
    """Run servers with everything on them."""
    with TemporaryDirectory() as folder:
        path = arguments.store or Path(folder) / "results.sqlite"
        if not path.exists():
            clock: Callable[[], int] = lambda: START_MS + arguments.records * 1000 // RATE  # noqa: E731
            store = SqliteStore(path, create=True, clock=clock)
            load(store, arguments.records)
            store.close()
        with EmbeddedServer(Path(folder) / "server", durable=False) as server:
            names = [f"mill-{number}" for number in range(arguments.partitions)]
            more: dict[str, Any] = {"namespace": names[0]}
            if len(names) > 1:
                more["partitions"] = " ".join(f"{server.url}#{name}" for name in names)
            settings = Settings(
                redis_url=server.url, store_url=f"sqlite:///{path}", _env_file=None, **more
            )
            redis = Redis(port=server.port)
            for own in settings.each_partition():
                keys = Keys(own.streams)
                stores = RedisStores(redis, keys)
                stores.ledger.open()
                fill_history(redis, keys)
                reject_many(stores, arguments.rejections // len(names))
                Showcase(redis, keys).fill()
                wait_many(redis, keys, arguments.waiting // len(names))
                Showcase(redis, keys).beat()
            yield settings, [redis]


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--rejections", type=int, default=10_000)
    parser.add_argument("--partitions", type=int, default=1)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--page", default="")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with installation(arguments) as (settings, clients):
        first = settings.each_partition()[0]
        stores = RedisStores(clients[0], Keys(first.streams))
        store = SqliteStore(Path(settings.store_url.get_secret_value().removeprefix("sqlite:///")))
        pages = addresses(stores, store, str(first.partition or 0))
        app = create_app(Reader(settings), Gate(Accounts(), "admin"), Options())
        late = []
        print("| page | first, ms | then, ms | CPU, ms | sent, kB | HTML, kB |")  # noqa: T201
        print("| --- | --: | --: | --: | --: | --: |")  # noqa: T201
        with TestClient(app, base_url="http://localhost") as client:
            for name, path in pages.items():
                if arguments.page not in name:
                    continue
                cold, wall, cpu, answer = measure(client, clients, path)
                sent = int(answer.headers.get("content-length", 0)) / 1000
                mark = "" if answer.status_code in (200, 404) else f" ({answer.status_code})"
                print(  # noqa: T201
                    f"| {name}{mark} | {cold:,.0f} | {wall:,.0f} | {cpu:,.0f} | {sent:,.1f} | "
                    f"{len(answer.content) / 1000:,.1f} |", flush=True,
                )  # fmt: skip
                if wall > LIMIT_MS:
                    late.append(name)
        print(f"Over {LIMIT_MS} ms: {', '.join(late) or 'none'}.")  # noqa: T201


if __name__ == "__main__":
    main()
