"""Facts of this machine: memory of processes, the monotonic clock."""

import os
from pathlib import Path
from time import monotonic


class MonotonicClock:
    """`fanmill.ports.Clock` of the machine."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""
        return monotonic()


def memory_bytes() -> int | None:
    """Return the memory of this process and its children; None where the system does not tell.

    A page that n processes share counts as 1/n of a page for each (Linux: Pss).
    """
    own = os.getpid()
    try:
        children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    sizes = [_share(pid) for pid in (str(own), *children)]
    return None if sizes[0] is None else sum(size or 0 for size in sizes)


def _share(pid: str) -> int | None:
    try:
        report = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        # The child has ended.
        return None
    for line in report.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return None
