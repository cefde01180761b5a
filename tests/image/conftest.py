"""Tests of the image take minutes, root and debootstrap: they run when asked for by their mark."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fanmill.local.server import EmbeddedServer
from image.container import Container
from image.dockerfile import Stage, build

PROJECT = Path(__file__).parents[2]
RELEASE = "bookworm"

Starting = Callable[..., Container]


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of this folder."""
    config.addinivalue_line("markers", "image: builds the image; run with make test-image")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests out unless they are asked for."""
    if "image" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("image"):
            item.add_marker(pytest.mark.skip(reason="builds the image; run with make test-image"))


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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of an embedded server."""
    with EmbeddedServer(tmp_path / "server", durable=False) as running:
        yield running.url


@pytest.fixture
def start(image: Stage, server: str, tmp_path: Path) -> Iterator[Starting]:
    """Start a role of the image; what still runs at the end is stopped."""
    with ExitStack() as running:
        number = 0

        def starting(
            *arguments: str, volumes: dict[str, Path] | None = None, **environment: str
        ) -> Container:
            nonlocal number
            number += 1
            container = Container(
                image,
                arguments,
                {"FANMILL_REDIS_URL": server, **environment},
                tmp_path / f"{number}-{arguments[0]}.log",
                volumes or {},
            )
            running.callback(container.stop)
            return container

        yield starting
