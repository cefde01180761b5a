"""Traces of real processes: a publisher, an intake and the children of a worker, over HTTP."""

import os
import subprocess
import sys
from pathlib import Path

from redis import Redis

from fanmill.local.server import EmbeddedServer
from fork_server import run
from otlp_receiver import collector
from polling import until

from .process import free_port
from .service import Service

LETTER = "The ferry leaves at eight. It carries forty people, two carts and a goat."
ALL = ["commit", "commit", "commit", "deduplicate", "intake", "publish", "summarize", "tag"]


def publish(service: Service, folder: Path) -> str:
    """Publish a letter as `fanmill publish` does; return what it said."""
    (folder / "letter.txt").write_text(LETTER)
    command = [sys.executable, "-m", "fanmill", "publish", "letter.txt"]
    done = run(
        command, cwd=folder, env=service.environment, capture_output=True, text=True, check=True
    )
    return done.stderr


def test_all_processes_send_their_spans_of_one_trace_before_they_end(
    server: EmbeddedServer, redis: Redis, namespace: str, tmp_path: Path
) -> None:
    with collector() as otlp:
        settings = {
            "FANMILL_NAMESPACE": namespace,
            **otlp.environment,
            # Later than the test: what arrives was sent at the end of a process.
            "OTEL_BSP_SCHEDULE_DELAY": "600000",
            "OTEL_SERVICE_NAME": "mill-of-a-test",
        }
        with Service(server.url, tmp_path, settings) as service:
            service.await_ready(redis)
            publish(service, tmp_path)
            service.await_completed(redis, 1, 60)
            assert [process["fanmill.role"] for process, _ in otlp.spans] == ["publish"]
            ends = service.terminate()
            assert {role: code for role, (code, _) in ends.items()} == {"intake": 0, "worker": 0}
        until(lambda: len(otlp.spans) == len(ALL), 60, lambda: f"{otlp.spans}\n{service.logs()}")
    assert sorted(span.name for _, span in otlp.spans) == ALL
    assert len({span.trace_id for _, span in otlp.spans}) == 1
    assert {process["service.name"] for process, _ in otlp.spans} == {"mill-of-a-test"}
    assert {process["fanmill.role"] for process, _ in otlp.spans} == {"publish", "intake", "worker"}
    parents = {span.span_id: span.name for _, span in otlp.spans}
    assert sorted(parents.get(span.parent_span_id, "") for _, span in otlp.spans) == [
        "", "deduplicate", "intake", "intake", "intake", "publish", "summarize", "tag",
    ]  # fmt: skip


def test_a_collector_that_is_away_delays_neither_documents_nor_the_stop(
    server: EmbeddedServer, redis: Redis, namespace: str, tmp_path: Path
) -> None:
    settings = {
        "FANMILL_NAMESPACE": namespace,
        "FANMILL_OTEL_ENABLED": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with Service(server.url, tmp_path, settings) as service:
        service.await_ready(redis)
        service.publish(redis, range(20))
        service.await_completed(redis, 20, 60)
        ends = service.terminate()
    assert {role: code for role, (code, _) in ends.items()} == {"intake": 0, "worker": 0}
    assert LETTER not in service.logs()


def test_the_switch_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-m", "fanmill", "config"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "FANMILL_OTEL_ENABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'fanmill[otel]'" in done.stderr
