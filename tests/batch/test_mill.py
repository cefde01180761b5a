"""The Mill: records as the service makes them, in any process, whatever the documents are."""

import json
import multiprocessing
import pickle
import subprocess
import sys

import pytest

from batch_children import send_records
from builders import Mill as Service
from builders import ingested
from builders.outcomes import record
from fanmill.batch import Mill, Rejected, UnjudgedRecord
from fanmill.core.record_members import RecordMembers
from fanmill.settings import Settings
from fanmill.stage_functions import functions_of
from fanmill_contracts import DocumentResult
from fanmill_contracts.results import record_json

TEXT = """The miller wrote to anna@mill.example on Monday.

A second paragraph says that the price of grain rose by 12 percent in the valley.
Call +49 30 901820 for more. The wheel has turned since 1872.
"""
SERVICE_ONLY = {"revision", "received_at", "completed_at", "deduplication"}


UNHURRIED = {"tagger_time_limit_seconds": 20.0}
"""A busy machine is no problem of a tagger."""


def records(mill, documents):
    return [json.loads(each.json) for each in mill.process(documents)]


def as_service_makes_it(event, settings):
    service = Service(functions=functions_of(Settings(**UNHURRIED, **settings)))
    service.publish(event)
    service.run()
    members = json.loads(record_json(record(service, event.data.document_id)))
    return {name: value for name, value in members.items() if name not in SERVICE_ONLY}


@pytest.mark.parametrize("settings", [{}, {"summary_max_words": 5, "statistics": "quality"}])
@pytest.mark.parametrize("body", [TEXT, "", "水車小屋の娘は大麦を数えた。価格が上がった。"])
def test_a_record_is_that_of_the_service_without_verdict_and_times(settings, body):
    event = ingested(text=body, title="Mill", url="https://mill.example/a", language="en")
    (found,) = records(Mill(**UNHURRIED, **settings), [event])
    assert found == as_service_makes_it(event, settings)


def test_redaction_reaches_title_and_address():
    event = ingested(
        text=TEXT, title="Mail anna@mill.example", url="https://x.example/?m=a@b.example"
    )
    (outcome,) = Mill(pii_mode="redact").process([event])
    assert "anna@mill" not in outcome.json
    assert "a@b" not in outcome.json


def test_with_a_verdict_it_is_a_whole_record():
    (outcome,) = Mill().process([("a", TEXT)])
    rest = {
        "revision": 1,
        "completed_at": "2026-01-01T00:00:00Z",
        "deduplication": {"verdict": "unique", "algorithm": "minhash-4"},
    }
    assert DocumentResult.model_validate({**outcome.record, **rest}).document_id == "a"


def test_every_form_of_a_document_gives_the_same_analysis():
    event = ingested("a", TEXT)
    forms = [
        event,
        event.model_dump(mode="json", exclude_none=True),
        {"id": "a", "text": TEXT},
        ("a", TEXT),
    ]
    found = [{k: v for k, v in each.items() if k != "event"} for each in records(Mill(), forms)]
    assert found == [found[0]] * len(forms)


BAD = [
    {"id": "no-text"},
    {"id": ["list"], "text": "x"},
    ("\ud800", "an id that is no Unicode"),
    ("surrogate", "\ud800"),
    {"specversion": "1.0", "id": "e"},
    7,
    None,
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_document_harms_only_itself(bad):
    outcomes = list(Mill().process([("first", TEXT), bad, ("last", TEXT)]))
    assert [type(each) for each in outcomes] == [UnjudgedRecord, Rejected, UnjudgedRecord]
    assert outcomes[1].position == 1
    assert outcomes[1].error


def refusing(document):
    if document.document_id == "bad":
        raise ZeroDivisionError("no words")
    return RecordMembers()


def test_a_stage_that_fails_rejects_the_document_alone():
    mill = Mill()
    mill.load()
    functions = mill._made.functions
    object.__setattr__(functions, "tag", refusing)
    outcomes = list(mill.process([(name, TEXT) for name in ("good", "bad", "better")]))
    assert [type(each) for each in outcomes] == [UnjudgedRecord, Rejected, UnjudgedRecord]
    assert (outcomes[1].stage, outcomes[1].document_id) == ("tag", "bad")
    assert outcomes[1].error == "ZeroDivisionError: no words"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pickled_mill_gives_the_same_records_in_another_process(method):
    mill = Mill(dedup_threshold=0.8, redis_url="redis://:hush@far.example:6379/0")
    expected = [each.json for each in mill.process([("a", TEXT)])]
    pickled = pickle.dumps(mill)
    assert len(pickled) < 4096
    assert b"hush" not in pickled
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    child = context.Process(target=send_records, args=(pickled, [("a", TEXT)], theirs))
    child.start()
    assert ours.poll(60)
    assert ours.recv() == expected
    child.join()


def test_the_environment_of_another_process_changes_nothing(monkeypatch):
    pickled = pickle.dumps(Mill())
    monkeypatch.setenv("FANMILL_SUMMARY_MAX_SENTENCES", "1")
    assert pickle.loads(pickled).settings.summary_max_sentences == 3  # noqa: S301


PROGRAM = """
import json, sys
from fanmill.batch import Mill
list(Mill().process([("a", "The mill stands on the river.")]))
print(json.dumps(sorted(sys.modules)))
"""
SERVERS = {"celery", "kombu", "billiard", "redis", "structlog"}
NOT_NEEDED = {"typer", "rich", "jinja2", "starlette", "duckdb", "yaml", "numpy.ma"}
"""Modules that take long to load, and that documents without rules do not need."""
MAX_MODULES = 760
"""Standard library, pydantic, numpy and fanmill together; 680 with Python 3.11. `make
bench-backfill` measures the time."""


def test_it_loads_few_modules_and_neither_celery_nor_redis():
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    modules = json.loads(ended.stdout)
    assert (SERVERS | NOT_NEEDED) & set(modules) == set()
    assert len(modules) <= MAX_MODULES


def test_settings_and_options_at_once_are_refused():
    with pytest.raises(ValueError, match="dedup_threshold"):
        Mill(Settings(), dedup_threshold=0.8)
