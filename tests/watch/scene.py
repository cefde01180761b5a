"""A running service with every kind of state, for the pictures of `fanmill watch`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import StreamNames
from polling import until

_WAVE_SECONDS = 10
SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
_FILES = ("news.jsonl", "languages.jsonl.gz", "articles", "reprints.jsonl", "edge-cases.jsonl")
_EVENT = '{"specversion":"1.0","type":"fanmill.document.ingested.v1","id":"%s","source":"%s",%s}'
_MALFORMED = (
    (9, _EVENT % ("mail-%d", "/mail", '"data":{"document_id":"mail-%d"}')),
    (6, _EVENT % ("scan-%d", "/scans", '"data":{"document_id":"scan-%d","text":["one","two"]}')),
    (3, "scan %d of %d"),
)


@contextmanager
def scene(folder: Path, minutes: float) -> Iterator[dict[str, str]]:
    """Run intake, worker and sink over the samples for some minutes; yield their environment.

    At the end of the preparation some rejections are open, an action has been carried out,
    `tag` is paused, and events wait for it and for intake.
    """
    with ExitStack() as running:
        server = running.enter_context(EmbeddedServer(folder / "server", durable=False))
        inherited = {name: value for name, value in os.environ.items() if "FANMILL_" not in name}
        environment = {
            **inherited,
            "FANMILL_REDIS_URL": server.url,
            "FANMILL_STORE_URL": f"sqlite:///{folder}/results.sqlite",
            "FANMILL_WORKER_CONCURRENCY": "2",
            "FANMILL_BATCH_MAX_DOCUMENTS": "8",
            "FANMILL_MAX_IN_FLIGHT": "16",
        }
        redis = running.enter_context(Redis.from_url(server.url))
        for name in ("intake", "worker", "sink"):
            running.enter_context(_process(name, environment, folder))
        keys = Keys(StreamNames())
        wave, end = 0, monotonic() + 60 * minutes
        while not wave or monotonic() < end:
            wave += 1
            names = _FILES if wave % 3 else _FILES[:1]
            _fanmill(environment, "publish", "--anew", *(str(SAMPLES / name) for name in names))
            sleep(_WAVE_SECONDS * (1 + wave % 2))
        for count, form in _MALFORMED:
            for number in range(count):
                redis.xadd(keys.ingested, {"event": form % (number, number)})
        until(lambda: not redis.xlen(keys.ingested), what="all events have ended")
        _fanmill(environment, "rejected", "replay", "--source", "/scans", "--yes")
        _fanmill(environment, "pause", "tag", "--note", "new tag rules")
        _fanmill(environment, "publish", "--source", "/wire", str(SAMPLES / "news.jsonl"))
        until(lambda: redis.xlen(keys.ingested) > 0)
        yield environment


@contextmanager
def _process(name: str, environment: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "fanmill", name],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _fanmill(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "fanmill", *arguments], env=environment, check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
