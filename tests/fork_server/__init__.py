"""Processes of fanmill for tests, forked from a process that has loaded its modules."""

from .client import Fork, has_ended, popen, run

__all__ = ["Fork", "has_ended", "popen", "run"]
