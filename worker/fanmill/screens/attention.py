"""Lines on whatever needs attention, worst first: the alerts that can be told from one look.

The thresholds are those of `deploy/monitoring/rules.yaml`; each line names the section of the run
book that helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from fanmill.ops.metrics.derived import drain_seconds
from fanmill.ops.metrics.reading import Limits, Reading
from fanmill.ops.metrics.values import waiting_and_in_flight
from fanmill.ports import STAGES
from fanmill.screens.forms import lasting, moment, shortened, sized
from fanmill.stores.keys import GROUP
from fanmill.stores.redis.history import rate_per_second

Severity = Literal["bad", "warn"]

_FULL: Final = 0.9
"""Share of a limit from which on it needs attention."""
_SKEW_SECONDS: Final = 5.0
_NOTE_CHARACTERS: Final = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A line of attention.

    Attributes:
        severity: `bad` loses time or stops work now, `warn` will.
        text: The trouble, with numbers.
        advice: The remedy.
        link: Screen that shows more.
    """

    severity: Severity
    text: str
    advice: str
    link: str = ""
    partition: int | None = None


def attention(readings: Mapping[int, Reading], limits: Limits) -> list[Line]:
    """Return what needs attention, the worst first; empty if all is well."""
    several = len(readings) > 1
    lines = [
        Line(line.severity, line.text, line.advice, line.link, number if several else None)
        for number, reading in readings.items()
        for line in _lines(reading, limits)
    ]
    return sorted(lines, key=lambda line: line.severity != "bad")


def all_is_well(readings: Mapping[int, Reading]) -> str:
    """Return the line that is shown instead."""
    received = sum(_rate(each, "received") for each in readings.values())
    out = sum(_rate(each, "completed") + _rate(each, "rejected") for each in readings.values())
    return f"All is well: {received:,.1f} documents/s in, {out:,.1f} out."


def _lines(reading: Reading, limits: Limits) -> Iterator[Line]:
    yield from _of_processes(reading)
    yield from _of_backlog(reading, limits)
    yield from _of_limits(reading, limits)
    yield from _of_sinks(reading, limits)
    yield from _of_clocks(reading)


def _of_processes(reading: Reading) -> Iterator[Line]:
    waiting, in_flight = waiting_and_in_flight(reading)
    if not any(process.role == "intake" for process in reading.processes):
        yield Line(
            "bad" if waiting else "warn",
            f"No intake answers; {waiting:,} events wait.",
            "Start an intake: fanmill intake.",
            "workers",
        )
    served = {stage for process in reading.processes for stage in process.queues}
    missing = [stage for stage in STAGES if stage not in served]
    if missing:
        yield Line(
            "bad" if waiting or in_flight else "warn",
            f"No worker serves {', '.join(missing)}; {in_flight:,} events are in flight.",
            "Start workers: fanmill worker.",
            "workers",
        )
    versions = sorted({process.version for process in reading.processes})
    if len(versions) > 1:
        yield Line(
            "warn",
            f"Processes run different versions: {', '.join(versions)}.",
            "Finish the upgrade: restart the older ones.",
            "workers",
        )
    for place, pause in sorted(reading.paused.items()):
        note = f": {shortened(pause.note, _NOTE_CHARACTERS)}" if pause.note else ""
        yield Line(
            "warn",
            f"{place} is paused since {moment(pause.since_ms)} by {pause.by}{note}.",
            f"Resume it when ready: fanmill resume {place}.",
            "ledger",
        )


def _of_backlog(reading: Reading, limits: Limits) -> Iterator[Line]:
    waiting, in_flight = waiting_and_in_flight(reading)
    ledger = reading.streams["ingested"]
    group = ledger.group(GROUP)
    oldest_ms = group.oldest_unread_ms if group else ledger.oldest_ms
    age = 0.0 if oldest_ms is None else max(0.0, (ledger.now_ms - oldest_ms) / 1000)
    out = _rate(reading, "completed") + _rate(reading, "rejected")
    if age > limits.target_age_seconds:
        drain = drain_seconds(waiting, _rate(reading, "received"), out)
        falls = drain != float("inf")
        until = f"It drains in about {lasting(drain)}." if falls else "The backlog does not shrink."
        yield Line(
            "warn" if falls else "bad",
            f"The oldest event waits for {lasting(age)}; {waiting:,} wait. {until}",
            "Start workers, or look which stage is slow.",
            "ledger",
        )
    if in_flight and out == 0 and age > limits.target_age_seconds:
        yield Line(
            "bad",
            f"Nothing ends: {in_flight:,} events are in flight, and none was completed in five "
            "minutes.",
            "Look at the workers and their log.",
            "workers",
        )


def _of_limits(reading: Reading, limits: Limits) -> Iterator[Line]:
    waiting, _ = waiting_and_in_flight(reading)
    if limits.max_rejected and reading.stage_rejections >= _FULL * limits.max_rejected:
        stops = reading.stage_rejections >= limits.max_rejected
        yield Line(
            "bad" if stops else "warn",
            f"{reading.stage_rejections:,} rejections of the {limits.max_rejected:,} at which "
            f"intake stops{': it has stopped' if stops else ''}.",
            "Mend the cause, then replay or drop them.",
            "failures",
        )
    if limits.max_backlog and waiting >= _FULL * limits.max_backlog:
        yield Line(
            "warn",
            f"{waiting:,} events wait, of the {limits.max_backlog:,} at which publishers wait.",
            "Start workers.",
            "ledger",
        )
    used, maximum = reading.memory or (0, 0)
    if maximum and used >= _FULL * maximum:
        yield Line(
            "bad",
            f"Redis uses {sized(used)} of {sized(maximum)}.",
            "Raise maxmemory, or shorten FANMILL_RESULT_RETENTION_DAYS.",
        )
    if reading.lost_unread:
        yield Line(
            "bad",
            f"Other programs removed {reading.lost_unread:,} entries before an intake read them.",
            "Find the program that trims the ledger; publish those events again.",
            "ledger",
        )


def _of_sinks(reading: Reading, limits: Limits) -> Iterator[Line]:
    for sink in reading.sinks:
        if sink.trouble:
            yield Line(
                "bad",
                f"The sink {sink.name} cannot store: {sink.trouble}. "
                f"{sink.unstored:,} outcomes wait.",
                "Mend the store; nothing is lost meanwhile.",
                "consumers",
            )
        elif not sink.processes:
            yield Line(
                "bad" if sink.unstored else "warn",
                f"No process of the sink {sink.name} runs; {sink.unstored:,} outcomes wait.",
                "Start it: fanmill sink. If it is gone for good: fanmill sinks remove.",
                "consumers",
            )
        if limits.max_unstored and sink.unstored >= _FULL * limits.max_unstored:
            yield Line(
                "bad",
                f"{sink.unstored:,} outcomes wait for {sink.name}, of the "
                f"{limits.max_unstored:,} at which intake stops.",
                "Start more sinks, or mend the store.",
                "consumers",
            )
    if reading.unreadable:
        yield Line(
            "warn",
            f"{reading.unreadable:,} outcomes could not be stored and were set aside.",
            "Look at them: fanmill sinks unreadable.",
            "consumers",
        )


def _of_clocks(reading: Reading) -> Iterator[Line]:
    if abs(reading.skew_seconds) > _SKEW_SECONDS:
        yield Line(
            "warn",
            "This machine's clock differs from the clock of Redis by "
            f"{lasting(abs(reading.skew_seconds))}.",
            "Set both by a time server.",
        )


def _rate(reading: Reading, name: str) -> float:
    return rate_per_second(reading.minutes, name, reading.streams["ingested"].now_ms)
