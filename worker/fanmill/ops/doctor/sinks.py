"""Check of the sinks: whether outcomes reach the store of record, and how long they may wait."""

from collections.abc import Sequence
from typing import Final

from fanmill.ops.doctor.result import CheckResult, Level
from fanmill.ops.sinks import SinkView

_SHARE: Final = 0.8
"""Share of `FANMILL_MAX_UNSTORED` above which a warning says that intake will stop."""


def judge_sinks(
    sinks: Sequence[SinkView], unreadable: int, max_unstored: int | None, *, wants_store: bool
) -> CheckResult:
    """Return a failed check if a sink does not store, or if so much waits that intake stopped.

    Args:
        sinks: The registered sinks.
        unreadable: Outcomes that were set aside.
        max_unstored: Number of outcomes at which intake stops reading; None for no limit.
        wants_store: Whether the settings name a store.
    """
    if not sinks:
        if wants_store:
            return CheckResult(
                "sinks",
                "warning",
                "FANMILL_STORE_URL is set and no sink was ever started",
                "fanmill sink",
            )
        return CheckResult("sinks", "ok", "none; records stay in Redis only")
    unstored = max(sink.unstored for sink in sinks)
    for sink in sinks:
        fault = _fault(sink)
        if fault is not None:
            return fault
    level: Level = "ok"
    seen = "; ".join(f"{sink.name}: {sink.unstored:,} to store" for sink in sinks)
    advice = ""
    if max_unstored is not None and unstored >= max_unstored:
        return CheckResult(
            "sinks",
            "error",
            f"{seen}; the limit is {max_unstored:,}: intake has stopped reading",
            "start more sinks: fanmill sink; or raise FANMILL_MAX_UNSTORED if Redis has memory",
        )
    if unreadable:
        level, seen = "warning", f"{seen}; {unreadable:,} outcomes are set aside"
        advice = "fanmill sinks unreadable"
    elif max_unstored is not None and unstored > _SHARE * max_unstored:
        level, advice = "warning", "start more sinks: fanmill sink"
        seen = f"{seen}; intake stops reading at {max_unstored:,}"
    return CheckResult("sinks", level, seen, advice)


def _fault(sink: SinkView) -> CheckResult | None:
    waiting = f"{sink.unstored:,} outcomes wait, the oldest for {sink.oldest_seconds:,.0f} s"
    if not sink.processes:
        return CheckResult(
            "sinks",
            "error",
            f"no process of the sink {sink.name} runs; {waiting}",
            f"fanmill sink, with the store {sink.store}; or, if it is out of service for good, "
            f"fanmill sinks remove {sink.name}",
        )
    if sink.trouble:
        return CheckResult(
            "sinks",
            "error",
            f"the sink {sink.name} cannot store since {sink.trouble_seconds:,.0f} s, because "
            f"{sink.trouble}; {waiting}",
            "mend the store, fanmill store check; the sink goes on by itself and loses nothing",
        )
    return None
