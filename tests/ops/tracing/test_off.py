"""Without the switch nothing of OpenTelemetry is loaded, and nothing of it is needed."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from importlib.abc import MetaPathFinder

class NotInstalled(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(f"{name} is not installed", name=name)

if sys.argv[1] == "without":
    sys.meta_path.insert(0, NotInstalled())
import fanmill.intake_process
import fanmill.metrics_process
import fanmill.worker_process
from fanmill.settings import Settings
from fanmill.wiring import Wiring

tracing = Wiring(Settings()).tracing("intake")
names = {"opentelemetry.sdk.trace", "opentelemetry.exporter", "fanmill.ops.tracing"}
loaded = names & {*sys.modules}
print(type(tracing).__name__, sorted(loaded))
"""


@pytest.mark.parametrize(
    ("installed", "variables"),
    [
        ("without", {}),
        ("with", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}),
        ("with", {"FANMILL_OTEL_ENABLED": "true", "OTEL_SDK_DISABLED": "true"}),
    ],
)
def test_processes_load_nothing_of_it(installed: str, variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, installed],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "NoTracing []\n", done.stderr
