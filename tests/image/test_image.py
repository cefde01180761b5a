"""The image, built step by step in a Debian root and run in every role. Needs root and debootstrap.

`make test-image` runs these tests. A build by Docker differs in its base: Python 3.13 of the
official image instead of Debian's.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from image.conftest import PROJECT, Starting
from image.container import Container
from image.dockerfile import Stage
from polling import until
from postgres_server import fresh_database, own_server

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]

SAMPLE = PROJECT / "deploy" / "samples" / "news.jsonl"
DATA = "/var/lib/fanmill"
"""The folder of the image for what lasts."""
USER = 10001


def lines_of(sample: Path) -> int:
    """Return the number of documents in the sample."""
    return len(sample.read_text(encoding="utf-8").splitlines())


def ready(container: Container) -> bool:
    """Tell whether the probe of the image succeeds; a process that ended is a failure."""
    assert container.ended is None, container.log
    return container.run("fanmill", "health", "ready").returncode == 0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(container: Container, port: int, path: str) -> str:
    """Return the answer of a path; empty while there is none."""
    assert container.ended is None, container.log
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def grace_seconds(role: str) -> int:
    """Return the time that Kubernetes gives a role for its end."""
    (path,) = (PROJECT / "deploy" / "kubernetes").rglob(f"{role}.yaml")
    objects = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    (pod,) = (each["spec"]["template"]["spec"] for each in objects if each["kind"] == "Deployment")
    return int(pod["terminationGracePeriodSeconds"])


def publish(server: str) -> None:
    """Publish the sample from this machine."""
    published = subprocess.run(
        [sys.executable, "-m", "fanmill", "publish", str(SAMPLE)],
        env={**os.environ, "FANMILL_REDIS_URL": server},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert published.returncode == 0, published.stderr


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """A volume with the owner of the image's folder."""
    folder = tmp_path / "volume"
    folder.mkdir()
    os.chown(folder, USER, USER)
    return folder


@pytest.fixture
def postgresql() -> Iterator[tuple[str, Path]]:
    """URL of a database as the image sees it, and the folder of the server's socket."""
    with own_server(durable=False) as running:
        running.folder.chmod(0o755)
        with fresh_database(running.url()) as url:
            name = url.partition("@/")[2].partition("?")[0]
            yield f"postgresql://fanmill@/{name}?host={DATA}", running.folder


def test_the_image_holds_no_source_and_no_tool_of_the_build(image: Stage) -> None:
    assert not (image.root / "src").exists()
    assert not (image.root / "dist").exists()
    assert (image.root / "usr/bin/tini").exists()
    assert not list((image.root / "var/lib/apt/lists").iterdir())


def test_the_process_cannot_write_to_its_root(start: Starting) -> None:
    container = start("intake")
    until(lambda: ready(container), 120)
    assert container.run("touch", "/usr/local/x").returncode != 0
    assert container.run("touch", f"{DATA}/x").returncode != 0
    assert container.run("touch", "/tmp/x").returncode == 0  # noqa: S108
    assert container.run("id", "-u").stdout.strip() == str(USER)
    (process_1,) = container.run("cat", "/proc/1/comm").stdout.split()
    assert process_1 == "tini"


def test_documents_pass_through_every_role_and_each_ends_within_its_grace_period(
    start: Starting, server: str, volume: Path, postgresql: tuple[str, Path]
) -> None:
    """Intake, a worker for each stage, a sink for each store, metrics and console."""
    database, sockets = postgresql
    metrics_port, console_port = free_port(), free_port()
    sqlite = f"sqlite:///{DATA}/results.sqlite"
    migrated = start("store", "migrate", volumes={DATA: sockets}, FANMILL_STORE_URL=database)
    assert migrated.wait(120) == 0, migrated.log
    beating = {
        "intake": [start("intake")],
        "worker": [
            start("worker", "--queues", stage, "--concurrency", "1")
            for stage in ("deduplicate", "summarize", "tag")
        ],
        "sink": [
            start("sink", volumes={DATA: volume}, FANMILL_STORE_URL=sqlite),
            start("sink", volumes={DATA: sockets}, FANMILL_STORE_URL=database),
        ],
    }
    local = "127.0.0.1"
    metrics = start("metrics", "--host", local, "--port", str(metrics_port))
    console = start(
        *("console", "--host", local, "--port", str(console_port)),
        volumes={DATA: volume},
        FANMILL_STORE_URL=sqlite,
    )
    for container in chain.from_iterable(beating.values()):
        until(lambda: ready(container), 300, lambda: container.log)  # noqa: B023
        assert container.run("fanmill", "health", "live").returncode == 0
    for container, port in ((metrics, metrics_port), (console, console_port)):
        for path in ("/healthz", "/readyz"):
            until(lambda: answers(container, port, path), 120)  # noqa: B023

    publish(server)
    count = lines_of(SAMPLE)

    def stored(sink: Container) -> bool:
        told = sink.run("fanmill", "store", "info", "--json")
        assert told.returncode == 0, told.stderr
        return bool(json.loads(told.stdout)["records"] == count)

    for sink in beating["sink"]:
        until(lambda: stored(sink), 300, lambda: sink.log)  # noqa: B023
    assert f"fanmill_completed_documents_total {count}" in answers(
        metrics, metrics_port, "/metrics"
    )
    assert "<title>" in answers(console, console_port, "/")
    for role, containers in {**beating, "metrics": [metrics], "console": [console]}.items():
        for container in containers:
            assert container.stop(grace_seconds(role)) == 0, container.log


def test_a_corpus_is_back_filled_and_merged_in_the_image(
    start: Starting, server: str, volume: Path
) -> None:
    """Parquet in and out, and a merge whose index goes to the server of the service."""
    shutil.copy(SAMPLE, volume)
    done = start("backfill", f"{DATA}/{SAMPLE.name}", f"{DATA}/out", volumes={DATA: volume})
    assert done.wait(600) == 0, done.log
    done = start(
        "index", "merge", f"{DATA}/out", "--out", f"{DATA}/merged", "--load", "--json",
        volumes={DATA: volume},
    )  # fmt: skip
    assert done.wait(600) == 0, done.log
    told = json.loads(done.log.splitlines()[-1])
    assert (told["documents"], told["records"]) == (lines_of(SAMPLE), lines_of(SAMPLE))
    assert told["loaded"] > 0
