"""Files to events: every kind that is read, and what is said of those that cannot be."""

import gzip
import io
from datetime import UTC, datetime
from json import dumps
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fanmill.cli.reading import Reader
from fanmill.cli.sources import UnreadablePath, find_files
from fanmill.cli.standard_input import look_ahead
from fanmill_contracts import limits
from file_reading import LINES, read, standard_input


def test_a_damaged_first_line_of_json_lines_is_an_error_of_that_line(monkeypatch):
    content = b'{"text": "one", }\n' + LINES[1].encode()
    with standard_input(monkeypatch, content):
        events, errors = read(Path("-"))
    assert [event.data.document_id for event in events] == ["b"]
    assert [error.place for error in errors] == ["stdin:1"]


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


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b"A letter.\nTwo lines.", ["stdin"]),
        ("\n".join(LINES).encode(), ["a", "b"]),
        (b"", ["stdin"]),
        (b"\n \n" + "\n".join(LINES).encode(), ["a", "b"]),
        (("\ufeff" + LINES[0]).encode(), ["a"]),
        (b"{{Infobox ship\n| name = Orla\n}}\nOrla is a ferry.", ["stdin"]),
        (b"{\\rtf1\\ansi Dear Orla,\\par see you.}", ["stdin"]),
        (b'{\n  "text": "one document over three lines"\n}\n', ["stdin"]),
        (b"{% extends 'base' %}\n{% block %}Hello{% endblock %}", ["stdin"]),
        (b"{ brace } expansion is a feature of shells.", ["stdin"]),
    ],
)
def test_standard_input_is_text_or_json_lines(monkeypatch, content, ids):
    with standard_input(monkeypatch, content):
        events, errors = read(Path("-"))
    assert [event.data.document_id for event in events] == ids
    assert errors == []


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.text", bytes),
        ("a.MARKDOWN", bytes),
        ("A.RST", bytes),
        ("a.log", bytes),
        ("a.txt.gz", gzip.compress),
        ("A.MD.GZ", gzip.compress),
        ("a.txt.zst", lambda body: zstandard.ZstdCompressor().compress(body)),
    ],
)
def test_texts_of_all_kinds_are_read_in_any_case_and_packed(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack("Grüße.".encode()))
    for place in (tmp_path, tmp_path / name):
        events, errors = read(place)
        assert [(event.data.document_id, event.data.text) for event in events] == [(name, "Grüße.")]
        assert errors == []


@pytest.mark.parametrize("name", ["a.ndjson", "A.JSONL", "a.ndjson.gz", "A.JSONL.GZ"])
def test_json_lines_of_all_kinds_are_read(tmp_path, name):
    body = "\n".join(LINES).encode()
    (tmp_path / name).write_bytes(gzip.compress(body) if name.lower().endswith("gz") else body)
    assert [event.data.document_id for event in read(tmp_path)[0]] == ["a", "b"]


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path):
    (tmp_path / "real").mkdir()
    for name in ("a.rst2", "b.RST2", "copyright", ".hidden", "real/c.txt"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    found = find_files([str(tmp_path)])
    assert found.summary() == (
        "passed over: 6 files (2 .rst2, 1 symbolic link to a folder, 1 hidden, "
        "1 no regular file, 1 without a suffix)"
    )
    assert {each.place.rpartition("/")[2] for each in found.passed_over} == {
        "a.rst2", "b.RST2", "copyright", ".hidden", "link", "broken.txt",
    }  # fmt: skip
    assert [each.name for each in found.files] == ["real/c.txt"]


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["", "sub/", "sub/deep/", ".git/"]),
            st.sampled_from("abc"),
            st.sampled_from([".txt", ".TXT", ".md.gz", ".pdf", "", ".jsonl", ".json", ".zst"]),
        ),
        st.none(),
        max_size=12,
    )
)
def test_each_file_of_a_folder_is_read_or_reported(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("folder")
    (folder / "always.txt").touch()
    files = {folder / "always.txt"}
    for place, name, suffix in names:
        path = folder / f"{place}{name}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        files.add(path)
    found = find_files([str(folder)])
    read_ = {each.path for each in found.files}
    passed_over = {Path(each.place) for each in found.passed_over}
    assert read_ | passed_over == files
    assert read_ & passed_over == set()
    assert sum(found.kinds.values()) == len(passed_over)


def test_a_named_file_of_an_unknown_kind_is_reported_and_others_are_read(tmp_path):
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.pdf").touch()
    found = find_files([str(tmp_path / "a.txt"), str(tmp_path / "b.pdf")])
    assert [each.name for each in found.files] == ["a.txt"]
    assert [each.place for each in found.unreadable] == [str(tmp_path / "b.pdf")]
    as_text = find_files([str(tmp_path)], as_text=["*.pdf"])
    assert [each.name for each in as_text.files] == ["a.txt", "b.pdf"]


def test_no_member_of_a_line_is_lost(tmp_path):
    line = {"id": "a", "text": "x", "title": 5, "metadata": {"pages": 2, "n": 1}, "n": 3}
    (tmp_path / "a.jsonl").write_text(dumps(line))
    (event,) = read(tmp_path)[0]
    assert event.data.metadata == {"title": 5, "pages": 2, "metadata.n": 1, "n": 3}


def test_bytes_read_grow_to_the_size_of_the_input(tmp_path):
    for name in ("a.jsonl", "b.jsonl.gz", "c.txt"):
        body = "\n".join(LINES * 500).encode()
        (tmp_path / name).write_bytes(gzip.compress(body) if name.endswith("gz") else body)
    found = find_files([str(tmp_path)])
    reader = Reader("/t", on_error=lambda _: None)
    seen = [reader.bytes_read for _ in reader.documents(found.files)]
    assert seen == sorted(seen)
    assert reader.bytes_read == found.total_bytes
    assert find_files(["-"]).total_bytes is None


@given(st.binary(max_size=200) | st.text('{}"a:1,\n \ufeff', max_size=60).map(str.encode))
def test_looking_ahead_loses_no_byte_of_standard_input(content: bytes) -> None:
    _, stream = look_ahead(io.BytesIO(content), None, 100)
    assert stream.read() == content
