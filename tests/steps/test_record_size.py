"""Size of the records of the shipped samples, as JSON."""

from pathlib import Path

import pytest

from builders import Mill
from fanmill.cli.reading import Reader, content_id
from fanmill.cli.sources import InputError, find_files
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill_contracts import record_json

SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
FILES = ("news.jsonl", "languages.jsonl.gz")
MAX_AVERAGE_BYTES = 4150


@pytest.fixture(scope="module")
def records() -> list[str]:
    """Return the records of all sample documents, as the command line and the wire show them."""
    mill = Mill(functions=functions_of(Settings()))
    found = find_files([str(SAMPLES / name) for name in FILES])
    problems: list[InputError] = []
    reader = Reader("/fanmill/run", on_error=problems.append, event_id=content_id)
    mill.publish(*reader.documents(found.files))
    assert problems == []
    mill.run()
    return [record_json(result) for result in mill.stores.records.completed(None, None)]


def test_a_record_takes_about_4_1_kilobytes_on_average(records: list[str]) -> None:
    assert len(records) == 48
    average = sum(len(record.encode()) for record in records) / len(records)
    assert average < MAX_AVERAGE_BYTES


def test_no_record_holds_a_null_that_is_a_default_or_an_empty_list(records: list[str]) -> None:
    for record in records:
        assert "[]" not in record
        assert '"tags":{' in record
