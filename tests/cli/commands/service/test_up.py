"""`fanmill up`: everything on one machine, with data that stays."""

import signal
import socket
from urllib.request import urlopen

import psutil


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


def test_data_stays_over_a_restart_and_lost_processes_come_back(fanmill, tmp_path, wait_until):
    (tmp_path / "letter.txt").write_text("The ferry leaves at eight.")
    port = free_port()
    arguments = ("up", "--data", "data", "--port", str(port), "--concurrency", "1")
    fanmill.environment["FANMILL_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"

    def complete() -> int:
        rows = fanmill("status", "--json").rows
        return rows[0]["completed"] if rows else -1

    first = fanmill.start(*arguments)
    try:
        wait_until(lambda: fanmill("publish", "letter.txt").code == 0, "the server is there")
        wait_until(lambda: complete() == 1, "the document is complete")
        second = fanmill(*arguments)
        assert second.code == 2
        assert "in use" in second.err
        for child in psutil.Process(first.pid).children():
            # Server, intake and worker: all of them at once.
            child.kill()
        (tmp_path / "second.txt").write_text("The ferry leaves at nine.")
        wait_until(lambda: fanmill("publish", "second.txt").code == 0, "the server is back")
        wait_until(lambda: complete() == 2, "intake and worker are back")
    finally:
        first.send_signal(signal.SIGINT)
        assert first.wait(90) == 0

    # As the command tells the user to export it: still the same sink.
    store = f"sqlite:///{(tmp_path / 'data' / 'results.sqlite').resolve()}"
    fanmill.environment["FANMILL_STORE_URL"] = store
    again = fanmill.start(*arguments, "--console")
    try:
        wait_until(lambda: fanmill("show", "letter.txt").code == 0, "its record is still there")
        wait_until(console_answers, "the console is there")
        assert complete() == 2

        def sink() -> tuple[str, int, int]:
            (row,) = fanmill("sinks", "--json").rows
            return row["name"], row["processes"], row["unstored"]

        wait_until(lambda: sink() == ("local", 1, 0), "both records are stored")
        assert (tmp_path / "data" / "results.sqlite").stat().st_size > 0
    finally:
        again.terminate()
        assert again.wait(90) == 0


def test_another_threshold_is_refused_until_the_index_is_rebuilt(fanmill, tmp_path, wait_until):
    (tmp_path / "letter.txt").write_text("The ferry leaves at eight.")
    port = free_port()
    arguments = ("up", "--data", "data", "--port", str(port), "--concurrency", "1")
    fanmill.environment["FANMILL_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    first = fanmill.start(*arguments)
    try:
        wait_until(lambda: fanmill("publish", "letter.txt").code == 0, "the server is there")
        wait_until(lambda: fanmill("show", "letter.txt", "--json").code == 0, "it is known")
        wait_until(
            lambda: fanmill("show", "letter.txt", "--json").rows[0]["state"] == "complete", "done"
        )
    finally:
        first.terminate()
        assert first.wait(90) == 0

    fanmill.environment["FANMILL_DEDUP_THRESHOLD"] = "0.85"
    refused = fanmill(*arguments)
    assert refused.code == 2
    assert "0.85" in refused.err
    again = fanmill.start(*arguments, "--rebuild-index")
    try:
        wait_until(lambda: fanmill("index", "info").code == 0, "the index is as set")
        wait_until(lambda: fanmill("duplicates", "letter.txt").code == 0, "and has its document")
    finally:
        again.terminate()
        assert again.wait(90) == 0
