"""`fanmill up`: everything on one machine, with data that stays."""

import os
import shutil
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from cli.conftest import CommandLine, wait_until

DOCUMENTS = 61


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def console_answers() -> bool:
    try:
        with urlopen("http://127.0.0.1:9621/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def command_line(folder: Path) -> tuple[CommandLine, tuple[str, ...]]:
    """Return a command line beside the folder `data`, and the arguments of its `fanmill up`."""
    port = free_port()
    own = {"FANMILL_REDIS_URL": f"redis://127.0.0.1:{port}/0", "COLUMNS": "200"}
    inherited = {name: value for name, value in os.environ.items() if "FANMILL_" not in name}
    arguments = ("up", "--data", "data", "--port", str(port), "--concurrency", "1")
    return CommandLine(folder, {**inherited, **own}), arguments


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a service ran until its documents were complete."""
    folder = tmp_path_factory.mktemp("begun")
    fanmill, arguments = command_line(folder)
    (folder / "letter.txt").write_text("The ferry leaves at eight.")
    lines = [f'{{"id": "d{number}", "text": "{number}"}}' for number in range(DOCUMENTS - 1)]
    (folder / "many.jsonl").write_text("\n".join(lines))
    process = fanmill.start(*arguments)
    try:
        published = ("publish", "letter.txt", "many.jsonl")
        wait_until(lambda: fanmill(*published).code == 0, "the server is there")
        summary = f"{DOCUMENTS} documents complete"
        wait_until(lambda: summary in (folder / "stderr").read_text(), "a summary of all")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
    return folder


@pytest.fixture
def again(begun: Path, tmp_path: Path) -> tuple[CommandLine, tuple[str, ...]]:
    """Return a command line beside a copy of the data of the service that ran."""
    shutil.copytree(begun / "data", tmp_path / "data")
    return command_line(tmp_path)


def test_documents_are_summed_up_in_lines(begun):
    said = (begun / "stderr").read_text()
    assert "document judged" not in said
    assert len([line for line in said.splitlines() if "complete:" in line]) < DOCUMENTS // 2


def test_data_stays_over_a_restart_and_lost_processes_come_back(again, tmp_path):
    fanmill, arguments = again
    # As the command tells the user to export it: still the same sink.
    store = f"sqlite:///{(tmp_path / 'data' / 'results.sqlite').resolve()}"
    fanmill.environment["FANMILL_STORE_URL"] = store

    def complete() -> int:
        rows = fanmill("status", "--json").rows
        return rows[0]["completed"] if rows else -1

    def sink() -> tuple[str, int, int]:
        (row,) = fanmill("sinks", "--json").rows
        return row["name"], row["processes"], row["unstored"]

    service = fanmill.start(*arguments, "--console")
    try:
        wait_until(lambda: fanmill("show", "letter.txt").code == 0, "its record is still there")
        wait_until(console_answers, "the console is there")
        assert complete() == DOCUMENTS
        wait_until(lambda: sink() == ("local", 1, 0), "all records are stored")
        assert (tmp_path / "data" / "results.sqlite").stat().st_size > 0
        second = fanmill(*arguments)
        assert second.code == 2
        assert "in use" in second.err
        for child in psutil.Process(service.pid).children():
            # Server, intake, worker, sink and console: all of them at once.
            child.kill()
        (tmp_path / "second.txt").write_text("The ferry leaves at nine.")
        wait_until(lambda: fanmill("publish", "second.txt").code == 0, "the server is back")
        wait_until(lambda: complete() == DOCUMENTS + 1, "intake and worker are back")
        wait_until(console_answers, "the console is back")
    finally:
        service.terminate()
        assert service.wait(90) == 0


def test_another_threshold_is_refused_until_the_index_is_rebuilt(again):
    fanmill, arguments = again
    fanmill.environment["FANMILL_DEDUP_THRESHOLD"] = "0.85"
    refused = fanmill(*arguments)
    assert refused.code == 2
    assert "0.85" in refused.err
    service = fanmill.start(*arguments, "--rebuild-index")
    try:
        wait_until(lambda: fanmill("index", "info").code == 0, "the index is as set")
        wait_until(lambda: fanmill("duplicates", "letter.txt").code == 0, "and has its document")
    finally:
        service.terminate()
        assert service.wait(90) == 0
