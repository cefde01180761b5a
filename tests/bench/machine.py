"""Machine and program versions under which a benchmark ran."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from redis import Redis


def machine() -> dict[str, Any]:
    """Return processor, CPUs, memory in GiB, load average of a minute, and system."""
    return {
        "processor": _processor(),
        "cpus": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "load": os.getloadavg()[0],
        "system": platform.system(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def versions(redis: Redis) -> dict[str, str]:
    """Return the versions of Python, Celery, kombu, redis-py and the server."""
    server: Any = redis.info("server")
    name = "Valkey" if "valkey_version" in server else "Redis"
    return {
        "Python": platform.python_version(),
        "Celery": version("celery"),
        "kombu": version("kombu"),
        "redis-py": version("redis"),
        name: str(server.get("valkey_version", server["redis_version"])),
    }
