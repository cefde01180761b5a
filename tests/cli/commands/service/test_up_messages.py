"""Messages of `fanmill up` before anything starts."""

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
