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
    """Return whether a process still runs; a zombie does not."""
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


def test_an_unreadable_document_costs_only_itself_and_the_exit_code_says_so(fanmill, tmp_path):
    line = {"id": "a", "text": TEXT, "section": 3, "tags": ["x", "y"], "metadata": {"pages": 2}}
    (tmp_path / "a.jsonl").write_text(f"{dumps(line)}\n{{bad\n")
    done = fanmill("run", "a.jsonl", "--json")
    assert done.code == 1
    (row,) = (row for row in done.rows if "not_read" not in row)
    (not_read,) = (row["not_read"] for row in done.rows if "not_read" in row)
    assert not_read["place"] == "a.jsonl:2"
    assert "a.jsonl:2" in done.err
    # Members that a document does not know are kept as its metadata.
    assert row["document_id"] == "a"
    assert row["metadata"] == {"section": 3, "tags": '["x", "y"]', "pages": 2}


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


def test_a_terminated_job_leaves_nothing_running(fanmill, tmp_path, wait_until):
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
    job.terminate()
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


def test_each_input_has_a_line_in_the_output(fanmill, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "letter.txt").write_text(TEXT)
    (folder / "bytes.txt").write_bytes(b"\xff\xff")
    (folder / "page.html").touch()
    done = fanmill("run", "folder", "--output", "results.jsonl", "--rows", "0")
    assert done.code == 1
    assert "passed over: 1 file (1 .html)" in done.err
    lines = [loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    outcomes = {
        entry["not_read"]["place"] if "not_read" in entry else entry["document_id"]
        for entry in lines
    }
    assert outcomes == {"letter.txt", "folder/bytes.txt", "folder/page.html"}


def test_json_goes_to_stdout_alone(fanmill, tmp_path):
    (tmp_path / "page.html").touch()
    arguments = ("--as-text", "*.html", "--json", "--on-duplicate", "process")
    done = fanmill("run", "-", "page.html", *arguments, stdin=TEXT.encode())
    assert done.code == 0, done.err
    assert {row["document_id"] for row in done.rows} == {"stdin", "page.html"}


def test_an_interrupted_run_goes_on_where_it_ended(fanmill, tmp_path, wait_until):
    """Nothing is done twice or missing, and copies of finished documents are still copies."""
    count = 1000
    with (tmp_path / "many.jsonl").open("w") as lines:
        lines.write("{bad\n")
        for number in range(count):
            text = f"Number {number % (count - 100)}. {TEXT}"
            lines.write(dumps({"id": f"d{number}", "text": text}) + "\n")
    output = tmp_path / "results.jsonl"
    arguments = ("run", "many.jsonl", "--output", "results.jsonl", "--rows", "0")
    job = fanmill.start(*arguments)
    wait_until(lambda: output.exists() and b'"document_id"' in output.read_bytes(), "a result")
    job.send_signal(signal.SIGINT)
    code = job.wait(60)
    said = (tmp_path / "stderr").read_text()
    assert code == 130, said
    first = output.read_text().count("\n") - 1
    assert 0 < first < count
    assert f"interrupted: {first:,} result" in said
    assert "--resume" in said
    with output.open("a") as lines:
        lines.write('{"document_id": "cut o')  # as after a kill
    done = fanmill(*arguments, "--resume")
    assert done.code == 1, "one line is no JSON"
    assert f"going on with results.jsonl: {first:,} result" in done.err
    entries = [loads(line) for line in output.read_text().splitlines()]
    results = [entry for entry in entries if "not_read" not in entry]
    assert len(entries) - len(results) == 1
    assert sorted(entry["document_id"] for entry in results) == sorted(
        f"d{number}" for number in range(count)
    )
    assert sum(entry["deduplication"]["verdict"] == "exact" for entry in results) == 100
    assert f"{count:,} documents in" in done.err
    again = fanmill(*arguments, "--resume")
    assert output.read_text().count("\n") == count + 1
    assert again.code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x.txt", "--resume"), "--resume needs the --output"),
        (("-", "--resume", "--output", "new.jsonl"), "cannot read standard input again"),
        (("x.txt", "--resume", "--output", "other.txt"), "other.txt:1 is no result"),
        (("x.txt", "--output", "nowhere/results.jsonl"), "'nowhere/results.jsonl'"),
        (("x.txt", "--id", "title"), "--id is 'title'"),
        (("x.txt", "--encoding", "utf-9"), "--encoding is 'utf-9'"),
        (("x.txt", "--base", "elsewhere"), "is not below --base"),
    ],
)
def test_what_cannot_be_resumed_or_read_is_refused(fanmill, tmp_path, arguments, message):
    (tmp_path / "x.txt").touch()
    (tmp_path / "other.txt").write_text("No JSON.\n")
    done = fanmill("run", *arguments)
    assert (done.code, message in done.err) == (2, True), done.err
    assert "Traceback" not in done.err
    assert (tmp_path / "other.txt").read_text() == "No JSON.\n"


@pytest.mark.parametrize(
    ("published", "bytes_read", "total_bytes", "all_read", "total"),
    [
        (0, 0, 100, False, None),
        (10, 50, 100, False, 20),
        (10, 50, None, False, None),
        (10, 200, 100, False, 10),
        (10, 100, 100, True, 10),
        (0, 0, 0, True, 0),
    ],
)
def test_the_number_of_documents_is_estimated(published, bytes_read, total_bytes, all_read, total):
    from fanmill.cli.progress import estimated_total

    assert estimated_total(published, bytes_read, total_bytes, all_read=all_read) == total
