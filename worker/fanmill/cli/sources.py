"""Files to read: searches folders, names each document source, counts what is passed over.

A file is read if its name ends in a known suffix, in any case and also with .gz or .zst behind it.
The rule is the same for a file that the user names and for one in a folder.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

TEXT_SUFFIXES: Final = (".txt", ".text", ".md", ".markdown", ".rst", ".log")
LINES_SUFFIXES: Final = (".jsonl", ".ndjson")
PACKED_SUFFIXES: Final = (".gz", ".zst")
STDIN: Final = "-"

IdKind = Literal["path", "name", "sha256"]
ID_KINDS: Final[tuple[IdKind, ...]] = ("path", "name", "sha256")

_HIDDEN: Final = "hidden"
_IRREGULAR: Final = "no regular file"
_LINKED_FOLDER: Final = "symbolic link to a folder"


class UnreadablePath(Exception):
    """A path that does not exist, or arguments that leave nothing to read; the text says which."""


@dataclass(frozen=True, slots=True)
class InputError:
    """A document or file that was not read; the others are."""

    place: str
    """File, with the line for JSON lines."""
    error: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file of documents, or standard input."""

    path: Path | None
    """None for standard input."""
    name: str
    """Name of the file in ids: its path relative to its argument or to the base folder."""
    text: bool
    """Whether the file is one document; JSON lines otherwise."""

    @property
    def place(self) -> str:
        """The name of the file in messages: its path as the user can open it."""
        return "stdin" if self.path is None else printable_path(self.path)


@dataclass(slots=True)
class FoundFiles:
    """The sources of the arguments, and all files that are not among them."""

    files: list[Source] = field(default_factory=list)
    passed_over: list[InputError] = field(default_factory=list)
    """Files that are not read for their kind."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Number of the files passed over by kind: a suffix, or `hidden`."""
    unreadable: list[InputError] = field(default_factory=list)
    """Named files of an unknown kind, and folders that cannot be opened."""

    @property
    def total_bytes(self) -> int | None:
        """Size of all files; None if one is no regular file, such as standard input."""
        total = 0
        for each in self.files:
            if each.path is None or not each.path.is_file():
                return None
            total += each.path.stat().st_size
        return total

    def summary(self) -> str:
        """Return `passed over: 770 files (570 .rst, 200 .copyright)`; empty if none were."""
        if not self.passed_over:
            return ""
        count = len(self.passed_over)
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in self.kinds.most_common())
        return f"passed over: {count:,} {'file' if count == 1 else 'files'} ({kinds})"


def find_files(
    paths: Iterable[str],
    *,
    base: Path | None = None,
    id_kind: str = "path",
    as_text: Sequence[str] = (),
) -> FoundFiles:
    """Return the files to read, those of folders in order of names.

    Args:
        paths: Files, folders, or `-` for standard input.
        base: Folder that names are relative to; None for the argument that found the file.
        id_kind: Kind of ids, of `ID_KINDS`. Names must differ unless it is `sha256`.
        as_text: Patterns of names that are read as text, whatever their suffix.

    Raises:
        UnreadablePath: A path does not exist or is not below the base, two files would have the
            same id, or there is nothing to read.
    """
    if id_kind not in ID_KINDS:
        raise UnreadablePath(f"--id is {id_kind!r}; expected {', '.join(ID_KINDS)}")
    found = FoundFiles()
    search = _Search(found, base, id_kind, as_text)
    for name in paths:
        search.argument(name)
    if not found.files:
        missing = found.summary() or "no files"
        if found.unreadable:
            missing = "; ".join(f"{each.place} {each.error}" for each in found.unreadable[:3])
        raise UnreadablePath(f"nothing to read: {missing}; {_advice()}")
    return found


def printable_path(path: Path) -> str:
    r"""Return a path with bytes that are not UTF-8 as escapes such as `\xe9`."""
    return os.fsencode(path.as_posix()).decode("utf-8", errors="backslashreplace")


def is_text(name: str) -> bool:
    """Return whether a file of this name is one document."""
    return _unpacked(name).endswith(TEXT_SUFFIXES)


