"""Check of the running processes: which stages are served, by which versions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from fanmill.ops.container import GONE_SECONDS
from fanmill.ops.doctor.result import CheckResult
from fanmill.ops.process_registry import Process
from fanmill.ports import STAGES
from fanmill.stores.redis.controls import Signature


def judge_processes(running: Sequence[Process], version: str) -> CheckResult:
    """Return a failed check if no intake runs or a stage is not served.

    Versions other than `version`, the one of this command, are worth a warning.
    """
    intakes = [process for process in running if process.role == "intake"]
    workers = [process for process in running if process.role == "worker"]
    sinks = [process for process in running if process.role == "sink"]
    seen = f"intakes: {len(intakes)}, workers: {len(workers)}"
    if sinks:
        seen += f", sinks: {len(sinks)}"
    if not intakes:
        return CheckResult("processes", "error", f"{seen}; no intake runs", "fanmill intake")
    served = {stage for worker in workers for stage in worker.queues}
    missing = [stage for stage in STAGES if stage not in served]
    if missing:
        return CheckResult(
            "processes",
            "error",
            f"{seen}; no worker serves {', '.join(missing)}",
            f"fanmill worker --queues {','.join(missing)}",
        )
    others = sorted({process.version for process in running} - {version})
    if others:
        return CheckResult(
            "processes",
            "warning",
            f"{seen}; versions {', '.join(others)} run beside this command's {version}",
            "finish the upgrade: restart workers, then intakes, on each host: "
            f"pip install 'fanmill[worker]=={version}'",
        )
    return CheckResult("processes", "ok", f"{seen}, version {version}")


def judge_pauses(pauses: Mapping[str, Signature]) -> CheckResult:
    """Return a warning that names the pauses of operators."""
    if not pauses:
        return CheckResult("pauses", "ok", "nothing is paused")
    seen = "; ".join(_pause(target, each) for target, each in pauses.items())
    return CheckResult(
        "pauses", "warning", seen, "; ".join(f"fanmill resume {target}" for target in pauses)
    )


def _pause(target: str, pause: Signature) -> str:
    since = datetime.fromtimestamp(pause.since_ms / 1000, UTC)
    reason = f" ({pause.note})" if pause.note else ""
    return f"{target} is paused since {since:%Y-%m-%d %H:%M:%S}Z by {pause.by}{reason}"


def judge_heartbeats(silent: Sequence[Process], now_ms: int) -> CheckResult:
    """Return a warning that names the processes without a recent heartbeat.

    `now_ms` is the server's time in ms since 1970.
    """
    if not silent:
        return CheckResult("heartbeats", "ok", f"none older than {GONE_SECONDS:g} s")
    names = ", ".join(
        f"{process.name} ({(now_ms - process.seen_ms) / 1000:,.0f} s)" for process in silent
    )
    kills = "; ".join(f"on {process.host}: kill -9 {process.pid}" for process in silent)
    return CheckResult(
        "heartbeats",
        "warning",
        f"no heartbeat of {names}: killed, or the main loop hangs",
        f"if it still runs, {kills}; then start it again. Its documents are redelivered",
    )
