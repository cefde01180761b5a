"""Check of the running processes: which stages are served, by which versions."""

from collections.abc import Sequence

from fanmill.ops.doctor.result import CheckResult
from fanmill.ops.process_registry import Process
from fanmill.ports import STAGES


def judge_processes(living: Sequence[Process], version: str) -> CheckResult:
    """Return a failed check if no intake runs or a stage is not served.

    Processes of roles that this release does not know are not counted. Versions
    other than `version`, the one of this command, are worth a warning.
    """
    intakes = [process for process in living if process.role == "intake"]
    workers = [process for process in living if process.role == "worker"]
    seen = f"intakes: {len(intakes)}, workers: {len(workers)}"
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
    others = sorted({process.version for process in (*intakes, *workers)} - {version})
    if others:
        return CheckResult(
            "processes",
            "warning",
            f"{seen}; versions {', '.join(others)} run beside this command's {version}",
            "finish the upgrade: restart workers, then intakes, on each host: "
            f"pip install 'fanmill[worker]=={version}'",
        )
    return CheckResult("processes", "ok", f"{seen}, version {version}")
