"""Rivals of fanmill's frame, and the worker processes of all three.

The rivals follow Celery's documentation: one task per document, and one chord
per document. Both get the event as JSON in the message, run the same three empty
stages and store their result by SET. Both run with fanmill's own Celery options.
"""

from collections.abc import Sequence
from hashlib import blake2b
from json import dumps, loads
from os import environ
from typing import Any, Final

import numpy as np
from celery import Celery, chord, signals
from kombu.entity import Queue
from redis import Redis

from fanmill.core.dedup.boilerplate import NO_LINES
from fanmill.core.dedup.fingerprint import Fingerprint, TokenizedText
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.app import build_celery
from fanmill.shell.worker import run_worker
from fanmill.steps import Functions
from fanmill.worker_process import prepare
from fanmill_contracts import Statistics, Summary, Tagging
from fanmill_contracts.addresses import ServerAddress

READY_KEY: Final = "bench:ready"
QUEUE: Final = "bench"


def no_fingerprint(document: Document) -> str:
    """Return what costs nothing and differs for each document."""
    return document.document_id


def no_summary(_: Document) -> RecordMembers:
    """Return the least that a record may hold."""
    return RecordMembers(
        statistics=Statistics(
            bytes=0,
            characters=0,
            words=0,
            unique_words=0,
            sentences=0,
            paragraphs=0,
            lines=0,
            mean_word_length=None,
            mean_sentence_length=None,
            unique_word_ratio=None,
            reading_time_seconds=0,
        ),
        summary=Summary(method="none-1", sentences=()),
    )


def no_tags(_: Document) -> RecordMembers:
    """Return the least that a record may hold."""
    return RecordMembers(tagging=Tagging(language="und", language_confidence=0))


class NoFingerprints:
    """Judges texts by a digest alone: the least that the index has to be told."""

    def __init__(self, _: DedupParameters) -> None:
        """Ignore the parameters."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Hash the texts."""
        none = np.empty(0, dtype=np.uint64)
        return [
            TokenizedText(blake2b(text.encode(), digest_size=8).digest(), none, NO_LINES)
            for text in texts
        ]

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Pass the digests on."""
        del seen
        return [Fingerprint(each.digest, None) for each in tokenized]


EMPTY: Final = Functions(fingerprint=NoFingerprints, summarize=no_summary, tag=no_tags)
"""Stages that do nothing: what is left is the frame."""


def result_key(document_id: str) -> str:
    """Return the key under which a rival stores its result."""
    return f"bench:result:{document_id}"


def build_rival(settings: Settings) -> Celery:
    """Return an app with fanmill's options and the tasks of both rivals."""
    app = build_celery(
        ServerAddress.parse(settings.redis_url.get_secret_value()),
        settings.namespace,
        task_time_limit_seconds=settings.task_time_limit_seconds,
    )
    app.conf.update(
        task_queues=[Queue(QUEUE)],
        task_default_queue=QUEUE,
        task_routes={},
        # fanmill has no use for kombu's book of unacknowledged messages, its ledger is one. A
        # rival without it would lose what a worker holds when its connection breaks.
        broker_url=settings.redis_url.get_secret_value(),
        broker_transport="redis",
        broker_transport_options={},
        # A chord needs a result backend; tasks of one document each ignore it.
        result_backend=settings.redis_url.get_secret_value(),
        # Celery's default: with one short task per message a rival gains by it.
        worker_prefetch_multiplier=4,
        # And Celery's own log: fanmill's worker writes a line per document too.
        worker_hijack_root_logger=True,
    )
    clients: dict[str, Redis] = {}

    def client() -> Redis:
        if "redis" not in clients:
            clients["redis"] = Redis.from_url(settings.redis_url.get_secret_value())
        return clients["redis"]

    def deduplicate(event: str) -> str:
        return no_fingerprint(_document(event))

    def summarize(event: str) -> dict[str, Any]:
        return _plain(EMPTY.summarize(_document(event)))

    def tag(event: str) -> dict[str, Any]:
        return _plain(EMPTY.tag(_document(event)))

    def process(event: str) -> None:
        document = _document(event)
        result = {
            "fingerprint": no_fingerprint(document),
            **_plain(EMPTY.summarize(document)),
            **_plain(EMPTY.tag(document)),
        }
        client().set(result_key(document.document_id), dumps(result))

    def store(parts: list[Any], document_id: str) -> None:
        fingerprint, summary, tagging = parts
        result = {"fingerprint": fingerprint, **summary, **tagging}
        client().set(result_key(document_id), dumps(result))

    # Not shared: a second app of this process would get the first one's tasks.
    app.task(process, name="bench.process", shared=False)
    app.task(store, name="bench.store", shared=False)
    for part in (deduplicate, summarize, tag):
        app.task(part, name=f"bench.{part.__name__}", shared=False, ignore_result=False)
    return app


def send_task(app: Celery, event: str) -> None:
    """Send one document as one task."""
    app.tasks["bench.process"].delay(event)


def send_chord(app: Celery, event: str) -> None:
    """Send one document as a chord: a group of three and a callback."""
    document_id = loads(event)["data"]["document_id"]
    header = [app.tasks[f"bench.{stage}"].s(event) for stage in STAGES]
    chord(header, app=app)(app.tasks["bench.store"].s(document_id))


def work_as_fanmill() -> None:
    """Run fanmill's own worker, all stages, with empty functions."""
    settings = Settings()
    wiring = prepare(settings, STAGES, EMPTY)
    run_worker(
        wiring.celery,
        settings.namespace,
        STAGES,
        name="fanmill",
        concurrency=wiring.worker_concurrency(),
        level=settings.log_level,
    )


def work_as_rival() -> None:
    """Run a worker for both rivals."""
    settings = Settings()
    app = build_rival(settings)

    def ready(**_: Any) -> None:
        with Redis.from_url(environ["FANMILL_REDIS_URL"]) as redis:
            redis.set(READY_KEY, 1)

    signals.worker_ready.connect(ready, weak=False)
    worker = app.Worker(
        hostname="rival@bench",
        queues=[QUEUE],
        concurrency=settings.worker_concurrency,
        pool="prefork",
        loglevel=settings.log_level.upper(),
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    worker.start()


def _document(event: str) -> Document:
    data = loads(event)["data"]
    return Document(
        document_id=data["document_id"],
        text=data["text"],
        title=data.get("title"),
        url=data.get("url"),
        language=data.get("language"),
    )


def _plain(members: RecordMembers) -> dict[str, Any]:
    return members.model_dump(mode="json", exclude_defaults=True)
