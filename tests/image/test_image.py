"""The image, built step by step in a Debian root and run in every role. Needs root and debootstrap.

`make test-image` runs these tests. A build by Docker differs in its base: Python 3.13 of the
official image instead of Debian's.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fanmill.local.server import EmbeddedServer
from image.container import Container
from image.dockerfile import Stage, build
from polling import until

pytestmark = pytest.mark.image

PROJECT = Path(__file__).parents[2]
RELEASE = "bookworm"

Starting = Callable[..., Container]


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The last stage of the Dockerfile."""
    work = tmp_path_factory.mktemp("image")
    base = work / "base"
    include = "--include=python3,python3-venv,ca-certificates"
    subprocess.run(
        ["debootstrap", "--variant=minbase", include, RELEASE, base],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    # Names and certificates of this machine: behind a proxy the build needs them, too.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", base / "etc/ssl/certs/ca-certificates.crt")
    shutil.copy("/etc/resolv.conf", base / "etc/resolv.conf")
    if Path("/etc/pip.conf").exists():
        shutil.copy("/etc/pip.conf", base / "etc/pip.conf")
    subprocess.run(
        ["chroot", base, "python3", "-m", "venv", "/usr/local"],
        check=True,
        env={"PATH": "/usr/sbin:/usr/bin:/bin"},
    )
    yield build(PROJECT, base, work)
    shutil.rmtree(work, ignore_errors=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an embedded server."""
    with EmbeddedServer(tmp_path_factory.mktemp("server"), durable=False) as running:
        yield running.url


@pytest.fixture
def start(image: Stage, server: str, tmp_path: Path) -> Iterator[Starting]:
    """Start a role of the image; what still runs at the end is stopped."""
    with ExitStack() as running:

        def starting(*arguments: str, **environment: str) -> Container:
            log = tmp_path / f"{arguments[0]}.log"
            container = Container(
                image, arguments, {"FANMILL_REDIS_URL": server, **environment}, log
            )
            running.callback(container.stop)
            return container

        yield starting


def ready(container: Container) -> bool:
    """Tell whether the probe of the image succeeds; a process that ended is a failure."""
    assert container.ended is None, container.log
    return container.run("fanmill", "health", "ready").returncode == 0


def test_the_image_holds_no_source_and_no_tool_of_the_build(image: Stage) -> None:
    assert not (image.root / "src").exists()
    assert not (image.root / "dist").exists()
    assert (image.root / "usr/bin/tini").exists()
    assert not list((image.root / "var/lib/apt/lists").iterdir())


def test_the_process_cannot_write_to_its_root(start: Starting) -> None:
    container = start("intake")
    until(lambda: ready(container), 60)
    assert container.run("touch", "/usr/local/x").returncode != 0
    assert container.run("touch", "/tmp/x").returncode == 0  # noqa: S108
    assert container.run("id", "-u").stdout.strip() == "10001"


def test_documents_pass_through_the_roles_of_the_image(
    start: Starting, server: str, tmp_path: Path
) -> None:
    intake, worker = start("intake"), start("worker", "--concurrency", "1")
    until(lambda: ready(intake) and ready(worker), 60)
    sample = PROJECT / "deploy" / "samples" / "news.jsonl"
    environment = {**os.environ, "FANMILL_REDIS_URL": server}
    published = subprocess.run(
        [sys.executable, "-m", "fanmill", "publish", str(sample)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert published.returncode == 0, published.stderr
    lines = len(sample.read_text(encoding="utf-8").splitlines())

    def completed() -> bool:
        told = json.loads(intake.run("fanmill", "status", "--json").stdout)
        return bool(told["results"] == lines)

    until(completed, 60)
    assert worker.stop() == 0, worker.log
    assert intake.stop() == 0, intake.log
