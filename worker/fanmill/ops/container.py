"""The identity of this container, and the rule by which a process counts as dead.

The health check of a container needs both at once, so this module imports little.
"""

import os
import socket
from functools import cache
from typing import Final

GONE_SECONDS: Final = 20.0
"""Silence after which a process counts as dead: four heartbeats."""

_BOOT_ID: Final = "/proc/sys/kernel/random/boot_id"
_MOUNTS: Final = "/proc/self/ns/mnt"


@cache
def own_container() -> str:
    """Return the identity of this container, or of this machine outside of a container.

    It joins the kernel's boot id with the mount namespace, which a command run inside a
    container shares with it. A host name does not identify a container: pods on the host's
    network and containers of one pod share it. Without /proc it is the host name.
    """
    try:
        with open(_BOOT_ID, encoding="ascii") as file:  # noqa: PTH123  pathlib takes long to load
            return f"{file.read().strip()}/{os.readlink(_MOUNTS)}"  # noqa: PTH115
    except OSError:
        return socket.gethostname()
