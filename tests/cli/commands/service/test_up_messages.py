"""Messages of `fanmill up`: a busy port, and one summary line in place of one per document."""

import signal
import socket


def test_a_busy_port_is_said_in_one_sentence(fanmill):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = fanmill("up", "--data", "data", "--port", str(port))
    assert done.code == 2
    assert done.err == (
        f"fanmill: port {port} cannot be used: address already in use; choose another with --port\n"
    )


def test_documents_are_summed_up_in_lines(fanmill, tmp_path, wait_until):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    fanmill.environment["FANMILL_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    lines = "\n".join(f'{{"id": "d{number}", "text": "{number}"}}' for number in range(60))
    (tmp_path / "many.jsonl").write_text(lines)
    process = fanmill.start("up", "--data", "data", "--port", str(port), "--concurrency", "1")
    try:
        wait_until(lambda: fanmill("publish", "many.jsonl").code == 0, "the server is there")
        wait_until(
            lambda: "60 documents complete" in (tmp_path / "stderr").read_text(), "a summary"
        )
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
    said = (tmp_path / "stderr").read_text()
    assert "document judged" not in said
    assert len([line for line in said.splitlines() if "complete:" in line]) < 30
