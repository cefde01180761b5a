"""Start-up: a command loads the modules that it needs, and no others.

Each command runs in a process of its own, so that this is also its test as a real process. It is
a fork of a process that has loaded the command line, as each command does first.
"""

import json
import os
import subprocess
import sys

import pytest

from fork_server import Fork

ANALYSIS = {"numpy", "icu4py", "re2", "eldc", "wordfreq", "fasttext", "rensa", "yaml", "msgpack"}
WORKER = {"celery", "kombu", "billiard", "structlog", "datasketches", "zstandard"}
HEAVY = ANALYSIS | WORKER
SERVER = {"redis"}
MODELS = {"pydantic_settings", "fanmill_contracts.results", "fanmill_contracts.statistics"}
TABLES = {"rich.table"}

TRACING = {"opentelemetry.sdk.trace", "opentelemetry.exporter", "fanmill.ops.tracing"}
"""Nothing of these without FANMILL_OTEL_ENABLED; redis-py itself loads the API if it can."""

PROGRAM = """
import json, sys
from fanmill.__main__ import main
sys.argv[0] = "fanmill"
try:
    main()
except SystemExit as end:
    code = end.code
with open("modules.json", "w") as file:
    json.dump({"code": code, "modules": sorted(sys.modules)}, file)
"""


@pytest.fixture
def loaded(fanmill, tmp_path):
    """Runs a command in a process and returns its exit code and the modules that it loaded."""
    (tmp_path / "letter.txt").write_text("The ferry leaves at eight.")
    (tmp_path / "start_of_a_test.py").write_text(PROGRAM)

    def run(*arguments: str) -> tuple[int, set[str]]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "start_of_a_test", *arguments]
        with Fork(
            command, modules=("fanmill.cli.app",), cwd=tmp_path, env=fanmill.environment, **pipes
        ) as process:
            _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        seen = json.loads((tmp_path / "modules.json").read_text())
        return seen["code"] or 0, set(seen["modules"])

    return run


@pytest.mark.parametrize(
    ("line", "code", "forbidden"),
    [
        ("--help", 0, HEAVY | SERVER | MODELS | TABLES),
        ("status --help", 0, HEAVY | SERVER | MODELS | TABLES),
        ("--version", 0, HEAVY | SERVER | MODELS | TABLES),
        ("config", 0, HEAVY | SERVER | {"fanmill_contracts.results"}),
        ("config --json", 0, HEAVY | SERVER | TABLES | {"fanmill_contracts.results"}),
        ("workers", 0, HEAVY | {"fanmill_contracts.results"}),
        ("waiting", 0, HEAVY | TABLES),
        ("inflight", 0, HEAVY | TABLES),
        ("trace nobody", 1, HEAVY),
        ("trace 1-1 --json", 1, HEAVY | TABLES),
        ("pause tag --json", 0, HEAVY | TABLES | {"fanmill_contracts.results"}),
        ("status", 0, HEAVY | {"fanmill_contracts.results"}),
        ("status --json", 0, HEAVY | TABLES | {"fanmill_contracts.results"}),
        ("watch --once", 0, HEAVY | {"textual", "starlette"}),
        ("watch --max-age 5", 0, HEAVY | {"textual", "starlette"}),
        ("status --redis-url redis://127.0.0.1:1/0", 3, HEAVY | TABLES),
        ("show nobody", 1, HEAVY | TABLES),
        ("results", 0, HEAVY | TABLES),
        ("results --json", 0, HEAVY | TABLES),
        ("publish letter.txt", 0, HEAVY - {"zstandard"}),
        ("rejected list", 0, HEAVY | TABLES),
        ("rejected show 1-1", 1, HEAVY | TABLES),
        ("rejected replay 1-1", 1, HEAVY | TABLES),
        ("rejected drop 1-1", 1, HEAVY | TABLES),
        ("trends", 0, HEAVY | TABLES),
        ("stats", 0, HEAVY),
        ("duplicates nobody", 1, HEAVY),
        ("clusters", 0, HEAVY),
        ("forget nobody --note asked", 1, HEAVY),
        ("index info", 0, HEAVY),
        ("index save saved.jsonl", 0, HEAVY | TABLES),
        ("store info --store sqlite:///missing.sqlite", 3, HEAVY - {"zstandard"}),
        ("store --help", 0, HEAVY | SERVER | MODELS | TABLES),
        ("doctor", 1, WORKER - {"datasketches"}),
        ("up --data letter.txt", 2, HEAVY | SERVER),
        ("worker --queues sort", 2, HEAVY),
        ("tagger new own", 0, HEAVY | SERVER | MODELS),
        ("rules check missing.yaml", 1, {"celery", "kombu", "datasketches"}),
        ("topics evaluate missing.jsonl", 2, {"celery", "kombu", "datasketches"}),
        ("taggers", 0, {"celery", "kombu", "datasketches"}),
        ("report missing.jsonl", 2, {"celery", "kombu", "icu4py", "jinja2", "leather"} | SERVER),
        ("tag letter.txt", 0, {"celery", "kombu", "datasketches"}),
    ],
)
def test_a_command_loads_no_heavy_modules_that_it_does_not_need(loaded, line, code, forbidden):
    ended, modules = loaded(*line.split())
    assert ended == code
    assert modules & (forbidden | TRACING) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the threads from /proc")
@pytest.mark.parametrize(
    "first", ["from fanmill.__main__ import main", "import fanmill.celery_app"]
)
def test_numpy_starts_no_threads_in_a_process_of_fanmill(fanmill, first: str) -> None:
    program = f"""
import os, sys
sys.argv = ["fanmill", "--version"]
{first}
try:
    main()
except (NameError, SystemExit):
    import numpy
print(len(os.listdir("/proc/self/task")))
"""
    environment = {**os.environ, **fanmill.environment}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.split()[-1] == b"1"
