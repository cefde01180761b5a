# ruff: noqa: T201
"""Public sets of texts with keyphrases: folders or archives with `docsutf8` and `keys`."""

import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path


@dataclass
class KeyphraseSet:
    """Texts with the keyphrases that people gave them."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    language: str = "en"

    def add(self, path: Path, content: Callable[[], bytes]) -> None:
        """Take a file of the set, if it is a text, its keyphrases or the name of its language."""
        if path.parent.name == "docsutf8" and path.suffix == ".txt":
            self.texts[path.stem] = content().decode(errors="replace")
        elif path.parent.name == "keys" and path.suffix == ".key":
            self.keys[path.stem] = content().decode(errors="replace")
        elif path.name == "lan.txt":
            self.language = content().decode().strip()[:2]


def keyphrase_sets(folder: Path) -> Iterator[KeyphraseSet]:
    """Yield the sets of a folder, unpacked or as archives, in the order of their names."""
    for each in sorted({path.parent for path in folder.glob("**/docsutf8")}):
        found = KeyphraseSet(each.name)
        for path in each.glob("**/*.*"):
            found.add(path, path.read_bytes)
        yield found
    for archive in sorted(folder.glob("**/*.zip")):
        found = KeyphraseSet(archive.stem)
        try:
            with zipfile.ZipFile(archive) as opened:
                for name in opened.namelist():
                    found.add(Path(name), partial(opened.read, name))
        except zipfile.BadZipFile:
            print(f"{archive.name}: not a whole archive", file=sys.stderr)
        if found.texts and found.keys:
            yield found
