"""fanmill without a service: the stages as an object for engines that process corpora.

Nothing here imports Celery or a client of Redis, not even indirectly; import-linter checks that.
BATCH.md explains the use; `fanmill backfill` is built on it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fanmill.batch.mill import Mill
    from fanmill.batch.outcomes import Rejected, UnjudgedRecord

__all__ = ["Mill", "Rejected", "UnjudgedRecord"]

_MODULES = {"Mill": "mill", "Rejected": "outcomes", "UnjudgedRecord": "outcomes"}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: `fanmill.batch.run_file` works without the analysis."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
