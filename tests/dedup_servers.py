"""Real servers for tests and benchmarks: started, awaited and stopped by pid, loopback only."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redis

from fanmill.local.server import find_binary


def free_port(also: int = 0) -> int:
    """Return a free loopback port p; p + `also` is free, too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port + also > 65_000:
                continue
            with contextlib.suppress(OSError):
                if also:
                    second.bind(("127.0.0.1", port + also))
                return port


class Server:
    """Server process; `restart` keeps its folder, `kill` is kill -9."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        """Start it and wait until it answers."""
        self.options = options
        self.port = port or free_port(10_000)
        self.folder = Path(tempfile.mkdtemp(prefix="index-server-"))
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        binary = os.environ.get("REDIS_SERVER", str(find_binary()))
        process = subprocess.Popen(
            [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
             "--save", "", "--loglevel", "warning", "--logfile", "server.log", *self.options],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.client = redis.Redis(port=self.port, socket_timeout=60)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.client.ping()
            except redis.exceptions.RedisError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return process

    def kill(self) -> None:
        """Stop it without any goodbye."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Start it again on the same folder and port."""
        self.process = self._start()

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.client.close()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(*options: str) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = Server(*options)
    try:
        yield server
    finally:
        server.close()
