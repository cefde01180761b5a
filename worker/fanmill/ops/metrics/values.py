"""The samples of all metrics, computed from a reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, get_args

from fanmill.ops.metrics.derived import drain_seconds, wanted_children, wanted_workers
from fanmill.ops.metrics.metric import Sample, Samples
from fanmill.ops.metrics.reading import Limits, Reading
from fanmill.ports import STAGES
from fanmill.stores.keys import GROUP
from fanmill.stores.redis.controls import TARGETS
from fanmill.stores.redis.history import histogram_of, rate_per_second, summed
from fanmill_contracts.events import RejectionReason
from fanmill_contracts.terms import Stage, Verdict

OUTCOMES: Final = ("admitted", "repeated", "refused")
"""Outcomes of an event at intake."""

_MINUTE: Final = 60.0

DOWN: Final[Samples] = {"up": [Sample((), 0)]}
"""The samples while Redis does not answer."""


def samples_of(reading: Reading, limits: Limits) -> Samples:
    """Return the samples of all metrics whose value is known."""
    return {
        "up": [Sample((), 1)],
        "scrape_seconds": [Sample((), reading.seconds)],
        **_of_ledger(reading, limits),
        **_of_events(reading),
        **_of_rejections(reading, limits),
        **_of_durations(reading),
        **_of_processes(reading),
        **_of_wanted(reading, limits),
        **_of_streams(reading),
        **_of_stores(reading),
        **_of_sinks(reading, limits),
    }


def waiting_and_in_flight(reading: Reading) -> tuple[int, int]:
    """Return the numbers of waiting events and of those in flight."""
    ledger = reading.streams["ingested"]
    group = ledger.group(GROUP)
    in_flight = group.pending if group else 0
    return max(0, ledger.length - in_flight), in_flight


def _of_ledger(reading: Reading, limits: Limits) -> Samples:
    ledger = reading.streams["ingested"]
    group = ledger.group(GROUP)
    waiting, in_flight = waiting_and_in_flight(reading)
    # Without a group no intake has run yet, and everything waits.
    oldest_waiting = group.oldest_unread_ms if group else ledger.oldest_ms
    out = _rate(reading, "completed") + _rate(reading, "rejected")
    return {
        "waiting_events": _one(waiting),
        "in_flight_events": _one(in_flight),
        "oldest_waiting_seconds": _one(_age(oldest_waiting, ledger.now_ms)),
        "oldest_unfinished_seconds": _one(_age(ledger.oldest_ms, ledger.now_ms)),
        "max_backlog_events": _known(limits.max_backlog),
        "max_in_flight_events": _one(limits.max_in_flight),
        "backlog_drain_seconds": _one(drain_seconds(waiting, _rate(reading, "received"), out)),
        "queue_messages": _by_label(reading.queues),
        "ledger_ahead_seconds": _one(max(0.0, (ledger.last_ms - ledger.now_ms) / 1000)),
        "lost_unread_events": _one(reading.lost_unread),
        "clock_skew_seconds": _one(reading.skew_seconds),
    }


def _of_events(reading: Reading) -> Samples:
    totals = reading.totals
    return {
        "received_events": _one(totals.get("received", 0)),
        "intake_events": _by_label({name: totals.get(name, 0) for name in OUTCOMES}),
        "completed_documents": _one(totals.get("completed", 0)),
        "verdicts": _counts(totals, "verdict", get_args(Verdict)),
        "stage_results": _counts(totals, "stage", STAGES),
        "erased_events": _one(totals.get("forgotten", 0)),
        "redelivered_events": _one(totals.get("redelivered", 0)),
    }


def _of_rejections(reading: Reading, limits: Limits) -> Samples:
    totals = reading.totals
    return {
        "rejected_events": _counts(totals, "rejected", get_args(RejectionReason)),
        "replayed_rejections": _one(totals.get("replayed", 0)),
        "dropped_rejections": _one(totals.get("dropped", 0)),
        "open_rejections": _one(reading.streams["rejected"].length),
        "open_stage_rejections": _one(reading.stage_rejections),
        "max_rejected_events": _known(limits.max_rejected),
    }


def _of_durations(reading: Reading) -> Samples:
    totals = reading.totals
    return {
        "end_to_end_seconds": [Sample((), histogram_of(totals, "total"), reading.exemplars)],
        "stage_seconds": [Sample((stage,), histogram_of(totals, stage)) for stage in STAGES],
        "stage_busy_seconds": _by_label(
            {stage: totals.get(f"busy:{stage}", 0) / 1000 for stage in STAGES}
        ),
    }


def _of_processes(reading: Reading) -> Samples:
    running = Counter((process.role, process.version) for process in reading.processes)
    return {
        "processes": [Sample(labels, number) for labels, number in sorted(running.items())],
        "children": _by_label({stage: _workers(reading, stage)[0] for stage in STAGES}),
        "busy_children": _by_label({stage: _busy(reading, stage) for stage in STAGES}),
        "paused": [Sample((place,), int(place in reading.paused)) for place in TARGETS],
    }


def _busy(reading: Reading, stage: Stage) -> float:
    """Return the mean number of busy children over the last minute.

    A batch counts in full when it ends; until then the part of it that is in the minute counts.
    """
    now = reading.streams["ingested"].now_ms
    ended = rate_per_second(reading.minutes[-2:], f"busy:{stage}", now) / 1000
    return ended + sum(min(seconds, _MINUTE) for seconds in reading.in_work[stage]) / _MINUTE


def _of_wanted(reading: Reading, limits: Limits) -> Samples:
    waiting, _ = waiting_and_in_flight(reading)
    counts: Mapping[str, int] = summed(reading.hours)
    if not counts.get("completed"):
        counts = reading.totals
    completed = counts.get("completed", 0)
    if not completed:
        # An autoscaler needs a number from the beginning, and one worker measures the cost.
        first = _one(1 if waiting else 0)
        return {"wanted_children": [], "wanted_workers": [], "wanted_replicas": first}
    children, workers = {}, {}
    for stage in STAGES:
        children[stage] = wanted_children(
            _rate(reading, "received"),
            waiting,
            limits.target_age_seconds,
            counts.get(f"busy:{stage}", 0) / 1000 / completed,
        )
        workers[stage] = wanted_workers(children[stage], *_workers(reading, stage))
    busy_ms = sum(counts.get(f"busy:{stage}", 0) for stage in STAGES)
    all_children = wanted_children(
        _rate(reading, "received"),
        waiting,
        limits.target_age_seconds,
        busy_ms / 1000 / completed,
    )
    return {
        "wanted_children": _by_label(children),
        "wanted_workers": _by_label(workers),
        "wanted_replicas": _one(wanted_workers(all_children, *_workers(reading, *STAGES))),
    }


def _of_streams(reading: Reading) -> Samples:
    groups = [
        (name, group)
        for name, facts in reading.streams.items()
        # The group of the ledger is intake's: waiting and in-flight events.
        if name != "ingested"
        for group in facts.groups
    ]
    return {
        "stream_events": _by_label({name: facts.length for name, facts in reading.streams.items()}),
        "consumer_lag_events": [Sample((name, group.name), group.unread) for name, group in groups],
        "consumer_pending_events": [
            Sample((name, group.name), group.pending) for name, group in groups
        ],
    }


def _of_stores(reading: Reading) -> Samples:
    documents, size = reading.index or (None, None)
    used, maximum = reading.memory or (None, None)
    return {
        "records": _one(reading.records),
        "index_documents": _known(documents),
        "index_bytes": _known(size),
        "redis_memory_used_bytes": _known(used),
        "redis_memory_max_bytes": _known(maximum),
    }


def _of_sinks(reading: Reading, limits: Limits) -> Samples:
    sinks = reading.sinks

    def counted(kind: str) -> list[Sample]:
        names = (sink.name for sink in sinks)
        return _by_label({name: reading.totals.get(f"sink-{kind}:{name}", 0) for name in names})

    return {
        "sink_unstored_outcomes": _by_label({sink.name: sink.unstored for sink in sinks}),
        "sink_oldest_unstored_seconds": _by_label(
            {sink.name: sink.oldest_seconds for sink in sinks}
        ),
        "sink_trouble_seconds": _by_label({sink.name: sink.trouble_seconds for sink in sinks}),
        "sink_processes": _by_label({sink.name: sink.processes for sink in sinks}),
        "sink_stored_outcomes": counted("stored"),
        "sink_errors": counted("errors"),
        "sink_lost_outcomes": counted("lost"),
        "sink_unreadable_outcomes": _one(reading.unreadable),
        "max_unstored_outcomes": _known(limits.max_unstored),
    }


def _workers(reading: Reading, *stages: str) -> tuple[int, int]:
    """Return children and number of the running workers that serve all these stages."""
    serving = [process for process in reading.processes if set(stages) <= set(process.queues)]
    return sum(process.concurrency for process in serving), len(serving)


def _rate(reading: Reading, name: str) -> float:
    return rate_per_second(reading.minutes, name, reading.streams["ingested"].now_ms)


def _age(since_ms: int | None, now_ms: int) -> float:
    return 0.0 if since_ms is None else max(0.0, (now_ms - since_ms) / 1000)


def _one(value: float) -> list[Sample]:
    return [Sample((), value)]


def _known(value: float | None) -> list[Sample]:
    return [] if value is None else _one(value)


def _by_label(values: Mapping[str, float] | Mapping[Stage, float]) -> list[Sample]:
    return [Sample((label,), value) for label, value in values.items()]


def _counts(totals: Mapping[str, int], kind: str, names: Iterable[str]) -> list[Sample]:
    # A count that is 0 is shown too: the rate of a series that begins with its first event
    # would miss that event.
    return _by_label({name: totals.get(f"{kind}:{name}", 0) for name in names})
