"""The server time of `fanmill trace` beside a large backlog; run as a program.

It fills a server of its own with waiting events and records, traces ids of every kind, and prints
the time that the server spent on each trace (`INFO commandstats`, the time inside commands).
"""

import sys
from json import dumps
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ops.trace import Tracer
from fanmill.stores.keys import GROUP, Keys
from fanmill_contracts import DocumentIngested, StreamNames, encode

BACKLOG, DOCUMENTS = 100_000, 1_000_000
TEXT = "The ferry leaves at eight. It carries forty people and one goat. " * 100
ENDED = 1_700_000_000_000


def fill(redis: Redis, keys: Keys, backlog: int, documents: int) -> list[str]:
    """Write records of documents and waiting events; return the ids of the entries."""
    redis.xgroup_create(keys.ingested, GROUP, id="0", mkstream=True)
    redis.sadd(keys.sources, *(f"/source-{number}" for number in range(100)))
    record = dumps(
        {
            "document_id": "done",
            "revision": 1,
            "event": {"id": "event", "source": "/source-7"},
            "text_sha256": "0" * 64,
            "completed_at": "2026-01-02T03:04:05Z",
            "deduplication": {"verdict": "unique", "algorithm": "none"},
        }
    )
    for first in range(0, documents, 5000):
        with redis.pipeline(transaction=False) as pipe:
            for number in range(first, min(first + 5000, documents)):
                name, entry = f"done-{number}", f"{ENDED + number}-0"
                pipe.hset(
                    keys.document(name),
                    mapping={
                        "state": "complete",
                        "newest": entry,
                        "entry": entry,
                        "revisions": 1,
                        "record": record,
                    },
                )
                pipe.zadd(keys.results, {name: ENDED + number})
                pipe.zadd(keys.results_by_entry, {name: ENDED + number})
            pipe.execute()
    entries: list[str] = []
    for first in range(0, backlog, 500):
        with redis.pipeline(transaction=False) as pipe:
            for number in range(first, min(first + 500, backlog)):
                event = DocumentIngested.create(
                    f"doc-{number}", TEXT, source="/source-7", event_id=f"event-{number}"
                )
                pipe.xadd(keys.ingested, {"event": encode(event)})
            entries += [each.decode() for each in pipe.execute()]
    return entries


def server_ms(redis: Redis, keys: Keys, wanted: str) -> tuple[float, str]:
    """Return the milliseconds that the server spent on a trace, and the answer."""
    redis.config_resetstat()
    found = Tracer(redis, keys).trace(wanted)
    stats = redis.info("commandstats")
    # Commands inside a script count in the script's time, too.
    scripts = {"cmdstat_evalsha_ro", "cmdstat_eval_ro", "cmdstat_evalsha", "cmdstat_eval"}
    direct = {"cmdstat_xpending", "cmdstat_hgetall", "cmdstat_mget", "cmdstat_smembers"}
    used = sum(stats[name]["usec"] for name in (scripts | direct) & set(stats))
    position = "" if found.position is None else f" {found.position:,} exact={found.exact}"
    return used / 1000, found.state + position


def main() -> None:
    """Measure and print."""
    backlog = int(sys.argv[1]) if len(sys.argv) > 1 else BACKLOG
    documents = int(sys.argv[2]) if len(sys.argv) > 2 else DOCUMENTS
    with TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), durable=False)
        server.start()
        try:
            redis = Redis.from_url(server.url)
            keys = Keys(StreamNames("bench"))
            entries = fill(redis, keys, backlog, documents)
            drawn = Random(7)
            middle = drawn.randrange(backlog)
            wanted = {
                "entry, first": entries[0],
                "entry, middle": entries[middle],
                "entry, last": entries[-1],
                "document, waiting first": "doc-0",
                "document, waiting middle": f"doc-{backlog // 2}",
                "event, waiting last": f"event-{backlog - 1}",
                "document, complete": f"done-{documents // 2}",
                "entry, complete": f"{ENDED + drawn.randrange(documents)}-0",
                "nothing": "nothing",
            }
            sys.stdout.write(
                f"{backlog:,} waiting, {documents:,} documents; middle is {middle + 1:,}\n"
            )
            for name, each in wanted.items():
                used = sorted(server_ms(redis, keys, each) for _ in range(5))
                sys.stdout.write(
                    f"{name:26} {used[2][0]:8.2f} ms (max {used[-1][0]:.2f})  {used[2][1]}\n"
                )
        finally:
            server.stop()


if __name__ == "__main__":
    main()
