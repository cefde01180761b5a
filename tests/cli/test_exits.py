"""Exit codes and messages: the same trouble has the same code in every command."""

import subprocess
import sys

import pytest

from fork_server import run

SERVER_COMMANDS = (
    ("show", "x"),
    ("results",),
    ("results", "--json"),
    ("publish", "letter.txt"),
    ("rejected", "list"),
    ("rejected", "show", "1-1"),
    ("rejected", "replay", "1-1"),
    ("rejected", "drop", "1-1"),
    ("rejected", "drop", "--all", "--yes"),
    ("rejected", "replay", "--all", "--dry-run"),
    ("rejected", "groups"),
    ("actions", "list"),
    ("actions", "show", "x"),
    ("actions", "abort", "x"),
    ("duplicates", "x"),
    ("clusters",),
    ("forget", "x", "--note", "asked"),
    ("index", "info"),
    ("index", "save", "saved.jsonl"),
    ("index", "rebuild"),
    ("status",),
    ("status", "--json"),
    ("stats",),
    ("trends",),
    ("doctor",),
)


@pytest.mark.parametrize("command", SERVER_COMMANDS)
def test_a_server_that_is_down_ends_every_command_with_3(fanmill, tmp_path, command):
    (tmp_path / "letter.txt").write_text("One.")
    fanmill.environment["FANMILL_REDIS_URL"] = "redis://user:geheim@127.0.0.1:1/0"
    done = fanmill(*command)
    assert done.code == 3, done.err
    assert "geheim" not in done.out + done.err
    assert "Traceback" not in done.err
    if command != ("doctor",):
        assert "127.0.0.1:1" in done.err
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("command", SERVER_COMMANDS)
@pytest.mark.parametrize("url", ["http://x", "redis://localhost:99999/0", "nonsense"])
def test_a_wrong_url_ends_every_command_with_2(fanmill, tmp_path, command, url):
    (tmp_path / "letter.txt").write_text("One.")
    done = fanmill(*command, "--redis-url", url)
    assert done.code == 2, done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("nonsense",),
        ("status", "--nonsense"),
        ("show",),
        ("results", "--limit", "0"),
        ("results", "--since", "9" * 12 + "d"),
        ("results", "--since", "0001-01-01"),
        ("stats", "--since", "soon"),
        ("stats", "--by", "author"),
        ("trends", "--since", "90m"),
        ("results", "--output", "missing/results.jsonl"),
        ("index", "save", "missing/saved.jsonl"),
        ("publish", "missing.txt"),
        ("publish", "letter.txt", "--encoding", "utf-9"),
        ("tag", "missing.txt"),
        ("tag", "letter.txt", "--rules", "missing.yaml"),
        ("tagger", "new", "class"),
        ("topics", "train", "missing.jsonl"),
        ("worker", "--queues", "sort"),
    ],
)
def test_wrong_arguments_end_a_command_with_2_and_a_sentence(fanmill, tmp_path, command):
    (tmp_path / "letter.txt").write_text("One.")
    done = fanmill(*command)
    assert done.code == 2, done.err
    assert done.err
    assert "Traceback" not in done.err


def test_a_full_disk_is_said_in_a_sentence(fanmill):
    for command in (("config", "--json"), ("status", "--json"), ("--help",)):
        with open("/dev/full", "w") as full:  # noqa: PTH123
            done = run(
                [sys.executable, "-m", "fanmill", *command],
                env=fanmill.environment,
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                text=True,
                timeout=60,
            )
        assert done.returncode == 1
        assert done.stderr == "fanmill: No space left on device\n"
