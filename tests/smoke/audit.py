"""Counts a server's whole content against what was published.

Every accepted event ended as exactly one record or one rejection, and nothing
else was written: no second event, no leftover, no key that has no business there.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from fanmill.core.dedup.partition import ALL
from fanmill.ops.process_registry import server_ms
from fanmill.ports import LATER_STAGES, STAGES
from fanmill.shell.queues import queue_name
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import GROUP, WORKERS
from fanmill.stores.redis import RedisCorpus
from fanmill.stores.redis.history import KEPT, histogram_of, read_series, summed
from fanmill_contracts import (
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
    DocumentResult,
    decode,
)
from fanmill_contracts.stored_records import stored_record
from fanmill_contracts.streams import EVENT_FIELD

from .mill import Mill
from .plan import NAMESPACE
from .stored import check_store

_CELERY_BINDINGS: Final = ("_kombu.binding", "_kombu.binding_permanent")
_CELERY_DEADLINES: Final = "_kombu.binding_deadlines"


@dataclass(frozen=True)
class Account:
    """Outcomes of events by event id; of unreadable events by ledger entry."""

    processed: Mapping[str, DocumentProcessed]
    rejected: Mapping[str, DocumentRejected]

    def verdicts(self) -> dict[str, int]:
        """Return how many documents got which verdict."""
        return dict(Counter(event.data.deduplication.verdict for event in self.processed.values()))

    def reasons(self) -> dict[str, int]:
        """Return how many events were rejected for which reason."""
        return dict(Counter(event.data.reason for event in self.rejected.values()))


def audit(
    mill: Mill, *, repeats: int | None = 0, forgetful: bool = False, pool_killed: bool = False
) -> Account:
    """Wait until all is done, stop everything, count, and return the outcome of each event.

    Args:
        mill: Service that ran, with the published events.
        repeats: Number of ledger entries whose event another entry carries as well;
            None if a publisher may have repeated an event unnoticed.
        forgetful: Whether the server was killed with `appendfsync everysec`: it may have
            lost a verdict and then called the next copy unique.
        pool_killed: Whether children of workers were killed. A message that a dying child held
            returns to its queue when its worker stops; a further start takes it away.

    Raises:
        AssertionError: Anything is missing, present twice, or left over.
    """
    mill.settle()
    codes = mill.stop()
    if pool_killed:
        for worker in mill.workers:
            mill.start_again(worker)
        mill.settle()
        codes |= mill.stop()
    assert set(codes.values()) <= {0}, f"exit codes {codes}"
    mill.settle(seconds=5)

    processed = _processed(mill)
    rejected = _rejected(mill)
    expected = {*mill.published, *mill.raw}
    both = processed.keys() & rejected.keys()
    assert not both, f"processed and rejected: {sorted(both)}"
    ended = processed.keys() | rejected.keys()
    assert ended == expected, (
        f"lost: {sorted(expected - ended)[:20]}; from nowhere: {sorted(ended - expected)[:20]}"
    )
    account = Account(processed, rejected)
    for event_id, event in processed.items():
        _check_result(mill.published[event_id], event.data)
    if not forgetful:
        _check_originals(account)
    _check_counters(mill, account, repeats)
    _check_documents(mill, account)
    _check_corpus(mill, account)
    _check_keys(mill, account, forgetful=forgetful)
    if mill.sinks:
        check_store(mill, account)
    return account


def _check_corpus(mill: Mill, account: Account) -> None:
    """Assert that each finished document counts once; a rejected one may count."""
    corpus = RedisCorpus(mill.redis, mill.keys, retention_days=90)
    counted = sum(each.documents for each in corpus.aggregates().values())
    summed_up = sum(event.data.statistics is not None for event in account.processed.values())
    assert summed_up <= counted <= summed_up + len(account.rejected)


def _processed(mill: Mill) -> dict[str, DocumentProcessed]:
    found: dict[str, DocumentProcessed] = {}
    entries: Any = mill.redis.xrange(mill.keys.processed)
    for _, fields in entries:
        assert list(fields) == [EVENT_FIELD.encode()]
        event = decode(fields[EVENT_FIELD.encode()])
        assert isinstance(event, DocumentProcessed)
        assert event.data.event.id not in found, f"processed twice: {event.data.event.id}"
        found[event.data.event.id] = event
    assert len({event.id for event in found.values()}) == len(found)
    return found


def _rejected(mill: Mill) -> dict[str, DocumentRejected]:
    found: dict[str, DocumentRejected] = {}
    entries: Any = mill.redis.xrange(mill.keys.rejected)
    for _, fields in entries:
        event = decode(fields[EVENT_FIELD.encode()])
        assert isinstance(event, DocumentRejected)
        valid = event.data.event_id is not None and not event.data.unverified
        name = str(event.data.event_id) if valid else event.id
        assert name not in found, f"rejected twice: {name}"
        found[name] = event
        original = {key: value for key, value in fields.items() if key != EVENT_FIELD.encode()}
        assert original, f"a rejection without its original: {name}"
        assert all(key.startswith(b"original:") or key in {b"cut", b"group"} for key in original)
        if valid:
            published = mill.published[name]
            held = decode(original[f"original:{EVENT_FIELD}".encode()])
            assert held == published, f"another original: {name}"
    return found


def _check_result(published: DocumentIngested, result: DocumentResult) -> None:
    assert result.document_id == published.data.document_id
    assert result.event.source == published.source
    assert result.title == published.data.title
    assert result.revision == 1
    assert result.text_sha256 == sha256(published.data.text.encode()).hexdigest()
    assert result.received_at is not None
    assert result.received_at <= result.completed_at
    assert not result.problems
    analysed = [result.statistics, result.summary, result.tagging]
    if result.deduplication.verdict == "unique":
        assert all(part is not None for part in analysed), f"incomplete: {result.document_id}"
        assert result.deduplication.duplicate_of is None
    else:
        assert all(part is None for part in analysed), f"not skipped: {result.document_id}"


def _check_originals(account: Account) -> None:
    """Assert that exactly one document of each text is unique, and the others name it."""
    groups: dict[str, list[DocumentResult]] = {}
    for event in account.processed.values():
        groups.setdefault(event.data.text_sha256, []).append(event.data)
    for group in groups.values():
        originals = [one for one in group if one.deduplication.verdict == "unique"]
        assert len(originals) == 1, (
            f"{len(originals)} uniques of {[one.document_id for one in group]}"
        )
        for one in group:
            if one is not originals[0]:
                assert one.deduplication.duplicate_of == originals[0].document_id


def _check_counters(mill: Mill, account: Account, repeats: int | None) -> None:
    counters = _numbers(mill.redis.hgetall(mill.keys.counters))
    verdicts = account.verdicts()
    unique, exact = verdicts.get("unique", 0), verdicts.get("exact", 0)
    at_intake = sum(event.data.stage == "intake" for event in account.rejected.values())
    in_stages = len(account.rejected) - at_intake
    assert counters.get("admitted", 0) == len(account.processed) + in_stages
    assert counters.get("completed", 0) == len(account.processed)
    assert counters.get("rejected", 0) == len(account.rejected)
    for reason, number in account.reasons().items():
        assert counters[f"rejected:{reason}"] == number
    info: Any = mill.redis.xinfo_stream(mill.keys.ingested)
    written = int(info["entries-added"])
    repeated = counters.get("repeated", 0)
    assert written == counters.get("admitted", 0) + at_intake + repeated
    if repeats is not None:
        assert repeated == repeats
    judged = counters.get("stage:deduplicate", 0)
    assert unique + exact <= judged <= unique + exact + in_stages
    assert judged == counters.get("verdict:unique", 0) + counters.get("verdict:exact", 0)
    assert exact <= counters.get("verdict:exact", 0)
    for stage in LATER_STAGES:
        assert unique <= counters.get(f"stage:{stage}", 0) <= unique + in_stages
    assert histogram_of(counters, "total").count == len(account.processed)
    _check_history(mill, counters)


def _check_history(mill: Mill, counters: Mapping[str, int]) -> None:
    """Assert that minutes and hours add up to the totals; both series cover a whole test."""
    now = server_ms(mill.redis)
    for resolution, points in KEPT.items():
        series = read_series(mill.redis, mill.keys, resolution, points, end_ms=now)
        history = summed(series)
        # Intake counts new entries once a second, so that this number may still change.
        assert history.pop("received", 0) >= counters.get("received", 0)
        assert history == {name: counters[name] for name in counters if name != "received"}


def _check_documents(mill: Mill, account: Account) -> None:
    """Assert that the record of each document agrees with its event, and expires."""
    for event_id, event in account.processed.items():
        document_id = event.data.document_id
        stored: Any = mill.redis.hgetall(mill.keys.document(document_id))
        assert stored[b"state"] == b"complete"
        assert stored[b"revisions"] == b"1"
        assert stored[b"entry"].decode() == event.id
        assert stored_record(stored[b"record"]) == event.data
        assert mill.redis.pttl(mill.keys.document(document_id)) > 0
        source = mill.published[event_id].source
        assert mill.redis.pttl(mill.keys.event(source, event_id)) > 0
    for event in account.rejected.values():
        if event.data.document_id is not None and not event.data.unverified:
            stored = mill.redis.hgetall(mill.keys.document(event.data.document_id))
            assert stored[b"state"] == b"rejected"
            assert b"record" not in stored
    results: Any = mill.redis.zrange(mill.keys.results, 0, -1)
    assert {name.decode() for name in results} == {
        event.data.document_id for event in account.processed.values()
    }


def _check_keys(mill: Mill, account: Account, *, forgetful: bool) -> None:
    keys = mill.keys
    found = {key.decode() for key in mill.redis.scan_iter(count=1000)}
    admitted = [
        event
        for event in (*account.processed.values(), *account.rejected.values())
        if event.data.document_id is not None
        and not (isinstance(event, DocumentRejected) and event.data.unverified)
    ]
    documents = {event.data.document_id for event in account.processed.values()}
    expected = {keys.ingested, keys.reading}
    expected |= {keys.document(str(event.data.document_id)) for event in admitted}
    expected |= {keys.event(event.source, event.id) for event in mill.published.values()}
    if account.processed:
        expected |= {keys.processed, keys.results, keys.results_by_entry}
    if account.rejected:
        expected |= {keys.rejected}
    if any(event.data.stage != "intake" for event in account.rejected.values()):
        expected |= {keys.failed}
    if admitted or account.rejected:
        expected |= {keys.counters}
    # An intake that has seen no more than an entry counts it as received.
    expected |= {keys.counters} & found
    expected |= {key for key in found if key.startswith(keys.history)}
    if account.rejected:
        expected |= {key for key in found if key.startswith(keys.groups)}
    # The groups of sinks make the streams.
    sinks = {keys.sinks, keys.outbox, keys.processed, keys.rejected, keys.late}
    expected |= sinks & found if mill.sinks else set()
    # Orders that an operator gave in the test.
    expected |= {keys.controls} & found
    if admitted:
        expected |= {keys.sources}
    expected |= {key for key in found if key.startswith(keys.replayed_as(""))}

    index = {key for key in found if key.startswith(f"{NAMESPACE}:dedup:")}
    if documents:
        remembered = RedisFingerprintIndex(mill.redis, NAMESPACE).partition(ALL).info().documents
        assert remembered == len(documents) or (forgetful and 0 < remembered < len(documents))
    routes = {queue_name(NAMESPACE, stage) for stage in STAGES}
    bindings = {f"{prefix}.{route}" for prefix in _CELERY_BINDINGS for route in routes}
    corpus = {key for key in found if key.startswith(f"{NAMESPACE}:corpus:")}
    trends = {key for key in found if key.startswith(keys.trends(""))}
    left = found - index - bindings - corpus - trends - {_CELERY_DEADLINES}
    if mill.rough:
        # The names of killed processes remain until the registry is read.
        left -= {keys.processes}
    assert left == expected, (
        f"too many: {sorted(left - expected)[:20]}; missing: {sorted(expected - left)[:20]}"
    )
    consumers: Any = mill.redis.xinfo_consumers(keys.ingested, GROUP)
    assert all(consumer["pending"] == 0 for consumer in consumers)
    if not mill.rough:
        names = {consumer["name"].decode() for consumer in consumers}
        assert names <= {WORKERS}, f"consumers left behind: {sorted(names)}"


def _numbers(fields: Any) -> dict[str, int]:
    return {key.decode(): int(value) for key, value in fields.items()}
