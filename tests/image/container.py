"""Processes of the built image: read-only root, no capabilities, a user without rights, an init."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from image.dockerfile import Stage
from polling import until

# As a container runtime does it: own mounts and processes, a root that cannot be written, /tmp in
# memory. The network is the machine's, so that a server on its loopback address can be reached.
_START = """
set -e
root={root}
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev/shm"
{volumes}
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid {uid} --regid {gid} --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all {command}
"""


class Container:
    """A process of the image that runs until `stop`.

    Args:
        stage: The image.
        arguments: Arguments of its entry point.
        environment: Variables beside those of the image.
        log: File of its output.
        volumes: Folders of the machine, each by its place in the image, which has it already.
    """

    def __init__(
        self,
        stage: Stage,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        volumes: Mapping[str, Path],
    ) -> None:
        self._user = stage.user.split(":")
        uid, gid = self._user
        script = _START.format(
            root=shlex.quote(str(stage.root)),
            uid=uid,
            gid=gid,
            command=shlex.join([*stage.entrypoint, *arguments]),
            volumes="\n".join(
                f'mount --bind {shlex.quote(str(folder))} "$root{place}"'
                for place, folder in volumes.items()
            ),
        )
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
        # Until the entry point runs there is no root to run probes in, and nothing hears a signal.
        until(self._begun, 60, "the entry point of the image runs")

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

    def _begun(self) -> bool:
        if self._process.poll() is not None:
            return True
        try:
            return Path(f"/proc/{self._init}/comm").read_text(encoding="utf-8") == "tini\n"
        except (OSError, IndexError):
            return False

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside the process, like `docker exec`."""
        inside = [
            "nsenter", f"--target={self._init}", "--mount", "--pid", "--root",
            "setpriv", "--reuid", self._user[0], "--regid", self._user[1], "--clear-groups",
            "--no-new-privs",
        ]  # fmt: skip
        return subprocess.run(
            [*inside, *command], env=self._environment, capture_output=True, text=True, check=False
        )

    def wait(self, seconds: float) -> int:
        """Wait for the end, and return the exit code."""
        return self._process.wait(seconds)

    def stop(self, seconds: float = 60) -> int:
        """Send SIGTERM to process 1, as a container runtime does, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: It did not end within the grace period, and is killed.
        """
        if self._process.poll() is None:
            os.kill(self._init, signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
