"""The files of `deploy/` are valid, agree with the code, and pin what pyproject.toml asks for."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import which
from typing import Any

import psutil
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from redis import Redis
from redis.exceptions import RedisError

from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import limits
from linters import run, tool
from polling import until

PROJECT = Path(__file__).parents[2]


def variables(text: str) -> set[str]:
    """Return the names of all settings that a text mentions, without their prefix."""
    return {name.lower() for name in re.findall(r"\bFANMILL_([A-Z][A-Z_]*[A-Z])\b", text)}


def pins(deploy: Path) -> dict[str, str]:
    lines = (deploy / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines}


def test_the_image_is_clean_under_hadolint(deploy: Path) -> None:
    run(tool("hadolint"), deploy / "Dockerfile")


def test_the_image_does_not_run_as_root_and_serves_every_role(deploy: Path) -> None:
    last_stage = (deploy / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last_stage, re.MULTILINE)
    assert 'ENTRYPOINT ["/usr/bin/tini", "--", "fanmill"]' in last_stage
    assert "--no-install-recommends tini" in last_stage
    assert "HEALTHCHECK" in last_stage


def test_the_image_copies_only_what_is_there(deploy: Path) -> None:
    text = (deploy / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?:--\S+ )*(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (PROJECT / source).exists(), source


def test_compose_follows_its_schema(deploy: Path) -> None:
    run(
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        deploy / "compose.yaml",
    )


def test_compose_names_only_settings_that_exist(deploy: Path) -> None:
    text = (deploy / "compose.yaml").read_text(encoding="utf-8")
    set_there = set(re.findall(r"^\s+FANMILL_([A-Z_]+): ", text, re.MULTILINE))
    assert set_there
    assert {name.lower() for name in set_there} <= set(Settings.model_fields)


def test_compose_gives_the_defaults_of_the_code(deploy: Path) -> None:
    text = (deploy / "compose.yaml").read_text(encoding="utf-8")
    defaults = re.findall(r"FANMILL_([A-Z_]+): \$\{FANMILL_\1:-([^}]*)\}", text)
    assert defaults
    for name, value in defaults:
        if name in {"REDIS_URL", "STORE_URL"}:
            continue
        field = Settings.model_fields[name.lower()]
        assert Settings(**{name.lower(): value}).model_dump()[name.lower()] == field.default, name


def test_the_run_book_names_only_settings_that_exist(deploy: Path) -> None:
    """Variables of compose.yaml itself (ports, image names) count as known."""
    compose = variables((deploy / "compose.yaml").read_text(encoding="utf-8"))
    named = variables((deploy / "README.md").read_text(encoding="utf-8"))
    assert named - set(Settings.model_fields) - compose == set()
    assert len(named) > 10


def test_the_semantics_table_says_by_which_setting_and_none_is_made_up(deploy: Path) -> None:
    text = (deploy / "README.md").read_text(encoding="utf-8")
    table = text.partition("## What happens if")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| **")]
    assert len(rows) >= 12
    assert variables(table) <= set(Settings.model_fields)
    assert {
        "redeliver_after_seconds",
        "task_time_limit_seconds",
        "max_deliveries",
        "max_in_flight",
        "idempotency_window_days",
    } <= variables(table)


def test_the_run_book_gives_the_defaults_of_the_code(deploy: Path) -> None:
    text = (deploy / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `FANMILL_([A-Z_]+)` \| `([^`]*)` \|", text, re.MULTILINE)
    assert rows
    for name, value in rows:
        field = Settings.model_fields[name.lower()]
        assert Settings(**{name.lower(): value}).model_dump()[name.lower()] == field.default, name


def test_redis_conf_keeps_everything_and_evicts_nothing(tmp_path: Path, serving: Any) -> None:
    with serving(tmp_path) as port, Redis(port=port, decode_responses=True) as redis:
        assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert redis.config_get("appendfsync") == {"appendfsync": "everysec"}
        info: Any = redis.info()
        assert info["aof_enabled"] == 1
        assert info["maxmemory"] > 0
        redis.set("kept", "yes")
        # The largest event passes; a string above the limit does not.
        largest = int(redis.config_get("proto-max-bulk-len")["proto-max-bulk-len"])
        assert limits.MAX_EVENT_BYTES < largest <= 16 * limits.MIB
        redis.xadd("stream", {"event": "x" * limits.MAX_EVENT_BYTES})
        with pytest.raises(RedisError):
            redis.xadd("stream", {"event": "x" * (largest + 1)})
    with serving(tmp_path) as port, Redis(port=port, decode_responses=True) as redis:
        assert redis.get("kept") == "yes"


def test_the_health_check_knows_whether_a_process_of_this_host_is_there(
    tmp_path: Path, deploy: Path, serving: Any
) -> None:
    with serving(tmp_path) as port:
        url = f"redis://127.0.0.1:{port}/0"
        environment = {**os.environ, "FANMILL_REDIS_URL": url}

        def code() -> int:
            command = [sys.executable, "-m", "fanmill", "health", "ready"]
            return subprocess.run(command, env=environment, capture_output=True).returncode  # noqa: PLW1510

        assert code() == 1
        heartbeat = Wiring(Settings(redis_url=url)).heartbeat("intake")
        heartbeat.beat()
        assert code() == 0
        heartbeat.stop()
        assert code() == 1
    assert code() == 1


def namespaces_or_skip(*options: str) -> list[str]:
    """Return the command that starts a program in namespaces of its own, as a container does."""
    command = ["unshare", *options]
    if which("unshare") is None or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("namespaces are not available here")
    return command


def test_the_health_check_of_another_container_of_this_host_name_fails(
    tmp_path: Path, deploy: Path, serving: Any
) -> None:
    other = namespaces_or_skip("--mount")
    with serving(tmp_path) as port:
        url = f"redis://127.0.0.1:{port}/0"
        environment = {**os.environ, "FANMILL_REDIS_URL": url}
        heartbeat = Wiring(Settings(redis_url=url)).heartbeat("intake")
        heartbeat.beat()
        check = [sys.executable, "-m", "fanmill", "health", "ready"]
        assert subprocess.run(check, env=environment, check=False).returncode == 0
        done = subprocess.run(
            [*other, *check], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "no intake, worker or sink of this container" in done.stderr
        heartbeat.stop()


def test_a_first_process_obeys_sigterm_while_it_starts(tmp_path: Path) -> None:
    first = namespaces_or_skip("--pid", "--fork", "--mount-proc", "--kill-child")
    environment = {**os.environ, "FANMILL_REDIS_URL": f"unix://{tmp_path}/none"}
    with subprocess.Popen(
        [*first, sys.executable, "-m", "fanmill", "intake"],
        env=environment, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        (inner,) = until(lambda: psutil.Process(process.pid).children())
        until(lambda: handles_sigterm(inner.pid))
        inner.terminate()
        process.wait(20)
    # An intake that has loaded its modules ends with 0.
    assert process.returncode == 143


def handles_sigterm(pid: int) -> bool:
    """Return whether a process has a handler of SIGTERM; the kernel drops it for a first one."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (caught,) = re.findall(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_constraints_are_names_and_versions_and_nothing_else(deploy: Path) -> None:
    lines = (deploy / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines), key=str.lower)
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==(?:[0-9]+!)?[0-9][A-Za-z0-9.]*", line), (
            line
        )
    assert "fanmill" not in pins(deploy)


def test_constraints_pin_all_that_the_project_asks_for(deploy: Path) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *(one for group in project["dependency-groups"].values() for one in group),
    ]
    pinned = pins(deploy)
    for text in asked:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if name == "fanmill":
            continue
        assert name in pinned, f"{requirement.name} is not in deploy/constraints.txt"
        assert requirement.specifier.contains(Version(pinned[name])), text
