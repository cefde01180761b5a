"""Fifty viewers of a live page: memory of the process, and renderings that they share."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil

from browser.installation import Installation

VIEWERS = 50
MAX_MEGABYTES = 70


def test_fifty_viewers_fit_into_the_memory(installation: Installation) -> None:
    address = urlsplit(installation.url)
    with ExitStack() as opened:
        streams = []
        for _ in range(VIEWERS):
            stream = socket.create_connection((address.hostname or "", address.port or 0), 30)
            opened.enter_context(stream)
            stream.sendall(f"GET /live/ HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            streams.append(stream)
        received = [_until_event(stream) for stream in streams]
        assert all(b"text/event-stream" in each for each in received)
        events = {each.partition(b"data: ")[2][:2000] for each in received}
        # A rendering is shared: 50 viewers see a few different ones, not 50.
        assert 1 <= len(events) < VIEWERS / 2
        megabytes = psutil.Process(installation.pid).memory_info().rss / 1e6
        print(f"{megabytes:.1f} MB with {VIEWERS} viewers")  # noqa: T201
    assert megabytes <= MAX_MEGABYTES


def _until_event(stream: socket.socket) -> bytes:
    received = b""
    while b"\n\n" not in received.partition(b"data: ")[2]:
        part = stream.recv(65_536)
        assert part, received[:500]
        received += part
    return received