def is_lines(name: str) -> bool:
    """Return whether a file of this name holds JSON lines."""
    return _unpacked(name).endswith(LINES_SUFFIXES)


class _Search:
    def __init__(
        self, found: FoundFiles, base: Path | None, id_kind: str, as_text: Sequence[str]
    ) -> None:
        self._found = found
        self._base = base
        self._id_kind = id_kind
        self._as_text = as_text
        self._named: dict[str, Path] = {}
        self._seen: set[str] = set()

    def argument(self, name: str) -> None:
        path = Path(name)
        if name == STDIN:
            self._found.files.append(Source(None, "stdin", text=False))
        elif path.is_dir():
            for each, relative in self._walk(path):
                self._file(each, relative, named=False)
        elif not path.exists():
            raise UnreadablePath(f"{printable_path(path)!r} does not exist")
        else:
            self._file(path, path.name, named=True)

    def _file(self, path: Path, relative: str, *, named: bool) -> None:
        absolute = os.path.abspath(path)  # noqa: PTH100  `resolve` would follow links
        if absolute in self._seen:
            return
        self._seen.add(absolute)
        kind = self._kind(path, relative)
        if kind is None:
            suffix = path.suffix.lower() or "without a suffix"
            self._pass_over(path, suffix)
            if named:
                error = f"is of no known kind; {_advice()}"
                self._found.unreadable.append(InputError(printable_path(path), error))
            return
        name = self._name(path, relative)
        first = self._named.setdefault(name, path)
        if first is not path and self._id_kind != "sha256":
            raise UnreadablePath(
                f"two files would have the id {name!r}: {printable_path(first)} and "
                f"{printable_path(path)}; give --base with a folder above both, or --id sha256"
            )
        self._found.files.append(Source(path, name, text=kind == "text"))

    def _kind(self, path: Path, relative: str) -> Literal["text", "lines"] | None:
        if any(
            fnmatchcase(path.name, each) or fnmatchcase(relative, each) for each in self._as_text
        ):
            return "text"
        if is_text(path.name):
            return "text"
        return "lines" if is_lines(path.name) else None

    def _name(self, path: Path, relative: str) -> str:
        if self._id_kind == "name":
            return printable_path(Path(path.name))
        if self._base is None:
            return printable_path(Path(relative))
        try:
            inside = Path(os.path.abspath(path)).relative_to(  # noqa: PTH100
                os.path.abspath(self._base)  # noqa: PTH100
            )
        except ValueError:
            raise UnreadablePath(
                f"{printable_path(path)!r} is not below --base {printable_path(self._base)!r}"
            ) from None
        return printable_path(inside)

    def _walk(self, folder: Path) -> Iterator[tuple[Path, str]]:
        """Yield all visible files with their paths below the folder; note all others."""

        def unreadable(error: OSError) -> None:
            place = printable_path(Path(os.fsdecode(error.filename)))
            self._found.unreadable.append(InputError(place, f"cannot be read: {error.strerror}"))

        for root, folders, names in os.walk(folder, onerror=unreadable):
            inside = Path(root)
            folders.sort()
            hidden = inside != folder and any(
                part.startswith(".") for part in inside.relative_to(folder).parts
            )
            for name in folders:
                if (inside / name).is_symlink():
                    self._pass_over(inside / name, _LINKED_FOLDER)
            for name in sorted(names):
                path = inside / name
                if hidden or name.startswith("."):
                    self._pass_over(path, _HIDDEN)
                elif not path.is_file():
                    self._pass_over(path, _IRREGULAR)
                else:
                    yield path, path.relative_to(folder).as_posix()

    def _pass_over(self, path: Path, kind: str) -> None:
        self._found.kinds[kind] += 1
        self._found.passed_over.append(InputError(printable_path(path), f"passed over: {kind}"))


def _unpacked(name: str) -> str:
    lower = name.lower()
    for suffix in PACKED_SUFFIXES:
        lower = lower.removesuffix(suffix)
    return lower


def _advice() -> str:
    kinds = " ".join(TEXT_SUFFIXES + LINES_SUFFIXES)
    return f"expected {kinds}, also with .gz or .zst; or give --as-text '*.suffix'"
