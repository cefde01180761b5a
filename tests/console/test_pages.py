"""Every page: with nothing, with documents, with hostile texts, without a server."""

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from redis import Redis
from starlette.testclient import TestClient

from builders import Mill, RedisStores, ingested
from console.conftest import Opening
from fanmill.console.accounts import Accounts, Gate
from fanmill.console.app import STATIC, Options, create_app
from fanmill.console.pages import PAGES
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.keys import Keys

PLAIN = [page for page in PAGES if "{" not in page.path]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_an_empty_installation_says_what_to_do(open_console: Opening, page: object) -> None:
    answer = open_console("admin").get(page.path)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert "fanmill" in answer.text


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_hostile_texts_are_shown_and_not_executed(
    open_console: Opening, redis: Redis, keys: Keys, page: object
) -> None:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(
        *(ingested(f"{HOSTILE}-{number}", f"refused by tag {number}") for number in range(2))
    )
    mill.publish(ingested(HOSTILE, f"{HOSTILE} is a text.\x1b[31m"))
    mill.run()
    mill.publish(ingested(f"waiting {HOSTILE}", "It waits."))
    answer = open_console("admin").get(page.path)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "\x1b" not in answer.text


def test_a_server_that_is_away_is_a_message(settings: Settings) -> None:
    away = settings.model_copy(
        update={"redis_url": type(settings.redis_url)("redis://127.0.0.1:1/0")}
    )
    app = create_app(Reader(away), Gate(Accounts(), "admin"), Options())
    with TestClient(app, base_url="http://localhost") as client:
        for page in PLAIN:
            answer = client.get(page.path)
            if page.name == "publish":
                assert answer.status_code == 200
            elif page.name == "configuration":
                # The checks say what to do, and the settings what was tried.
                assert "FANMILL_REDIS_URL" in answer.text
                assert "127.0.0.1:1" in answer.text
            else:
                assert answer.status_code == 503, page.name
                assert "does not answer" in answer.text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_unknown_addresses_are_pages_of_the_console(open_console: Opening) -> None:
    answer = open_console().get("/nothing/there")
    assert answer.status_code == 404
    assert "No page has this address" in answer.text


def test_the_history_is_there_for_every_span(open_console: Opening) -> None:
    client = open_console()
    for span, points in (("1h", 59), ("24h", 1439), ("30d", 719)):
        told = client.get(f"/history.json?span={span}").json()
        assert {len(each) for each in told.values()} == {points}
    assert client.get("/history.json?span=2y").status_code == 400


def test_the_files_of_others_are_unchanged_and_small() -> None:
    listed = tomllib.loads((STATIC / "VENDORED.toml").read_text(encoding="utf-8"))
    own = {"console.css", "console.js", "VENDORED.toml", "LICENSE-htmx.txt", "LICENSE-uplot.txt"}
    assert {path.name for path in STATIC.iterdir()} == {*listed, *own}
    for name, facts in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == facts["sha256"]


def test_a_page_with_its_files_is_below_120_kb(open_console: Opening) -> None:
    client = open_console()
    page = client.get("/")
    paths = [part.split('"')[0] for part in page.text.split('"/static/')[1:]]
    assert len(paths) == 6
    answers = [page, *(client.get(f"/static/{path}") for path in paths)]
    assert all(answer.status_code == 200 for answer in answers)
    transferred = sum(int(answer.headers["content-length"]) for answer in answers)
    assert transferred <= 60_000
    # To a client that takes no compression.
    assert sum(len(answer.content) for answer in answers) <= 140_000


def test_no_page_loads_what_only_stages_need(settings: Settings, tmp_path: Path) -> None:
    """A child opens every page; numpy alone would take more memory than the console."""
    code = f"""
import sys
from pydantic import SecretStr
from starlette.testclient import TestClient
from fanmill.console.accounts import Accounts, Gate
from fanmill.console.app import Options, create_app
from fanmill.console.pages import PAGES
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
settings = Settings(redis_url={settings.redis_url.get_secret_value()!r},
                    namespace={settings.namespace!r}, store_url={f"sqlite:///{tmp_path}/r.sqlite"!r})
from fanmill.stores.sqlite import SqliteStore
from pathlib import Path
SqliteStore(Path({str(tmp_path / "r.sqlite")!r}), create=True).close()
app = create_app(Reader(settings), Gate(Accounts(), "admin"), Options())
with TestClient(app, base_url="http://localhost") as client:
    for path in [page.path.replace("{{id:path}}", "x").replace("{{id}}", "x") for page in PAGES]:
        assert client.get(path).status_code in (200, 404), path
    assert client.get("/history.json?span=30d").status_code == 200
print(*{{"numpy", "celery", "kombu", "rensa", "matplotlib", "textual"}}.intersection(sys.modules))
"""
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (told.returncode, told.stdout.strip()) == (0, ""), told.stderr[-2000:]
