"""Hosts on this machine: network namespaces on a bridge, or loopback where these cannot be made.

Each host has an address, and programs that run on it use its network alone. Nothing leaves the
machine: the bridge is in a namespace of its own, without a way out. Namespaces and programs end
with the block, on any error and on SIGTERM; those left by a run that was killed go at the next.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol, Self

import psutil

from fanmill.local.supervisor import dies_with_parent

PREFIX: Final = "fmb"
"""Namespaces are called `fmb-<process id>-<host>`."""
_SUBNET: Final = "10.77.0"
_CLONE_NEWNET: Final = 0x40000000
_STOP_SECONDS: Final = 40


class Host(Protocol):
    """A host on which programs run."""

    name: str
    address: str

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs a command on this host."""
        ...


class LoopbackHost:
    """A host that shares the network of this machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = "127.0.0.1"

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command itself."""
        return list(command)


class NamespaceHost:
    """A host with a network of its own, connected to the bridge.

    Args:
        name: Name of the host.
        number: Last part of its address, 1 to 254.
        bridge: Namespace of the bridge.
    """

    def __init__(self, name: str, number: int, bridge: str) -> None:
        self.name = name
        self.address = f"{_SUBNET}.{number}"
        self.namespace = f"{PREFIX}-{os.getpid()}-{name}"
        cable = f"v{number}"
        _ip("netns", "add", self.namespace)
        _ip("-n", bridge, "link", "add", cable, "type", "veth", "peer", "name", "eth0",
            "netns", self.namespace)  # fmt: skip
        _ip("-n", bridge, "link", "set", cable, "master", "br0", "up")
        _ip("-n", self.namespace, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", self.namespace, "link", "set", device, "up")

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command behind `ip netns exec`, which turns into it and keeps its id."""
        return ["ip", "netns", "exec", self.namespace, *command]

    def cut(self) -> None:
        """Take the host from the network: its connections fall silent, none is closed."""
        _ip("-n", self.namespace, "link", "set", "eth0", "down")

    def mend(self) -> None:
        """Return the host to the network."""
        _ip("-n", self.namespace, "link", "set", "eth0", "up")

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread use the network of the host until the block ends."""
        libc = ctypes.CDLL(None, use_errno=True)
        with (
            Path("/proc/thread-self/ns/net").open("rb") as before,
            Path("/run/netns", self.namespace).open("rb") as own,
        ):
            _enter(libc, own.fileno())
            try:
                yield
            finally:
                _enter(libc, before.fileno())


class Running:
    """A program on a host, with its children.

    Args:
        name: Role of the program, such as `worker`.
        process: Its process, the leader of a group of its own.
    """

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.process = process

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self.process.pid

    def cpu_seconds(self) -> float:
        """Return user and system time of the process and its living children."""
        found = 0.0
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(self.pid)
            for each in (top, *top.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    times = each.cpu_times()
                    found += times.user + times.system
        return found

    def signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process and all it has started with SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End the process by SIGTERM, or by SIGKILL after 40 s; return its exit code."""
        self.process.terminate()
        try:
            code = self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self.kill()
        return code


class Hosts:
    """Hosts of a run, made when they are asked for; `namespaces` tells of which kind they are."""

    def __init__(self, *, namespaces: bool) -> None:
        self.namespaces = namespaces
        self._made: dict[str, Host] = {}
        self._opened = ExitStack()
        self._bridge = f"{PREFIX}-{os.getpid()}-bridge"

    def __getitem__(self, name: str) -> Host:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Host:
        if not self.namespaces:
            return LoopbackHost(name)
        return NamespaceHost(name, len(self._made) + 1, self._bridge)

    def start(
        self,
        host: str,
        role: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
    ) -> Running:
        """Start a program on a host; its output goes to the end of a file."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                self[host].command(command),
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # Not even a kill -9 of this program leaves it running.
                preexec_fn=dies_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        running = Running(role, process)
        self._opened.callback(running.kill)
        return running

    def __enter__(self) -> Self:
        if self.namespaces:
            remove_namespaces(of_dead_runs=True)
            self._opened.callback(remove_namespaces)
            self._opened.callback(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
            signal.signal(signal.SIGTERM, _end)
            _ip("netns", "add", self._bridge)
            _ip("-n", self._bridge, "link", "add", "br0", "type", "bridge")
            _ip("-n", self._bridge, "link", "set", "br0", "up")
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()


def namespaces_available() -> bool:
    """Tell whether this user can make network namespaces here; tries it once."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"{PREFIX}-{os.getpid()}-probe"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "v1", "type", "veth", "peer", "name", "v2")
        _ip("-n", name, "link", "add", "br0", "type", "bridge")
    except subprocess.CalledProcessError:
        return False
    finally:
        _remove(name)
    return True


def remove_namespaces(*, of_dead_runs: bool = False) -> None:
    """Remove the namespaces of this run, or those of runs that were killed."""
    folder = Path("/run/netns")
    for path in folder.glob(f"{PREFIX}-*") if folder.is_dir() else ():
        owner = int(path.name.split("-")[1])
        if owner == os.getpid() if not of_dead_runs else not psutil.pid_exists(owner):
            _remove(path.name)


def _remove(name: str) -> None:
    subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _enter(libc: Any, descriptor: int) -> None:
    if libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)
