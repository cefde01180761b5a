"""Encodings of files, named or told by a byte order mark."""

import gzip
from json import dumps
from pathlib import Path

import pytest

from fanmill.cli.encodings import known_encoding
from fanmill.cli.sources import UnreadablePath
from file_reading import LINES, read, standard_input


def test_text_that_is_not_utf8_is_reported_with_the_place(tmp_path):
    (tmp_path / "a.txt").write_bytes("Grüße".encode("latin-1"))
    events, errors = read(tmp_path / "a.txt")
    assert events == []
    assert "is not utf-8 at byte 2" in errors[0].error


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, monkeypatch, encoding):
    (tmp_path / "a.txt").write_bytes("Grüße.\n字".encode(encoding))
    (tmp_path / "b.jsonl").write_bytes("\n".join((*LINES, "{bad")).encode(encoding))
    events, errors = read(tmp_path)
    assert [event.data.text for event in events] == ["Grüße.\n字", "First.", "Zweites ü."]
    assert [error.place for error in errors] == [f"{tmp_path.as_posix()}/b.jsonl:3"]
    with standard_input(monkeypatch, "\n".join(LINES).encode(encoding)):
        assert [event.data.document_id for event in read(Path("-"))[0]] == ["a", "b"]


@pytest.mark.parametrize("encoding", ["latin-1", "gb18030", "utf-16-le", "cp037"])
def test_any_encoding_can_be_named(tmp_path, encoding):
    text = "字" if encoding == "gb18030" else "Grüße"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    lines = (dumps({"id": number, "text": text}, ensure_ascii=False) for number in range(3))
    (tmp_path / "b.jsonl").write_bytes("\n".join(lines).encode(encoding))
    events, errors = read(tmp_path, encoding=encoding)
    assert errors == []
    assert [event.data.text for event in events] == [text] * 4


def test_a_lack_of_text_in_wide_lines_is_reported(tmp_path):
    (tmp_path / "a.jsonl").write_bytes("\n".join(LINES).encode("utf-16") + b"\x00\xd8\n")
    events, errors = read(tmp_path)
    assert errors[0].error.startswith("is not utf-16 below line")
    assert len(events) <= 1
    with pytest.raises(UnreadablePath, match="--encoding is 'utf-9'"):
        known_encoding("utf-9")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.jsonl"])
def test_an_endless_text_takes_no_endless_memory(tmp_path, name, monkeypatch):
    monkeypatch.setattr("fanmill.cli.reading._MAX_BYTES", 1000)
    body = b'{"id": "long", "text": "' + b"x" * 5000 + b'"}\n' + LINES[0].encode()
    (tmp_path / name).write_bytes(gzip.compress(body) if name.endswith("gz") else body)
    events, errors = read(tmp_path)
    assert len(errors) == 1
    assert "bytes; the limit of" in errors[0].error
    assert [event.data.document_id for event in events] == (["a"] if "jsonl" in name else [])
