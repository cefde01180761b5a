"""Processes of the built image: read-only root, no capabilities, a user without rights, an init."""

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from image.dockerfile import Stage

# As a container runtime does it: own mounts and processes, a root that cannot be written, /tmp in
# memory. The network is the machine's, so that a server on its loopback address can be reached.
_START = """
set -e
root={root}
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid {uid} --regid {gid} --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all {command}
"""


class Container:
    """A process of the image that runs until `stop`."""

    def __init__(
        self, stage: Stage, arguments: Sequence[str], environment: dict[str, str], log: Path
    ) -> None:
        uid, gid = stage.user.split(":")
        command = shlex.join([*stage.entrypoint, *arguments])
        script = _START.format(root=shlex.quote(str(stage.root)), uid=uid, gid=gid, command=command)
        self._environment = {
            "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/bin",
            **stage.environment,
            **environment,
        }
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    @property
    def log(self) -> str:
        """Output up to now."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def ended(self) -> int | None:
        """Exit code; None while it runs."""
        return self._process.poll()

    @property
    def _init(self) -> int:
        """Process 1 of the container, in the numbers of the machine."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return int(children.read_text(encoding="utf-8").split()[0])

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside the process, like `docker exec`."""
        inside = [
            "nsenter", f"--target={self._init}", "--mount", "--pid", "--root",
            "setpriv", "--reuid", "10001", "--regid", "10001", "--clear-groups", "--no-new-privs",
        ]  # fmt: skip
        return subprocess.run(
            [*inside, *command], env=self._environment, capture_output=True, text=True, check=False
        )

    def stop(self) -> int:
        """Send SIGTERM to process 1, as a container runtime does, and return the exit code."""
        if self._process.poll() is None:
            os.kill(self._init, signal.SIGTERM)
        return self._process.wait(60)
