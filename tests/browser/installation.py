"""The console as a process, over a service with documents of every state."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from redis import Redis

from builders import Mill, ingested
from console.showcase import Showcase, fill_history
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisRejections
from fanmill_contracts import StreamNames
from polling import until

HOSTILE = '<img src=x onerror="document.title=\'owned\'"> "quoted" & <b>bold</b>'
_BEAT_SECONDS = 3.0

_START = """
import sys
# As the extra `console` installs it: redis-py and structlog load whatever else is there.
sys.modules |= dict.fromkeys(("opentelemetry", "greenlet", "attr"))
sys.argv[1:] = ["console", "--port", "0"]
from fanmill.__main__ import main
main()
"""

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Installation:
    """A console with the server that it reads."""

    url: str
    environment: dict[str, str]
    redis: Redis
    keys: Keys
    mill: Mill
    pid: int

    def things(self) -> list[str]:
        """Return the addresses of screens that show one thing."""
        rejections = RedisRejections(self.redis, self.keys)
        entry = next(each for each in rejections.entries() if each.event.data.stage == "tag")
        group = max(rejections.groups(), key=lambda each: each.open).id
        copy = "documents/harbour-bridge-reprint-edited"
        return [
            "/documents/harbour-bridge",
            f"/{copy}",
            "/documents?q=verdict:near",
            "/documents?q=colour:red",
            "/clusters/harbour-bridge?first=harbour-bridge-reprint-edited&second=harbour-bridge",
            f"/failures/{group}",
            f"/rejections/0/{entry.id}",
            f"/rejections/0/{entry.id}/edit",
            "/actions/new?kind=drop&where=stage:tag",
            "/trace/harbour-bridge",
        ]


@contextmanager
def installed(folder: Path, *, hostile: bool) -> Iterator[Installation]:
    """Run a console for an admin, with records, duplicates, rejections, a backlog and a history.

    Args:
        folder: Folder for the server, the store and logs.
        hostile: Whether some documents have a title that attacks browsers.
    """
    with EmbeddedServer(folder / "server", durable=False) as server:
        redis = Redis(port=server.port, socket_timeout=10)
        keys = Keys(StreamNames())
        case = Showcase(redis, keys)
        fill_history(redis, keys)
        mill = case.fill(
            *(ingested(f"hostile-{at}", f"Text {at}.", title=HOSTILE) for at in range(3 * hostile))
        )
        environment = {
            **{name: value for name, value in os.environ.items() if "FANMILL_" not in name},
            "FANMILL_REDIS_URL": server.url,
            "FANMILL_STORE_URL": f"sqlite:///{folder}/results.sqlite",
            "FANMILL_CONSOLE_ROLE": "admin",
            "FANMILL_CONSOLE_LABEL": "test" if hostile else "production",
            "FANMILL_LOG_FORMAT": "json",
        }
        ended = Event()
        beats = Thread(target=_beat, args=(case, ended))
        beats.start()
        with ExitStack() as opened:
            opened.callback(redis.close)
            opened.callback(beats.join)
            opened.callback(ended.set)
            sink = _started([sys.executable, "-m", "fanmill", "sink"], environment, folder / "sink")
            opened.callback(_stop, sink)
            until(lambda: _stored(redis, keys, sink, folder / "sink"), 120)
            process = _started([sys.executable, "-c", _START], environment, folder / "console")
            opened.callback(_stop, process)
            url = until(lambda: _address(process, folder / "console"), 120)
            yield Installation(url, environment, redis, keys, mill, process.pid)


def _beat(case: Showcase, ended: Event) -> None:
    case.beat()
    while not ended.wait(_BEAT_SECONDS):
        case.beat()


def _started(command: list[str], environment: dict[str, str], log: Path) -> Process:
    with log.open("wb") as output:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def _stop(process: Process) -> None:
    process.terminate()
    assert process.wait(30) == 0


def _address(process: Process, log: Path) -> str | None:
    told = log.read_text(encoding="utf-8")
    assert process.poll() is None, told
    found = re.search(r'"url": "(http://127\.0\.0\.1:\d+)/"', told)
    return found[1] if found else None


def _stored(redis: Redis, keys: Keys, sink: Process, log: Path) -> bool:
    assert sink.poll() is None, log.read_text(encoding="utf-8")
    groups: Any = redis.xinfo_groups(keys.processed)
    return any(group["lag"] == 0 == group["pending"] for group in groups)
