"""The workers of a namespace with their work, from one look at the server."""

from dataclasses import dataclass
from typing import Any, Final

from redis import Redis

from fanmill.ops.process_registry import SILENT_SECONDS, all_processes, server_ms
from fanmill.ports import Load
from fanmill.stores.keys import Keys
from fanmill.stores.redis.controls import RedisControls, Request, Signature
from fanmill.stores.work_facts import document_of
from fanmill_contracts.terms import Stage

_WORK_FIELDS: Final = ("record_prefix", "deduplicate", "attempts:summarize", "attempts:tag")


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch that a worker has in work."""

    stage: Stage
    batch_id: str
    documents: int
    first_entry: str
    document: str | None
    """The document, for a batch of one that is still in work."""
    delivery: int
    seconds: float
    """Time since the worker began it."""


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker as an operator sees it."""

    name: str
    state: str
    """`active`, `quiet`, `stopping`, or `silent for 14 s` after two missed heartbeats."""
    order: Request | None
    """Order to this worker; one without effect yet is younger than its last heartbeat."""
    slots: int
    load: Load
    batches: list[BatchView]
    version: str
    host: str
    pid: int
    queues: tuple[str, ...]
    silent_seconds: float
    """Time since the last heartbeat."""
    pauses: dict[str, Signature]
    """All pauses of intake and stages; they concern each worker that serves a paused stage."""


def look(redis: Redis, keys: Keys) -> list[WorkerView]:
    """Return the workers with a heartbeat in the last two minutes, ordered by name."""
    workers = [each for each in all_processes(redis, keys) if each.role == "worker"]
    now = server_ms(redis)
    orders = RedisControls(redis, keys).read()
    firsts = [batch.first_entry for each in workers for batch in each.load.batches]
    with redis.pipeline(transaction=False) as pipe:
        for entry in firsts:
            pipe.hmget(keys.work(entry), _WORK_FIELDS)
        works: dict[str, Any] = dict(zip(firsts, pipe.execute(), strict=True))
    views = []
    for each in workers:
        silent = max(0.0, (now - each.seen_ms) / 1000)
        views.append(
            WorkerView(
                name=each.name,
                state=each.state if silent < SILENT_SECONDS else f"silent for {silent:.0f} s",
                order=orders.requests.get(each.name),
                slots=each.concurrency,
                load=each.load,
                batches=[
                    BatchView(
                        stage=_stage(batch.stage, works[batch.first_entry]),
                        batch_id=batch.batch_id,
                        documents=batch.documents,
                        first_entry=batch.first_entry,
                        document=document_of(works[batch.first_entry][0])
                        if batch.documents == 1
                        else None,
                        delivery=batch.delivery,
                        seconds=round(batch.seconds + silent, 3),
                    )
                    for batch in each.load.batches
                ],
                version=each.version,
                host=each.host,
                pid=each.pid,
                queues=each.queues,
                silent_seconds=round(silent, 3),
                pauses=orders.pauses,
            )
        )
    return views


def _stage(stage: Stage, work: list[bytes | None]) -> Stage:
    """Return the stage at which a child is: after `deduplicate` it goes on by itself."""
    _, judged, summarizing, tagging = work
    if stage != "deduplicate" or judged is None:
        return stage
    if tagging is not None:
        return "tag"
    return "summarize" if summarizing is not None else stage
