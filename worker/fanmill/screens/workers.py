"""The table of processes: what each does, and since when."""

from __future__ import annotations

from fanmill.ops.process_registry import SILENT_SECONDS, all_processes
from fanmill.ops.workers import WorkerView, look
from fanmill.screens.forms import lasting
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Action, Column, Row, Table, with_partitions

COLUMNS = (
    Column("name", "Name", "id", "Name of the process in logs and commands."),
    Column("role", "Role"),
    Column("state", "State", meaning="Silent: heartbeats are missing."),
    Column("busy", "Busy", meaning="Children with a batch in work, of all."),
    Column("work", "Work now", meaning="Stage, document or number of documents, and since when."),
    Column("rate", "Documents/s", "rate", "Over the last minute.", wide=True),
    Column("memory", "Memory", "bytes", "Its own memory and that of its children.", wide=True),
    Column("queues", "Stages", wide=True),
    Column("version", "Version", wide=True),
    Column("host", "Host", wide=True),
    Column("seen", "Last heartbeat", "seconds", wide=True),
)
ACTIONS = (
    Action("quiet", "Quiet", "q", "operator", "Let it finish its batches and take no more?"),
    Action("resume", "Resume", "r", "operator"),
    Action("stop", "Stop", "S", "operator", "Let it finish its batches and end?"),
)


def workers(reader: Reader) -> Table:
    """Return the processes of all partitions, workers first."""
    rows = []
    for partition in reader.partitions:
        seen = look(partition.redis, partition.keys)
        rows += [_worker(each, partition.number) for each in seen]
        now = max(
            (each.seen_ms for each in all_processes(partition.redis, partition.keys)), default=0
        )
        for process in all_processes(partition.redis, partition.keys):
            if process.role == "worker":
                continue
            silent = max(0.0, (now - process.seen_ms) / 1000)
            quiet = silent >= SILENT_SECONDS
            state = f"silent for {silent:.0f} s" if quiet else process.state
            rows.append(
                Row(
                    f"{partition.number}:{process.name}",
                    (process.name, process.role, state, "", process.trouble, None, None,
                     process.sink, process.version, process.host, silent),
                    tone="bad" if quiet or process.trouble else "",
                )
            )  # fmt: skip
    return with_partitions(
        Table(
            "workers", "Processes", COLUMNS, rows, ACTIONS,
            empty="No process runs. Start an intake and a worker: fanmill intake, fanmill worker.",
        ),
        len(reader.partitions),
    )  # fmt: skip


def _worker(view: WorkerView, partition: int) -> Row:
    work = "; ".join(
        f"{batch.stage}: {batch.document or f'{batch.documents:,} documents'} "
        f"for {lasting(batch.seconds)}"
        for batch in view.batches
    )
    return Row(
        f"{partition}:{view.name}",
        (view.name, "worker", view.state, f"{len(view.batches)}/{view.slots}", work,
         view.load.documents_per_second, view.load.memory_bytes, ", ".join(view.queues),
         view.version, view.host, view.silent_seconds),
        tone="bad" if view.state.startswith("silent") else "warn" if view.state != "active" else "",
    )  # fmt: skip
