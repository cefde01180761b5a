"""Format of all log records in both renderings, read from the output of a process."""

import re
import subprocess
import sys
from functools import cache
from json import dumps, loads
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import lists, sampled_from, text

PROGRAM = dedent(
    """
    import logging, sys, warnings
    import structlog
    from fanmill.ops.logs import configure_logs
    from fanmill.settings import Settings

    settings = Settings(log_format=sys.argv[1], log_level=sys.argv[2])
    configure_logs(settings.log_format, settings.log_level, role="worker")
    configure_logs(settings.log_format, settings.log_level, role="worker")
    log = structlog.get_logger("fanmill.worker")
    with structlog.contextvars.bound_contextvars(stage="tag", batch_id="b-17", delivery=2):
        log.info("document completed", event_id="e-1", document_id="d-1", entry_id="1-0")
        logging.getLogger("celery.worker").warning("lost %s", "a thing", extra={"queue": "q"})
    log.debug("too quiet")
    logging.getLogger("some.library").info("from a library")
    logging.getLogger("celery.app.trace").info("Task succeeded")
    warnings.warn("something is old", DeprecationWarning, stacklevel=1)
    log.info("not ASCII", text="Mühle 水车")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("it failed", document_id="d-2")
    print("a result")
    """
)

IDS = {
    "stage": "tag",
    "batch_id": "b-17",
    "delivery": 2,
    "event_id": "e-1",
    "document_id": "d-1",
    "entry_id": "1-0",
    "role": "worker",
}


@cache
def run(log_format: str, level: str = "info") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", PROGRAM, log_format, level],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == "a result\n"
    return done


def as_json(log_format: str = "json", level: str = "info") -> list[dict[str, Any]]:
    return [loads(line) for line in run(log_format, level).stderr.splitlines()]


def one(lines: list[dict[str, Any]], message: str) -> dict[str, Any]:
    (line,) = [line for line in lines if line["message"] == message]
    return line


def test_a_line_of_json_holds_all_ids() -> None:
    line = one(as_json(), "document completed")
    assert {key: line[key] for key in IDS} == IDS
    assert (line["level"], line["logger"]) == ("info", "fanmill.worker")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


def test_a_line_for_people_holds_the_same_ids() -> None:
    (line,) = [line for line in run("console").stderr.splitlines() if "document completed" in line]
    found = dict(re.findall(r"(\w+)=(\S+)", line))
    assert {key: found[key] for key in IDS} == {key: str(value) for key, value in IDS.items()}
    assert "info" in line
    assert "fanmill.worker" in line


def test_celerys_own_records_take_the_same_way() -> None:
    line = one(as_json(), "lost a thing")
    assert (line["level"], line["logger"], line["role"]) == ("warning", "celery.worker", "worker")
    assert {key: line[key] for key in ("stage", "batch_id", "delivery", "queue")} == {
        "stage": "tag",
        "batch_id": "b-17",
        "delivery": 2,
        "queue": "q",
    }
    (shown,) = [line for line in run("console").stderr.splitlines() if "lost a thing" in line]
    assert "batch_id=b-17" in shown
    assert "queue=q" in shown


def test_every_record_is_written_once() -> None:
    lines = as_json()
    messages = [line["message"] for line in lines]
    assert messages.count("document completed") == 1
    assert messages.count("from a library") == 1
    assert one(lines, "from a library")["logger"] == "some.library"


def test_a_warning_of_python_is_a_line_too() -> None:
    (line,) = [line for line in as_json() if "something is old" in line["message"]]
    assert (line["level"], line["logger"]) == ("warning", "py.warnings")


def test_an_exception_is_data_in_json_and_a_traceback_for_people() -> None:
    line = one(as_json(), "it failed")
    assert line["document_id"] == "d-2"
    assert line["exception"][0]["exc_type"] == "ZeroDivisionError"
    shown = run("console").stderr
    assert "it failed" in shown
    assert "ZeroDivisionError: division by zero" in shown


def test_text_that_is_not_ascii_stays_readable() -> None:
    assert "Mühle 水车" in run("json").stderr
    assert "Mühle 水车" in run("console").stderr


def test_without_a_terminal_auto_is_json() -> None:
    assert one(as_json("auto"), "document completed")["batch_id"] == "b-17"


@pytest.mark.parametrize(
    ("level", "seen", "unseen"),
    [
        ("debug", "too quiet", "Task succeeded"),
        ("info", "from a library", "too quiet"),
        ("warning", "lost a thing", "document completed"),
        ("error", "it failed", "lost a thing"),
    ],
)
def test_nothing_below_the_level_is_written(level: str, seen: str, unseen: str) -> None:
    messages = [line["message"] for line in as_json(level=level)]
    assert seen in messages
    assert unseen not in messages


HOSTILE = dedent(
    """
    import json, logging, sys
    import structlog
    from fanmill.ops.logs import configure_logs

    configure_logs(sys.argv[1], "info", role="worker")
    log = structlog.get_logger("fanmill.worker")
    for text in json.load(sys.stdin):
        log.warning(text, document_id=text, ids=[text, {text: (text,)}], other=Exception(text))
        logging.getLogger("library").warning("lost %s", text, extra={"queue": text})
        try:
            raise ValueError(text)
        except ValueError:
            log.exception("failed")
    """
)

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]
BIDI = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]


@settings(max_examples=4, deadline=None)
@given(texts=lists(text(sampled_from([*CONTROLS, *BIDI, *"ab[\\m水"])), max_size=20))
@example(texts=["\x1b[31m", "".join(CONTROLS + BIDI), "\x9b2J", "a\nforged line", "\ud800"])
@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_control_character_of_a_producer_reaches_the_log(
    log_format: str, texts: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, log_format],
        input=dumps(texts), capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    shown = set(done.stderr)
    assert shown & {*CONTROLS, *BIDI} <= {"\n"}
    if log_format == "json":
        assert len([loads(line) for line in done.stderr.splitlines()]) == 3 * len(texts)


CLOSED = dedent(
    """
    import os, sys
    import structlog
    from fanmill.ops.logs import configure_logs

    configure_logs("json", "info", role="worker")
    os.close(2) if sys.argv[1] == "descriptor" else sys.stderr.close()
    structlog.get_logger("fanmill.worker").info("document completed")
    print("a result", flush=True)
    os._exit(0)
    """
)


@pytest.mark.parametrize("closed", ["descriptor", "stream"])
def test_a_closed_stream_loses_its_lines_and_nothing_else(closed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, closed], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("a result\n", "")
