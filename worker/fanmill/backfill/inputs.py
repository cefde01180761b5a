"""Input files of a back-fill, in an order that all shards agree on."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import Final, Literal

LINES_SUFFIXES: Final = (".jsonl", ".ndjson")
PACKED_SUFFIXES: Final = (".gz", ".zst")
PARQUET_SUFFIX: Final = ".parquet"

Kind = Literal["lines", "packed", "parquet"]


class NoInput(Exception):
    """Arguments that leave nothing to read; the text says which and what is expected."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of documents."""

    path: Path
    name: str
    """Path below its argument, as in ids of documents without one."""
    number: int
    """Place among all files."""
    kind: Kind
    size: int


def find_inputs(paths: Sequence[str], without: Path) -> tuple[list[InputFile], Counter[str]]:
    """Return the files of the arguments, and the number of files passed over by suffix.

    Args:
        paths: Files, folders, and patterns such as `crawl/*.jsonl.zst`.
        without: Folder that is not read: the output.

    Raises:
        NoInput: A path does not exist or is of no known kind, or there is nothing to read.
    """
    found: dict[str, tuple[Path, str]] = {}
    passed_over: Counter[str] = Counter()
    for argument in paths:
        for path, name in _files(argument, without.resolve()):
            if _kind(path.name) is None:
                if str(path) == argument:
                    raise NoInput(f"{argument!r} is of no known kind; {_expected()}")
                passed_over[path.suffix or "without a suffix"] += 1
            else:
                found.setdefault(str(path.resolve()), (path, name))
    if not found:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in passed_over.most_common())
        raise NoInput(
            f"nothing to read in {' '.join(paths)} ({kinds or 'no files'}); {_expected()}"
        )
    ordered = sorted(found.values(), key=lambda each: (each[1], str(each[0])))
    files = [
        InputFile(path, name, number, _kind(path.name) or "lines", path.stat().st_size)
        for number, (path, name) in enumerate(ordered)
    ]
    names = Counter(each.name for each in files)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        places = " and ".join(str(each.path) for each in files if each.name == twice)
        raise NoInput(f"two files have the name {twice!r}: {places}; give a folder above both")
    return files, passed_over


def _files(argument: str, without: Path) -> Iterator[tuple[Path, str]]:
    path = Path(argument)
    if path.is_dir():
        yield from _walk(path, without)
    elif path.exists():
        yield path, path.name
    elif has_magic(argument):
        for match in sorted(glob(argument, recursive=True)):  # noqa: PTH207  keeps the user's form
            each = Path(match)
            if each.is_file():
                yield each, each.as_posix()
    else:
        raise NoInput(f"{argument!r} does not exist")


def _walk(folder: Path, without: Path) -> Iterator[tuple[Path, str]]:
    for root, folders, names in os.walk(folder):
        inside = Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (inside / name).resolve() != without
        )
        for name in sorted(names):
            path = inside / name
            if not name.startswith(".") and path.is_file():
                yield path, path.relative_to(folder).as_posix()


def _kind(name: str) -> Kind | None:
    lower = name.lower()
    if lower.endswith(PARQUET_SUFFIX):
        return "parquet"
    if lower.endswith(LINES_SUFFIXES):
        return "lines"
    plain = lower
    for suffix in PACKED_SUFFIXES:
        plain = plain.removesuffix(suffix)
    return "packed" if plain.endswith(LINES_SUFFIXES) else None


def _expected() -> str:
    return f"expected {' '.join(LINES_SUFFIXES)} (also with .gz or .zst) or {PARQUET_SUFFIX}"


def total_bytes(files: Iterable[InputFile]) -> int:
    """Return the size of all files, packed as they are."""
    return sum(each.size for each in files)
