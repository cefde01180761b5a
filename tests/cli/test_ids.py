"""Ids of documents that are read from files."""

from hashlib import sha256
from json import dumps
from pathlib import Path

import pytest

from fanmill.cli.sources import UnreadablePath
from file_reading import LINES, read


def test_a_line_without_id_gets_file_and_number(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n{"text": "y"}\n')
    events, _ = read(path)
    assert [event.data.document_id for event in events] == ["a.jsonl#1", "a.jsonl#2"]


def test_the_same_content_is_the_same_event_and_other_content_another(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES))
    once, again = read(path)[0], read(path)[0]
    assert [event.id for event in once] == [event.id for event in again]
    assert once[0].id != once[1].id


def test_relative_and_absolute_spelling_give_the_same_ids(tmp_path, monkeypatch):
    (tmp_path / "crawl" / "sub").mkdir(parents=True)
    (tmp_path / "crawl" / "sub" / "a.txt").write_text("One.")
    monkeypatch.chdir(tmp_path)
    spellings = ("crawl", "./crawl", str(tmp_path / "crawl"), "crawl/../crawl/")
    events = [read(Path(spelling))[0][0] for spelling in spellings]
    assert {event.data.document_id for event in events} == {"sub/a.txt"}
    assert len({event.id for event in events}) == 1
    (based,) = read(Path("crawl/sub"), base=tmp_path)[0]
    assert based.data.document_id == "crawl/sub/a.txt"
    (named,) = read(Path("crawl"), id_kind="name")[0]
    assert named.data.document_id == "a.txt"
    (hashed,) = read(Path("crawl"), id_kind="sha256")[0]
    assert hashed.data.document_id == sha256(b"One.").hexdigest()
    with pytest.raises(UnreadablePath, match="is not below --base"):
        read(Path("crawl"), base=tmp_path / "elsewhere")
    with pytest.raises(UnreadablePath, match="expected path, name, sha256"):
        read(Path("crawl"), id_kind="title")


def test_two_files_never_get_one_id(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(folder)
    paths = (tmp_path / "x", tmp_path / "y")
    with pytest.raises(UnreadablePath, match=r"the id 'a.txt': .*--base"):
        read(*paths)
    events, _ = read(*paths, base=tmp_path)
    assert [event.data.document_id for event in events] == ["x/a.txt", "y/a.txt"]
    assert len(read(tmp_path / "x", tmp_path / "x" / "a.txt")[0]) == 1, "one file is read once"


@pytest.mark.parametrize(
    ("given_id", "document_id"), [(7, "7"), (1.5, "1.5"), (None, "a.jsonl#1"), ("", None)]
)
def test_ids_are_strings_or_numbers(tmp_path, given_id, document_id):
    (tmp_path / "a.jsonl").write_text(dumps({"id": given_id, "text": "x"}))
    events, errors = read(tmp_path)
    assert [event.data.document_id for event in events] == ([document_id] if document_id else [])
    assert bool(errors) == (document_id is None)


@pytest.mark.parametrize("given_id", [True, [1], {"a": 1}])
def test_other_ids_are_reported(tmp_path, given_id):
    (tmp_path / "a.jsonl").write_text(dumps({"id": given_id, "text": "x"}))
    events, errors = read(tmp_path)
    assert events == []
    assert "neither a string nor a number" in errors[0].error
