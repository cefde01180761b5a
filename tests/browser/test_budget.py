"""Fifty viewers of a live page: memory of the process, and renderings that they share."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil

from browser.installation import Installation
from fanmill.console.pages import PAGES

PATHS = [page.path for page in PAGES if "{" not in page.path]
VIEWERS = 50
MAX_MEGABYTES = 70
MAX_RESIDENT_MEGABYTES = 85


def test_fifty_viewers_fit_into_the_memory(installation: Installation) -> None:
    address = urlsplit(installation.url)
    # Every page was opened before: whatever it loads, it keeps.
    for path in (*PATHS, "/history.json?span=30d", *installation.things()):
        with urlopen(f"{installation.url}{path.replace(' ', '+')}", timeout=60) as answer:  # noqa: S310  our own
            assert answer.status == 200
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
        memory = psutil.Process(installation.pid).memory_full_info()
    # As `fanmill workers` counts memory: pages that n processes share count as 1/n.
    assert memory.pss / 1e6 <= MAX_MEGABYTES, memory
    assert memory.rss / 1e6 <= MAX_RESIDENT_MEGABYTES, memory


def _until_event(stream: socket.socket) -> bytes:
    received = b""
    while b"\n\n" not in received.partition(b"data: ")[2]:
        part = stream.recv(65_536)
        assert part, received[:500]
        received += part
    return received
