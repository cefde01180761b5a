"""`fanmill run`: one job, its results, its end."""

import signal
from json import dumps, loads

import psutil
import pytest

TEXT = "The ferry leaves at eight. It carries forty people and one goat. Nobody minds the goat."


def write_lines(path, count):
    with path.open("w") as lines:
        for number in range(count):
            lines.write(dumps({"id": f"d{number}", "text": f"Number {number}. {TEXT}"}) + "\n")


def runs(process):
    """Whether a process still does anything: one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_files_end_as_a_table_and_as_json_lines(fanmill, tmp_path):
    (tmp_path / "letter.txt").write_text(TEXT)
    (tmp_path / "copy.txt").write_text(f"  {TEXT.upper()}\n")
    done = fanmill("run", "letter.txt", "copy.txt", "--output", "results.jsonl")
    assert done.code == 0, done.err
    assert [line.split()[:2] for line in done.out.splitlines()[3:5]] == [
        ["letter.txt", "unique"],
        ["copy.txt", "exact"],
    ]
    assert "2 documents" in done.err
    assert "1 unique, 1 duplicate, 0 rejected" in done.err
    results = [loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    by_id = {result["document_id"]: result for result in results}
    assert by_id["letter.txt"]["statistics"]["sentences"] == 3
    assert by_id["letter.txt"]["tagging"]["language"] == "en"
    assert by_id["copy.txt"]["deduplication"]["duplicate_of"] == "letter.txt"
    assert "statistics" not in by_id["copy.txt"]


def test_json_goes_to_stdout_alone(fanmill):
    done = fanmill("run", "-", "--json", "--on-duplicate", "process", stdin=TEXT.encode())
    assert done.code == 0, done.err
    assert [row["document_id"] for row in done.rows] == ["stdin"]


def test_an_unreadable_document_costs_only_itself_and_the_exit_code_says_so(fanmill, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "One."}\n{bad\n')
    done = fanmill("run", "a.jsonl", "--json")
    assert done.code == 1
    results = [row for row in done.rows if "not_read" not in row]
    (not_read,) = (row["not_read"] for row in done.rows if "not_read" in row)
    assert [row["document_id"] for row in results] == ["a"]
    assert not_read["place"] == "a.jsonl:2"
    assert "a.jsonl:2" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "missing.txt"), "does not exist"),
        (("run", "x.txt", "--on-duplicate", "perhaps"), "on_duplicate"),
        (("run",), "PATH"),
    ],
)
def test_wrong_arguments_end_before_anything_starts(fanmill, tmp_path, arguments, message):
    (tmp_path / "x.txt").touch()
    done = fanmill(*arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_job_leaves_nothing_running(fanmill, tmp_path, wait_until, sign):
    write_lines(tmp_path / "many.jsonl", 50_000)
    job = fanmill.start("run", "many.jsonl", "--output", "results.jsonl")
    wait_until(
        lambda: (
            (tmp_path / "results.jsonl").exists()
            and (tmp_path / "results.jsonl").stat().st_size > 0
        ),
        "first results",
    )
    family = psutil.Process(job.pid).children(recursive=True)
    assert len(family) >= 4, "server, intake, worker and its process"
    job.send_signal(sign)
    assert job.wait(60) == 130
    wait_until(lambda: not any(map(runs, family)), "all have ended")
    assert "interrupted" in (tmp_path / "stderr").read_text()


def test_a_killed_job_takes_its_processes_along(fanmill, tmp_path, wait_until):
    if not psutil.LINUX:
        pytest.skip("only Linux ends children with their parent")
    write_lines(tmp_path / "many.jsonl", 50_000)
    job = fanmill.start("run", "many.jsonl", "--output", "results.jsonl")
    wait_until(lambda: len(psutil.Process(job.pid).children(recursive=True)) >= 4, "all are up")
    family = psutil.Process(job.pid).children(recursive=True)
    job.kill()
    job.wait(60)
    wait_until(
        lambda: (
            not any(
                process.is_running() and process.status() != psutil.STATUS_ZOMBIE
                for process in family
            )
        ),
        "all have ended",
    )
