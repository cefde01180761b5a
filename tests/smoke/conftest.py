"""Fixtures of the smoke tests: pytest-celery's, with local processes for containers.

fanmill has one server and no result backend: the broker's node is that server,
the backend's cluster is none.
"""

import os
import socket
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import Celery
from pytest_celery import (
    REDIS_CONTAINER_TIMEOUT,
    CeleryBrokerCluster,
    CeleryTestSetup,
    CeleryWorkerCluster,
    RedisContainer,
    RedisTestBroker,
)
from pytest_docker_tools import container, fxtr

from fanmill.stores.postgresql import PostgresqlStore
from postgres_server import PostgresServer, own_server

from .mill import Mill
from .nodes import LocalRedisContainer, LocalWorker, LocalWorkerContainer
from .plan import MillSetup, Plan
from .process import LOOPBACK, free_port


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--docker`; known when pytest is given this folder or a file in it."""
    parser.addoption(
        "--docker",
        action="store_true",
        default=False,
        help="smoke tests: run the server as pytest-celery's stock container",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks of this folder."""
    config.addinivalue_line(
        "markers",
        "mill(workers, intakes, sinks, store, concurrency, app, queues, appendfsync, from_zero, "
        "**settings): what it runs",
    )
    config.addinivalue_line(
        "markers", "soak: minutes of random kills; run with -m soak, FANMILL_SOAK_ROUNDS=n"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect soak tests unless they are asked for by their mark."""
    if "soak" in config.option.markexpr:
        return
    soak = [item for item in items if item.get_closest_marker("soak")]
    if soak:
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if item not in soak]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add to a failure the logs of nodes that pytest-celery does not know and show."""
    report: Any = yield
    mill = getattr(item, "funcargs", {}).get("mill")
    if report.when == "call" and report.failed and isinstance(mill, Mill):
        for node in (*mill.intakes, *mill.sinks, *mill.workers[1:]):
            report.sections.append((f"log of {node.name()}", node.logs()[-6000:]))
    return report


@pytest.fixture(scope="session")
def with_docker(request: pytest.FixtureRequest) -> bool:
    """Whether containers are requested; skips the test if no daemon answers."""
    if not request.config.getoption("--docker", default=False):
        return False
    # Docker's own client leaves its socket open when nobody answers.
    host = urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    family = socket.AF_UNIX if host.scheme == "unix" else socket.AF_INET
    address = host.path if host.scheme == "unix" else (host.hostname, host.port or 2375)
    try:
        with socket.socket(family) as probe:
            probe.connect(address)
    except OSError as error:
        pytest.skip(f"--docker: no Docker daemon answers at {host.geturl()} ({error})")
    return True


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Plan:
    """Plan that the mark of the test requests."""
    marker = request.node.get_closest_marker("mill")
    wanted = dict(marker.kwargs) if marker else {}
    names = {one.name for one in fields(Plan)} - {"settings"}
    own = {name: wanted.pop(name) for name in names & wanted.keys()}
    if own.get("store") == "postgresql":
        wanted["store_url"] = request.getfixturevalue("postgresql_url")
    if own.get("store") == "postgresql-of-its-own":
        wanted["store_url"] = request.getfixturevalue("database").url()
    return Plan(**own, settings=wanted)


@pytest.fixture
def database() -> Iterator[PostgresServer]:
    """A PostgreSQL server that a test kills, with the tables of a store."""
    with own_server(durable=True) as server:
        store = PostgresqlStore(server.url())
        store.migrate()
        store.close()
        yield server


# -- the server

stock_server = container(
    image="{default_redis_broker_image}",
    ports=fxtr("stock_server_ports"),
    network="{default_pytest_celery_network.name}",
    wrapper_class=RedisContainer,
    timeout=REDIS_CONTAINER_TIMEOUT,
    command=fxtr("stock_server_command"),
)


@pytest.fixture
def stock_server_ports() -> dict[str, tuple[str, int]]:
    """A fixed port on loopback: the server keeps it when it is started again."""
    return {"6379/tcp": (LOOPBACK, free_port())}


@pytest.fixture
def stock_server_command(plan: Plan) -> list[str]:
    """The stock command with an append-only file."""
    command = RedisContainer.command("--appendfsync", plan.appendfsync)
    command[command.index("--appendonly") + 1] = "yes"
    return command


@pytest.fixture
def default_redis_broker(
    with_docker: bool, request: pytest.FixtureRequest, plan: Plan, tmp_path: Path
) -> Iterator[RedisContainer]:
    """The server: a local process, or with `--docker` the stock container."""
    if with_docker:
        yield request.getfixturevalue("stock_server")
        return
    server = LocalRedisContainer.spawn(tmp_path, appendfsync=plan.appendfsync)
    yield server
    server.teardown()


@pytest.fixture
def default_redis_backend(default_redis_broker: RedisContainer) -> RedisContainer:
    """The same server, for fixtures that ask; fanmill itself stores no Celery results."""
    return default_redis_broker


@pytest.fixture
def celery_broker_cluster(celery_redis_broker: RedisTestBroker) -> CeleryBrokerCluster:
    """The one server; pytest-celery's default would run each test on RabbitMQ too."""
    return CeleryBrokerCluster(celery_redis_broker)


@pytest.fixture
def celery_backend_cluster() -> None:
    """No result backend."""
    return


# -- the workers


@pytest.fixture
def default_worker_container_cls() -> type[LocalWorkerContainer]:
    """Workers are local processes."""
    return LocalWorkerContainer


@pytest.fixture
def default_worker_cls() -> type[LocalWorker]:
    """And so are their nodes."""
    return LocalWorker


@pytest.fixture
def default_worker_env(
    plan: Plan, celery_redis_broker: RedisTestBroker, tmp_path: Path
) -> dict[str, str]:
    """The settings of every process of the test, as variables."""
    return plan.environment(celery_redis_broker.config()["host_url"], tmp_path)


@pytest.fixture
def worker_containers(
    plan: Plan,
    default_worker_container_cls: type[LocalWorkerContainer],
    default_worker_env: dict[str, str],
    tmp_path: Path,
) -> Iterator[list[LocalWorkerContainer]]:
    """All workers of the plan, started and not yet ready."""
    started: list[LocalWorkerContainer] = []
    for number in range(1, plan.workers + 1):
        name = f"worker-{number}"
        command = default_worker_container_cls.command(
            *plan.queues[number - 1 : number], app=plan.app, name=name, concurrency=plan.concurrency
        )
        started.append(
            default_worker_container_cls.spawn(name, command, tmp_path, default_worker_env)
        )
    yield started
    for worker in started:
        worker.teardown()


@pytest.fixture
def default_worker_container(
    worker_containers: list[LocalWorkerContainer],
) -> LocalWorkerContainer:
    """The first worker."""
    return worker_containers[0]


@pytest.fixture
def default_worker_app(celery_setup_app: Celery) -> Celery:
    """fanmill's own app: `MillSetup` builds it."""
    return celery_setup_app


@pytest.fixture
def celery_worker_cluster(
    celery_setup_worker: LocalWorker,
    worker_containers: list[LocalWorkerContainer],
    default_worker_cls: type[LocalWorker],
    default_worker_app: Celery,
) -> CeleryWorkerCluster:
    """All workers of the plan."""
    others = [default_worker_cls(other, default_worker_app) for other in worker_containers[1:]]
    return CeleryWorkerCluster(celery_setup_worker, *others)


# -- all together


@pytest.fixture
def celery_setup_cls() -> type[MillSetup]:
    """The set-up around fanmill's app."""
    return MillSetup


@pytest.fixture
def mill(
    plan: Plan, celery_setup: CeleryTestSetup, default_worker_env: dict[str, str], tmp_path: Path
) -> Iterator[Mill]:
    """Everything of the plan, running; ended when the test is, whatever its outcome."""
    made = Mill(plan, celery_setup, tmp_path, default_worker_env)
    try:
        made.start()
        yield made
    finally:
        made.close()
