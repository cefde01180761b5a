"""Files to events, as the command line reads them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from fanmill.cli.reading import Reader
from fanmill.cli.sources import InputError, find_files
from fanmill.core.event_fields import content_id
from fanmill_contracts import DocumentIngested

LINES = (
    dumps({"id": "a", "text": "First.", "source": "courier", "created": "2023-04-12T08:00:00Z"}),
    dumps({"id": "b", "text": "Zweites ü.", "title": "Zwei", "section": 3, "extra": {"k": [1]}}),
)


def read(*paths: Path, **options: Any) -> tuple[list[DocumentIngested], list[InputError]]:
    errors: list[InputError] = []
    encoding = options.pop("encoding", None)
    found = find_files([str(path) for path in paths], **options)
    reader = Reader(
        "/t",
        on_error=errors.append,
        event_id=content_id,
        id_kind=options.get("id_kind", "path"),
        encoding=encoding,
    )
    return list(reader.documents(found.files)), errors


@contextmanager
def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> Iterator[None]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    yield
