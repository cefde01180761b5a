"""`fanmill up`: a whole service on one machine."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, fail, guarded, load_settings, remark
from fanmill.cli.exits import Exit

if TYPE_CHECKING:
    from threading import Event

    from fanmill.local.server import EmbeddedServer
    from fanmill.local.supervisor import Supervisor
    from fanmill.ops.status import Status
    from fanmill.settings import Settings

DEFAULT_PORT: Final = 6399
"""Port of the server; a server of the user's own may run at Redis's port 6379."""

Concurrency = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Processes of each worker; one per CPU by default."),
]
WithConsole = Annotated[
    bool, typer.Option("--console", help="Serve the web console, too, on port 9621.")
]

_POLL_SECONDS: Final = 0.5
_SUMMARY_SECONDS: Final = 1.0
"""Minimum time between two summary lines."""


@guarded
def up(
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder that keeps all data.", file_okay=False)
    ] = Path("fanmill-data"),
    port: Annotated[
        int,
        typer.Option(
            min=1, max=65535, metavar="PORT", help="Port of the server, on loopback only."
        ),
    ] = DEFAULT_PORT,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Number of workers.")] = 1,
    concurrency: Concurrency = None,
    rebuild_index: Annotated[
        bool,
        typer.Option("--rebuild-index", help="Rebuild the duplicate index from results first."),
    ] = False,
    console: WithConsole = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Log each document in place of a summary line."),
    ] = False,
) -> None:
    """Run everything on this machine: a server that keeps its data, an intake, workers, a sink.

    Results are stored in DIR/results.sqlite, or in FANMILL_STORE_URL (empty: nowhere). On Ctrl-C
    or SIGTERM it stops in order: intake, workers, sink, server.

    Examples:

      fanmill up --data ./fanmill-data --console

      fanmill publish --redis-url redis://127.0.0.1:6399/0 letter.txt
    """
    settings = load_settings(worker_concurrency=concurrency)

    _check_console(wanted=console)
    from fanmill.cli.commands.service.stopping import stopping
    from fanmill.local.server import EmbeddedServer
    from fanmill.ops.logs import configure_logs

    configure_logs(settings.log_format, settings.log_level, role="up")
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data), stopping() as stop:
        _check_port(port)
        folder, store = data.resolve(), _store_url(settings, data)
        server = EmbeddedServer(folder, durable=True, port=port, binary=settings.server_binary)
        server.start()
        how = (workers, concurrency, console, verbose)
        supervisor, own = _supervisor(server.url, data, store, *how), load_settings(server.url)
        try:
            _prepare_index(own, rebuild=rebuild_index)
            _prepare_store(store)
            supervisor.start()
            _welcome(data, server.url, store, console=console)
            _supervise(server, supervisor, stop, None if verbose else _Summary(own))
        finally:
            remark("stopping: intake, workers, sink, server")
            supervisor.stop(settings.stop_grace_seconds)
            server.stop()


def _store_url(settings: Settings, data: Path) -> str:
    """Return the URL of the store: as set, in the folder by default, empty for none."""
    if "FANMILL_STORE_URL" in os.environ:
        return settings.store_url.get_secret_value()
    from fanmill.stores.opening import store_url_in

    return store_url_in(data)


def _prepare_store(url: str) -> None:
    """Make the file of SQLite, or bring its tables up to date: nobody else does on one machine."""
    from fanmill.ports.store import StoreError
    from fanmill.stores.opening import open_store

    if not url.startswith("sqlite:"):
        return
    try:
        store = open_store(url, create=True)
        for migration in store.migrate():
            remark(f"migrated the store: {migration}")
        while (progress := store.rebuild_facets(10_000)) is not None:
            remark(f"making the search index of the store anew: {progress}")
        store.close()
    except StoreError as error:
        # The sink tells since when and why it cannot store, and goes on once it can.
        remark(f"the store cannot be used yet: {error}")


def _supervisor(
    url: str,
    data: Path,
    store: str,
    workers: int,
    concurrency: int | None,
    console: bool,
    verbose: bool,
) -> Supervisor:
    from fanmill.local.supervisor import ServiceProcess, Supervisor
    from fanmill.stores.opening import store_url_in

    environment = {"FANMILL_REDIS_URL": url, "FANMILL_STORE_URL": store}
    if store == store_url_in(data):
        # The folder may be moved, with the store in it: a name made from its path would change. It
        # is the same where the user has exported the URL that this command names.
        environment["FANMILL_SINK_NAME"] = os.environ.get("FANMILL_SINK_NAME") or "local"
    if concurrency is not None:
        environment["FANMILL_WORKER_CONCURRENCY"] = str(concurrency)
    if not verbose and "FANMILL_LOG_LEVEL" not in os.environ:
        environment["FANMILL_LOG_LEVEL"] = "warning"
    return Supervisor(
        ServiceProcess("intake", environment=environment),
        [ServiceProcess("worker", environment=environment) for _ in range(workers)],
        [ServiceProcess("sink", environment=environment)] if store else [],
        [ServiceProcess("console", environment=environment)] if console else [],
    )


def _check_console(*, wanted: bool) -> None:
    """End the command if a console is wanted and its extra is missing: it would end at once."""
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn") if wanted and find_spec(name) is None]
    if missing:
        fail(Exit.USAGE, f"the console needs {missing[0]!r}: pip install 'fanmill[console]'")


def _welcome(data: Path, url: str, store: str, *, console: bool) -> None:
    from fanmill.setting_values import hide_secrets

    remark(f"fanmill is up, data in {data}. In another terminal:")
    shown = f"  export FANMILL_STORE_URL={hide_secrets(store)}\n" if store else ""
    remark(
        f"  export FANMILL_REDIS_URL={url}\n{shown}"
        "  fanmill publish letter.txt\n"
        "  fanmill status --watch\n"
        + ("The web console: http://127.0.0.1:9621/\n" if console else "")
        + "Ctrl-C stops it.",
        keep_line_breaks=True,
    )


def _supervise(
    server: EmbeddedServer, supervisor: Supervisor, stop: Event, summary: _Summary | None
) -> None:
    """Restart whatever ends, and print the summary, until the stop event is set."""
    while not stop.wait(_POLL_SECONDS):
        if not server.alive():
            remark("the server has ended; starting it again with its data")
            server.start()
        supervisor.restart_ended()
        if summary is not None:
            summary.poll()


class _Summary:
    """Prints one line when counts have changed, at most once a second."""

    def __init__(self, settings: Settings) -> None:
        from fanmill.ports import STAGES
        from fanmill.shell.queues import queue_name
        from fanmill.wiring import Wiring

        self._wiring = Wiring(settings, retry_seconds=0)
        self._queues = {stage: queue_name(settings.namespace, stage) for stage in STAGES}
        self._printed = ""
        self._completed: int | None = None
        self._next = monotonic()

    def poll(self) -> None:
        from redis.exceptions import RedisError

        from fanmill.ops.status import look

        if monotonic() < self._next:
            return
        self._next = monotonic() + _SUMMARY_SECONDS
        try:
            status = look(self._wiring.redis, self._wiring.keys, self._queues)
        except RedisError:
            return
        line = self._line(status)
        if line != self._printed:
            self._printed = line
            new = status.completed - (self._completed or 0)
            remark(f"{line} (+{new:,})" if self._completed is not None and new else line)
            self._completed = status.completed

    def _line(self, status: Status) -> str:
        return (
            f"{counted(status.completed, 'document')} complete: {status.unique:,} unique, "
            f"{counted(status.duplicates, 'duplicate')}; {status.rejected_total:,} rejected, "
            f"{status.waiting:,} waiting, {status.in_flight:,} in flight"
        )


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            fail(Exit.USAGE, f"port {port} cannot be used: {reason}; choose another with --port")


def _prepare_index(settings: Settings, *, rebuild: bool) -> None:
    if not rebuild:
        from fanmill.worker_process import check_index

        check_index(settings)
        return
    from fanmill.ops.rebuild import Rebuild
    from fanmill.wiring import Wiring

    wiring = Wiring(settings)
    work = Rebuild(wiring.index)
    work.clear()
    for _ in work.from_fingerprints(wiring.records.fingerprints()):
        pass
    remark(f"entered {counted(work.done.documents, 'document')} into the index")
    if work.done.without_fingerprint:
        remark(
            f"{counted(work.done.without_fingerprint, 'record')} without a fingerprint of these "
            "parameters; their texts are needed: fanmill index rebuild --from FILE.jsonl"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process: two servers on the same files would ruin them."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(Exit.USAGE, f"{folder} is in use by another fanmill up; choose another --data")
        yield
