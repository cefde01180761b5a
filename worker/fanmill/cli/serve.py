"""`fanmill intake`, `fanmill worker`, `fanmill up`: the processes of a service."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated, Any, Final, cast

import typer

from fanmill.cli.console import fail, guarded, load_settings, talk
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl
from fanmill.local.children import Child, Children
from fanmill.local.server import EmbeddedServer
from fanmill.ops.logs import configure_logs
from fanmill.ops.presence import process_name
from fanmill.ops.rebuild import Rebuild
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill.worker_process import check_index
from fanmill.worker_process import work as work_on
from fanmill_contracts.results import Stage

DEFAULT_PORT: Final = 6399
"""Not Redis's own 6379: a server of yours may run there."""

_LOOK_SECONDS: Final = 0.5


@guarded
def intake(redis_url: RedisUrl = None) -> None:
    """Read the ledger, validate events, send them to the workers, bring back what got lost.

    Several may run side by side. SIGTERM and Ctrl-C: stops reading and leaves.

    Examples:

      fanmill intake --redis-url redis://localhost:6379/0
    """
    settings = load_settings(redis_url)
    configure_logs(settings, role="intake")
    wiring = Wiring(settings)
    name = process_name("intake")
    presence = wiring.presence("intake")
    with _stopping() as stop:
        wiring.intake(name).run(stop, presence.beat)
    presence.leave()


@guarded
def worker(
    redis_url: RedisUrl = None,
    queues: Annotated[
        str,
        typer.Option(help=f"Stages to work on, separated by commas: {','.join(STAGES)}."),
    ] = ",".join(STAGES),
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, help="Processes.  [env: FANMILL_WORKER_CONCURRENCY]"),
    ] = None,
) -> None:
    """Work on the queues of one or more stages.

    SIGTERM and Ctrl-C: finishes what it works on, hands back the rest, ends.

    Examples:

      fanmill worker --redis-url redis://localhost:6379/0

      fanmill worker --queues summarize,tag --concurrency 4
    """
    settings = load_settings(redis_url, worker_concurrency=concurrency)
    stages = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = [name for name in stages if name not in STAGES]
    if unknown or not stages:
        fail(
            Exit.USAGE,
            f"unknown queue {', '.join(map(repr, unknown)) or repr('')}; "
            f"known: {', '.join(STAGES)} (--queues)",
        )
    configure_logs(settings, role="worker")
    code = work_on(settings, cast("list[Stage]", stages))
    raise typer.Exit(code)


@guarded
def up(
    data: Annotated[Path, typer.Option(help="Folder that keeps all data.", file_okay=False)] = Path(
        "fanmill-data"
    ),
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the server, on loopback only.")
    ] = DEFAULT_PORT,
    workers: Annotated[int, typer.Option(min=1, help="Workers.")] = 1,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Processes of each worker; one per CPU by default.")
    ] = None,
    rebuild_index: Annotated[
        bool,
        typer.Option("--rebuild-index", help="First make the duplicate index anew from results."),
    ] = False,
) -> None:
    """Run everything on this machine: a server that keeps its data, an intake, workers.

    Runs until Ctrl-C or SIGTERM, then stops in order: intake, workers, server.

    Examples:

      fanmill up --data ./fanmill-data

      fanmill publish --redis-url redis://127.0.0.1:6399/0 letter.txt
    """
    settings = load_settings(worker_concurrency=concurrency)
    configure_logs(settings, role="up")
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data), _stopping() as stop:
        server = EmbeddedServer(
            data.resolve(), durable=True, port=port, binary=settings.server_binary
        )
        server.start()
        environment = {"FANMILL_REDIS_URL": server.url}
        if concurrency is not None:
            environment["FANMILL_WORKER_CONCURRENCY"] = str(concurrency)
        children = Children(
            Child("intake", environment=environment),
            [Child("worker", environment=environment) for _ in range(workers)],
        )
        try:
            _prepare_index(load_settings(server.url), rebuild=rebuild_index)
            children.start()
            talk.print(
                f"fanmill is up, data in {data}. In another terminal:\n"
                f"  export FANMILL_REDIS_URL={server.url}\n"
                "  fanmill publish letter.txt\n"
                "  fanmill status --watch\n"
                "Ctrl-C stops it.",
                markup=False,
            )
            while not stop.wait(_LOOK_SECONDS):
                if not server.alive():
                    talk.print("the server has ended; starting it again with its data")
                    server.start()
                children.look_after()
        finally:
            talk.print("stopping: intake, workers, server")
            children.stop(settings.stop_grace_seconds)
            server.stop()


def _prepare_index(settings: Settings, *, rebuild: bool) -> None:
    if not rebuild:
        check_index(settings)
        return
    wiring = Wiring(settings)
    work = Rebuild(wiring.index)
    work.clear()
    for _ in work.from_results(wiring.records.completed(None, None)):
        pass
    talk.print(f"entered {work.done.documents:,} documents into the index")


@contextmanager
def _stopping() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set; the second signal ends the process."""
    stop = Event()

    def handle(number: int, _: Any) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    before = {sign: signal.signal(sign, handle) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process: two servers on the same files would ruin them."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(Exit.USAGE, f"{folder} is in use by another fanmill up; choose another --data")
        yield
