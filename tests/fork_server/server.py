"""A program that loads fanmill's modules once, and forks a process for each command.

The fork is a process like any other: it gets its own arguments, environment, folder, streams,
session and exit code, and runs the module as `python -m` does. `client.py` starts this program.
"""

import gc
import io
import json
import os
import runpy
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

LENGTH_BYTES: Final = 8

MODULES: Final = (
    "fanmill.cli.app",
    "fanmill.intake_process",
    "fanmill.local.job",
    "fanmill.local.server",
    "fanmill.local.supervisor",
    "fanmill.ops.status",
    "fanmill.report.page",
    "fanmill.sink_process",
    "fanmill.stores.postgresql",
    "fanmill.stores.sqlite",
    "fanmill.wiring",
    "fanmill.worker_process",
    "celery.app.amqp",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.bin.worker",
    "celery.concurrency.prefork",
    "celery.fixups",
    "celery.loaders.app",
    "celery.worker.autoscale",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.strategy",
    "kombu.transport.redis",
    "psutil",
    "rich.console",
    "rich.table",
)
"""Modules to load before the first fork, with all that they import."""


def load(names: Sequence[str] = MODULES) -> None:
    """Load modules, and a worker's tables with all; keep the garbage collector from their pages."""
    # As fanmill's own start does; a fork gets the environment of its command in place of this.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    for name in names:
        import_module(name)
    if names == MODULES:
        import_module("fanmill.core.warm_up").warm_up()
    gc.collect()
    gc.freeze()


def serve(client: socket.socket) -> dict[str, Any]:
    """Answer requests; return in a fork, with its command.

    A request names a process to ask after, or a command. The end of the client ends all forks.
    """
    forks: set[int] = set()
    while True:
        request, streams = _received(client)
        if request is None:
            for pid in forks:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise SystemExit(0)
        if "ended" in request:
            pid = request["ended"]
            keep = os.WNOWAIT if request["keep"] else 0
            status = _status(pid, keep)
            if status is not None and not keep:
                forks.discard(pid)
            _send(client, status)
            continue
        pid = os.fork()
        if pid == 0:
            client.close()
            _become(request, streams)
            return request
        forks.add(pid)
        for each in streams:
            os.close(each)
        _send(client, pid)


def _status(pid: int, keep: int) -> int | None:
    """Return the wait status of a fork that has ended, None for one that runs."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | keep)
    if found is None:
        return None
    killed = found.si_code in {os.CLD_KILLED, os.CLD_DUMPED}
    return found.si_status if killed else found.si_status << 8


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """Give this fork what `Popen` gives to a new process."""
    if request["new_session"]:
        os.setsid()
    if request["dies_with_parent"]:
        from fanmill.local.supervisor import dies_with_parent

        dies_with_parent()()
    for number, each in enumerate(streams):
        os.dup2(each, number)
    for each in streams:
        os.close(each)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:1] = [request["folder"], *folders]
    sys.argv[1:] = request["arguments"]
    _open_streams()


def _open_streams() -> None:
    """Make the standard streams anew, with the encodings that Python has chosen for them."""
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        before = getattr(sys, name)
        mode = "w" if number else "r"
        buffered = 0 if unbuffered and number else -1
        raw = open(number, f"{mode}b", buffered, closefd=False)  # noqa: SIM115  it stays
        stream = io.TextIOWrapper(
            raw,
            before.encoding,
            before.errors,
            write_through=unbuffered,
            line_buffering=not unbuffered and (number == 2 or raw.isatty()),
        )
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _received(client: socket.socket) -> tuple[Any, list[int]]:
    head, streams, _, _ = socket.recv_fds(client, LENGTH_BYTES, 3, socket.MSG_CMSG_CLOEXEC)
    body = b""
    while head and len(body) < int.from_bytes(head):
        more = client.recv(int.from_bytes(head) - len(body))
        if not more:
            return None, []
        body += more
    return (json.loads(body), list(streams)) if head else (None, [])


def _send(client: socket.socket, answer: int | None) -> None:
    client.sendall(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    connection = socket.socket(fileno=int(sys.argv.pop()))
    load(sys.argv[1:] or MODULES)
    command = serve(connection)
    runpy.run_module(command["module"], run_name="__main__", alter_sys=True)
