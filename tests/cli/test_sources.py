"""Files to events: every kind that is read, and what is said of those that cannot be."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any

import pytest
import zstandard

from fanmill.cli.reading import Reader, content_id
from fanmill.cli.sources import InputError, UnreadablePath, find_files
from fanmill_contracts import DocumentIngested, limits

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


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl", lambda body: body),
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.zst", lambda body: zstandard.ZstdCompressor().compress(body)),
    ],
)
def test_json_lines_are_read_plain_and_compressed(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack("\n".join((*LINES, "")).encode()))
    events, errors = read(tmp_path / name)
    assert errors == []
    first, second = (event.data for event in events)
    assert (first.document_id, first.text) == ("a", "First.")
    assert first.published_at == datetime(2023, 4, 12, 8, tzinfo=UTC)
    assert first.metadata == {"source": "courier"}
    assert second.title == "Zwei"
    assert second.metadata == {"section": 3, "extra": '{"k": [1]}'}


def test_the_metadata_object_of_a_line_is_kept_flat(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(dumps({"id": "a", "text": "x", "metadata": {"pages": 2}, "created": "then"}))
    events, _ = read(path)
    assert events[0].data.metadata == {"pages": 2, "created": "then"}


def test_a_text_file_is_one_document_and_its_path_is_the_id(tmp_path):
    path = tmp_path / "note.md"
    path.write_bytes("\ufeff# Hallo\r\n".encode())
    events, errors = read(path)
    assert [event.data.text for event in events] == ["# Hallo\r\n"]
    assert events[0].data.document_id == "note.md"
    assert errors == []


def test_a_folder_is_searched_in_order_and_unknown_and_hidden_files_are_passed_over(tmp_path):
    for name in ("b/two.txt", "a/one.md", "a/picture.png", ".git/three.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = find_files([str(tmp_path)])
    assert [each.name for each in found.files] == ["a/one.md", "b/two.txt"]
    assert found.summary() == "passed over: 2 files (1 hidden, 1 .png)"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.txt", "does not exist"),
        ("a.pdf", "of no known kind"),
        ("empty", "nothing to read"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused_at_once(tmp_path, name, message):
    (tmp_path / "a.pdf").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadablePath, match=message):
        find_files([str(tmp_path / name)])


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{bad", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('{"id": "a"}', 'has no "text"'),
        ('{"id": "a", "text": 3}', 'has no "text"'),
        (dumps({"id": "x" * 257, "text": "x"}), "257 characters"),
        (dumps({"id": "a", "text": "x" * (limits.MAX_TEXT_BYTES + 1)}), "4,194,305 bytes"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_bad_line_is_named_and_its_neighbours_are_read(tmp_path, line, error):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join((LINES[0], "", line, LINES[1])))
    events, errors = read(path)
    assert [event.data.document_id for event in events] == ["a", "b"]
    assert [error.place for error in errors] == [f"{path.as_posix()}:3"]
    assert error in errors[0].error


def test_a_line_without_id_gets_file_and_number(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n{"text": "y"}\n')
    events, _ = read(path)
    assert [event.data.document_id for event in events] == ["a.jsonl#1", "a.jsonl#2"]


# Without names the ids would be the bytes, which contain the time of compression.
@pytest.mark.parametrize(
    "content",
    [b"no gzip at all", gzip.compress(LINES[0].encode())[:-12]],
    ids=["not-gzip", "cut-short"],
)
def test_a_broken_archive_is_reported_and_others_are_read(tmp_path, content):
    (tmp_path / "a.jsonl.gz").write_bytes(content)
    (tmp_path / "b.txt").write_text("whole")
    events, errors = read(tmp_path)
    assert [event.data.text for event in events][-1:] == ["whole"]
    assert [error.place for error in errors] == [(tmp_path / "a.jsonl.gz").as_posix()]


def test_text_that_is_not_utf8_is_reported_with_the_place(tmp_path):
    (tmp_path / "a.txt").write_bytes("Grüße".encode("latin-1"))
    events, errors = read(tmp_path / "a.txt")
    assert events == []
    assert "is not utf-8 at byte 2" in errors[0].error


def test_the_same_content_is_the_same_event_and_other_content_another(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES))
    once, again = read(path)[0], read(path)[0]
    assert [event.id for event in once] == [event.id for event in again]
    assert once[0].id != once[1].id


@contextmanager
def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> Iterator[None]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    yield


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b"A letter.\nTwo lines.", ["stdin"]),
        ("\n".join(LINES).encode(), ["a", "b"]),
        (b"", ["stdin"]),
    ],
)
def test_standard_input_is_text_or_json_lines(monkeypatch, content, ids):
    with standard_input(monkeypatch, content):
        events, errors = read(Path("-"))
    assert [event.data.document_id for event in events] == ids
    assert errors == []
