"""Texts of producers in every command: shown literally, without an exception or a raw control.

Whatever a document, an id, an error or a file name contains, stdout and stderr hold no control
character but the line break, and JSON has the exact values.
"""

import json
import os
import pty
import re
import sys
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builders import Mill, RedisStores, raw_event
from fanmill.cli.short_ids import short_ids
from fanmill.core.text.escapes import escape_controls
from fanmill.stores.keys import Keys
from fanmill_contracts import ContractError, DocumentIngested, StreamNames
from fork_server import popen

ESCAPES = ("\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x00", "\x7f", "\u202e", "\u2066", "\u2028")
MARKUP = (r"\[/x\]", "[bold]", "[/]", "[red]x[/red]", r"\[", "[link=file:///x]", ":smile:")
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from([*ESCAPES, *MARKUP, "\n", "\r", "\t", "a", "ü", "字", " "]),
        st.text(max_size=5),
    ),
    min_size=1,
    max_size=8,
).map("".join)

slow = settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(done, *, as_json=False):
    """Assert that no control character reaches the terminal and the exit code is documented."""
    assert done.code in {0, 1, 2}, done.err
    for channel in (done.out, done.err):
        assert channel == escape_controls(channel, keep_line_breaks=True)
    if as_json:
        return done.rows
    return done.out


def read_commands(document_id, rejected_id):
    """Yield command lines that print texts of producers."""
    for as_json in ((), ("--json",)):
        yield from (
            ("show", *as_json, "--", document_id),
            ("results", *as_json),
            ("duplicates", *as_json, "--", document_id),
            ("clusters", *as_json),
            ("rejected", "list", *as_json),
            ("rejected", "show", rejected_id, *as_json),
            ("stats", *as_json),
            ("trends", "--all", *as_json),
            ("status", *as_json),
            ("index", "info", *as_json),
        )
    yield ("results", "--dolma")
    yield ("forget", "--dry-run", "--", document_id)
    yield ("forget", "--", document_id)
    yield ("rejected", "replay", "--", document_id)


@slow
@given(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
@example((r"\[/x\] [bold]",) * 5)
@example(("\x1b[31m\x9b2J\u202e\x00\n",) * 5)
def test_documents_of_a_hostile_producer_are_shown_literally(fanmill, redis, texts):
    document_id, title, text, key, source = texts
    namespace = f"t-{uuid4().hex[:12]}"
    fanmill.environment["FANMILL_NAMESPACE"] = namespace
    keys = Keys(StreamNames(namespace))
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    with suppress(ContractError, UnicodeEncodeError):
        event = DocumentIngested.create(
            document_id, text, source=source, title=title, metadata={key[:100]: title}
        )
        mill.publish(event)
    # A producer without Python checks nothing; what cannot be read is rejected with its ids.
    body = raw_event(source=source, id=title, data={"document_id": document_id, "text": 3})
    raw_key, raw_title = (each.encode("utf-8", "replace") for each in (key, title))
    redis.xadd(keys.ingested, {"event": json.dumps(body), raw_key: raw_title})
    redis.hset(keys.processes, raw_title, raw_key)
    mill.run()
    rejected = [entry.id for entry in stores.rejections.entries()]
    assert rejected
    for line in read_commands(document_id, rejected[-1]):
        if any("\ud800" <= character <= "\udfff" for word in line for character in word):
            continue  # No terminal can type it.
        check(fanmill(*line), as_json="--json" in line)


@pytest.mark.parametrize("text", [r"\[/x\]", "[bold]loud[/bold]", "[/]"])
def test_brackets_appear_as_they_are(fanmill, redis, keys, text):
    mill = Mill(RedisStores(redis, keys))
    mill.stores.ledger.open()
    event = DocumentIngested.create(text, f"{text} of 1984.", source="/t", title=text)
    mill.publish(event)
    mill.run()
    assert text in fanmill("show", text).out
    assert text in fanmill("results").out
    assert fanmill("show", text, "--json").rows[0]["result"]["title"] == text
    assert repr(text) in fanmill("show", f"{text}!").err.replace("!", "")


def test_a_terminal_gets_no_sequence_of_a_producer(fanmill, redis, keys):
    mill = Mill(RedisStores(redis, keys))
    mill.stores.ledger.open()
    hostile = "".join(ESCAPES)
    mill.publish(DocumentIngested.create("d", "One.", source="/t", title=hostile))
    mill.run()
    for line in (("show", "d"), ("show", hostile.replace("\x00", ""))):
        terminal, end = pty.openpty()
        process = popen(
            [sys.executable, "-m", "fanmill", *line],
            env=fanmill.environment,
            stdin=end,
            stdout=end,
            stderr=end,
        )
        os.close(end)
        shown = b""
        with suppress(OSError):  # Linux ends the stream so
            while chunk := os.read(terminal, 1 << 16):
                shown += chunk
        os.close(terminal)
        assert process.wait(60) in {0, 1}
        # Colors are fanmill's own.
        rest = re.sub(rb"\x1b\[[0-9;]*m", b"", shown).replace(b"\r\n", b"\n").decode()
        assert rest == escape_controls(rest, keep_line_breaks=True)
        assert r"\x1b[2J" in rest


@pytest.mark.parametrize("name", ["\x1b[31m.txt", "[bold].txt", "a\nb.txt", "\u202egnp.txt"])
def test_file_names_are_shown_literally(fanmill, tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / name).write_bytes(b"\xff")
    (tmp_path / "folder" / f"{name}.pdf").touch()
    (tmp_path / "folder" / "fine.txt").write_text("Fine.")
    for line in (("publish", "folder"), ("publish", "folder", "--json"), ("tag", "folder")):
        done = fanmill(*line)
        check(done, as_json="--json" in line)
        assert done.code == 1
        assert escape_controls(name) in done.err
    missing = fanmill("publish", name)
    check(missing)
    assert missing.code == 2


def test_a_file_name_that_is_not_utf8_gets_a_printable_id(fanmill, tmp_path):
    (tmp_path / "folder").mkdir()
    with open(os.fsencode(tmp_path / "folder") + b"/caf\xe9.txt", "w") as file:  # noqa: PTH123
        file.write("Un café.")
    done = fanmill("tag", "folder", "--json")
    assert done.code == 0, done.err
    assert done.rows[0]["document_id"] == r"caf\xe9.txt"


@given(st.lists(HOSTILE, max_size=8), st.integers(-3, 40))
def test_two_ids_are_never_shown_alike(ids, width):
    shown = short_ids(ids, width)
    assert set(shown) == set(ids)
    assert len(set(shown.values())) == len(set(ids))
    assert all(form == escape_controls(form) for form in shown.values())


def test_ids_keep_the_end_that_tells_them_apart():
    ids = [f"https://example.org/archive/2026/01/page-{number}" for number in range(20)]
    assert short_ids(ids, 12)[ids[7]] == "…6/01/page-7"
    assert short_ids(["x" * 50 + "a", "x" * 50 + "b"], 10) == {
        "x" * 50 + "a": "…xxxxxxxxa",
        "x" * 50 + "b": "…xxxxxxxxb",
    }
    assert list(short_ids(["a" + "x" * 50, "b" + "x" * 50], 10).values()) == [
        "a" + "x" * 50,
        "b" + "x" * 50,
    ]
