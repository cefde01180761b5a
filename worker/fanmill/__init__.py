"""fanmill processes document events: it deduplicates, summarizes and tags each document once."""

from typing import Any

__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        # Reading the package's metadata takes longer than most imports of fanmill.
        from importlib.metadata import version  # noqa: PLC0415

        return globals().setdefault(name, version("fanmill"))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
