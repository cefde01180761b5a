"""`fanmill up`: everything on one machine, with data that stays."""

import signal
import socket

import psutil


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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

    again = fanmill.start(*arguments)
    try:
        wait_until(lambda: fanmill("show", "letter.txt").code == 0, "its record is still there")
        assert complete() == 2
    finally:
        again.terminate()
        assert again.wait(90) == 0
