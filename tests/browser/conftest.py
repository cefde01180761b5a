"""The console as a process, with documents of every state, and a real browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import StreamNames
from polling import until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = '<img src=x onerror="document.title=\'owned\'"> "quoted" & <b>bold</b>'
TEXT = "The {0} harbour bridge opens in spring {0}. Ferries {0} stop at noon. {0} people came."


_START = """
import sys
# As the extra `console` installs it: redis-py loads OpenTelemetry wherever it is installed.
sys.modules["opentelemetry"] = None
from fanmill.__main__ import main
main()
"""


@dataclass(frozen=True)
class Installation:
    """A console with the server that it reads."""

    url: str
    environment: dict[str, str]
    redis: Redis
    keys: Keys
    mill: Mill
    pid: int


def start_console(environment: dict[str, str], log: Path) -> tuple[str, "subprocess.Popen[bytes]"]:
    """Start a console on a free port and return its address."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, "console", "--port", "0"],
            env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip

    def address() -> str | None:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        found = re.search(r'"url": "(http://127\.0\.0\.1:\d+)/"', log.read_text(encoding="utf-8"))
        return found[1] if found else None

    return until(address, 60), process


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A console for an operator, with records, duplicates, rejections, a backlog."""
    folder = tmp_path_factory.mktemp("console")
    with EmbeddedServer(folder / "server", durable=False) as server:
        redis = Redis(port=server.port, socket_timeout=10)
        keys = Keys(StreamNames())
        stores = RedisStores(redis, keys)
        stores.ledger.open()
        mill = Mill(stores)
        mill.publish(*(ingested(f"doc-{n}", TEXT.format(n), title=HOSTILE) for n in range(40)))
        mill.publish(*(ingested(f"copy-{n}", TEXT.format(n)) for n in range(8)))
        mill.publish(*(ingested(f"bad/{n}?", f"refused by tag {n}") for n in range(6)))
        mill.run()
        store = f"sqlite:///{folder}/results.sqlite"
        environment = {
            **{name: value for name, value in os.environ.items() if "FANMILL_" not in name},
            "FANMILL_REDIS_URL": server.url,
            "FANMILL_STORE_URL": store,
            "FANMILL_CONSOLE_ROLE": "admin",
            "FANMILL_CONSOLE_LABEL": "test",
            "FANMILL_LOG_FORMAT": "json",
        }
        _store_all(environment, redis, keys, folder / "sink.log")
        mill.publish(*(ingested(f"waiting-{n}", "It waits.") for n in range(5)))
        url, process = start_console(environment, folder / "console.log")
        try:
            yield Installation(url, environment, redis, keys, mill, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            redis.close()


def _store_all(environment: dict[str, str], redis: Redis, keys: Keys, log: Path) -> None:
    """Let a sink store what is announced."""
    with log.open("wb") as output:
        sink = subprocess.Popen(
            [sys.executable, "-m", "fanmill", "sink"], env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip

    def stored() -> bool:
        assert sink.poll() is None, log.read_text(encoding="utf-8")
        groups: Any = redis.xinfo_groups(keys.processed)
        return any(group["lag"] == 0 == group["pending"] for group in groups)

    until(stored, 60)
    sink.terminate()
    sink.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; its tests are skipped where it is missing."""
    if CHROMIUM is None:
        pytest.skip("NOT TESTED: no Chromium; make test-browser installs it")
    api = pytest.importorskip("playwright.sync_api", reason="NOT TESTED: make test-browser")
    with api.sync_playwright() as running:
        # Root has no sandbox of its own.
        options = ["--no-sandbox", "--force-color-profile=srgb"]
        launched = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield launched
        launched.close()


Opening = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, installation: Installation) -> Iterator[Opening]:
    """Open a page and collect what goes wrong in it, which must be nothing at the end."""
    contexts, troubles = [], []

    def opening(path: str, *, width: int = 1600, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((installation.url, "data:"))
                else troubles.append(f"a request to {sent.url}")
            ),
        )
        page.goto(installation.url + path, wait_until="load")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert troubles == []
