"""Every number on the screens of the console against what Redis and the store hold."""

import os
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient

from fanmill.console.accounts import Accounts, Gate
from fanmill.console.app import Options, create_app
from fanmill.ops.process_registry import all_processes
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP
from fanmill_contracts import decode
from fork_server import popen
from polling import until

from .mill import Mill
from .plan import NAMESPACE

_ROW = re.compile(r'<tr data-id="(.*?)".*?</tr>', re.DOTALL)
_CELL = re.compile(r'data-label="(.*?)">(.*?)</td>', re.DOTALL)


def store_all(mill: Mill) -> str:
    """Let a sink store all outcomes, and return the URL of the store."""
    url = f"sqlite:///{mill.folder}/numbers.sqlite"
    environment = {
        **os.environ, "FANMILL_REDIS_URL": mill.url, "FANMILL_NAMESPACE": NAMESPACE,
        "FANMILL_STORE_URL": url,
    }  # fmt: skip
    sink = popen(
        [sys.executable, "-m", "fanmill", "sink"], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def stored() -> bool:
        assert sink.poll() is None
        lags: list[Any] = []
        for stream in (mill.keys.processed, mill.keys.rejected):
            groups: Any = mill.redis.xinfo_groups(stream)
            lags += [(group["lag"], group["pending"]) for group in groups]
        return len(lags) == 2 and set(lags) == {(0, 0)}

    try:
        until(stored, 120, "the sink has stored all")
    finally:
        sink.terminate()
        sink.wait(30)
    return url


def check_console(mill: Mill) -> None:
    """Compare the screens of a service at rest with its server and its store."""
    settings = Settings(
        redis_url=mill.url, namespace=NAMESPACE, store_url=SecretStr(store_all(mill))
    )
    app = create_app(Reader(settings), Gate(Accounts(), "admin"), Options())
    with TestClient(app, base_url="http://localhost") as client:
        _check_overview(client, mill)
        _check_documents(client, mill)
        _check_rejections(client, mill)
        _check_others(client, mill)


def _check_overview(client: TestClient, mill: Mill) -> None:
    redis, keys = mill.redis, mill.keys
    stream: Any = redis.xinfo_stream(keys.ingested)
    # Workers tell every few seconds how many of their children are busy.
    until(lambda: _busy(client.get("/").text) == ["0"] * 3, 60, "no child is busy")
    page = client.get("/").text
    tiles = dict(re.findall(r'data-name="(\w+)">(.*?)</p>', page))
    assert tiles["age"] == "0.0 s"
    pending: Any = redis.xpending(keys.ingested, GROUP)
    assert _number(tiles["waiting"]) == stream["length"] - pending["pending"]
    assert _number(tiles["rejected"]) == redis.xlen(keys.rejected)
    assert re.findall(r"<dt>queue</dt><dd>(.*?)</dd>", page) == ["0"] * 3
    # The minute of now is not drawn.
    course = client.get("/history.json?span=1h").json()
    counts = Counter[str]()
    for number in range(course["times"][0] // 60, course["times"][-1] // 60 + 1):
        point: Any = redis.hgetall(f"{keys.history}m{number}")
        counts.update({name.decode(): int(value) for name, value in point.items()})
    for name in ("received", "completed", "rejected"):
        assert round(sum(course[name]) * 60) == counts[name], name


def _busy(page: str) -> list[str]:
    return re.findall(r"<dt>busy</dt><dd>(\d+) of", page)


def _check_documents(client: TestClient, mill: Mill) -> None:
    events: Any = mill.redis.xrange(mill.keys.processed)
    judged: list[Any] = [decode(fields[b"event"]) for _, fields in events]
    verdicts = Counter(event.data.deduplication.verdict for event in judged)
    assert len(judged) == mill.redis.zcard(mill.keys.results)
    assert f"{len(judged):,} documents" in client.get("/documents").text
    for verdict, number in verdicts.items():
        assert f"{number:,} document" in client.get(f"/documents?q=verdict:{verdict}").text
    copies = Counter(
        event.data.deduplication.duplicate_of for event in judged
        if event.data.deduplication.duplicate_of
    )  # fmt: skip
    shown = {
        unescape(row): _number(cells["Documents"]) - 1
        for row, cells in _rows(client.get("/clusters").text, "clusters")
    }
    assert sorted(shown.values(), reverse=True) == [size for _, size in copies.most_common(50)]
    assert all(copies[original] == size for original, size in shown.items())
    for original, number in copies.most_common(2):
        page = client.get(f"/clusters/{original}").text
        assert f"<dt>duplicates</dt><dd>{number:,}" in page
    record = judged[-1].data
    page = client.get(f"/documents/{record.document_id}").text
    assert f"It is complete, {'a near' if record.deduplication.verdict == 'near' else 'a'}" in page


def _check_rejections(client: TestClient, mill: Mill) -> None:
    entries: Any = mill.redis.xrange(mill.keys.rejected)
    groups = Counter(fields[b"group"].decode() for _, fields in entries)
    page = client.get("/failures").text
    assert f"{len(entries):,} open rejections in {len(groups):,} groups." in page
    shown = {row: _number(cells["Open"]) for row, cells in _rows(page, "failures")}
    assert shown == dict(groups)
    for group, number in groups.items():
        members = _rows(client.get(f"/failures/{group}").text, "rejections")
        assert len(members) == min(number, 50)
    listed = [row for row, _ in _rows(client.get("/rejections").text, "rejections")]
    assert listed == [f"0:{entry.decode()}" for entry, _ in entries[:50]]
    assert f"{len(entries):,} would be dropped." in client.get("/actions/new?kind=drop").text


def _check_others(client: TestClient, mill: Mill) -> None:
    rows = _rows(client.get("/workers").text, "workers")
    known = all_processes(mill.redis, mill.keys)
    assert {row.partition(":")[2] for row, _ in rows} == {each.name for each in known}
    readers = {
        cells["Stream"]: (_number(cells["Not read"]), _number(cells["Stream length"]))
        for _, cells in _rows(client.get("/consumers").text, "groups")
    }
    assert readers == {
        "processed": (0, mill.redis.xlen(mill.keys.processed)),
        "rejected": (0, mill.redis.xlen(mill.keys.rejected)),
    }
    assert _rows(client.get("/ledger").text, "waiting") == []
    assert _rows(client.get("/ledger").text, "inflight") == []


def _rows(page: str, table: str) -> list[tuple[str, dict[str, str]]]:
    """Return id and cells of each row of a table."""
    section = page.partition(f'id="table-{table}"')[2].partition("</section>")[0]
    return [
        (found[1], {name: re.sub("<.*?>", "", value) for name, value in _CELL.findall(found[0])})
        for found in _ROW.finditer(section)
    ]


def _number(text: str) -> int:
    return int(text.replace(",", ""))
