"""Number of CPUs that a process may use."""

import os
import sys


def available_cpus() -> int:
    """Return the number of CPUs that this process may use; at least 1."""
    if sys.platform == "linux":
        # A container may use fewer CPUs than the machine has.
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
