"""`fanmill intake`, `fanmill worker`, `fanmill up`: the processes of a service."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from fanmill.cli.commands.service.stopping import stopping
from fanmill.cli.console import fail, guarded, load_settings, stderr
from fanmill.cli.exits import Exit
from fanmill.local.children import Child, Children
from fanmill.local.server import EmbeddedServer
from fanmill.ops.logs import configure_logs
from fanmill.ops.rebuild import Rebuild
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill.worker_process import check_index

DEFAULT_PORT: Final = 6399
"""Not Redis's own 6379: a server of yours may run there."""

_LOOK_SECONDS: Final = 0.5


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
    configure_logs(settings.log_format, settings.log_level, role="up")
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data), stopping() as stop:
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
            stderr.print(
                f"fanmill is up, data in {data}. In another terminal:\n"
                f"  export FANMILL_REDIS_URL={server.url}\n"
                "  fanmill publish letter.txt\n"
                "  fanmill status --watch\n"
                "Ctrl-C stops it.",
                markup=False,
            )
            while not stop.wait(_LOOK_SECONDS):
                if not server.alive():
                    stderr.print("the server has ended; starting it again with its data")
                    server.start()
                children.look_after()
        finally:
            stderr.print("stopping: intake, workers, server")
            children.stop(settings.stop_grace_seconds)
            server.stop()


def _prepare_index(settings: Settings, *, rebuild: bool) -> None:
    if not rebuild:
        check_index(settings)
        return
    wiring = Wiring(settings)
    work = Rebuild(wiring.index)
    work.clear()
    for _ in work.from_fingerprints(wiring.records.fingerprints()):
        pass
    stderr.print(f"entered {work.done.documents:,} documents into the index")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process: two servers on the same files would ruin them."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(Exit.USAGE, f"{folder} is in use by another fanmill up; choose another --data")
        yield
