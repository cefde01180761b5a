"""The manifests of `deploy/kubernetes` render, are valid, and agree with the code."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from kubernetes_validate import latest_version, validate

from fanmill.cli.commands.service.metrics import DEFAULT_PORT
from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP
from fanmill_contracts import StreamNames
from kubernetes_manifests import MANIFESTS, OVERLAYS, of_kind, pods, rendered
from linters import run, tool


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_all_objects_are_valid_in_the_schemas_of_kubernetes_and_keda(overlay: str) -> None:
    for each in rendered(overlay):
        if each["apiVersion"].startswith("keda.sh/"):
            schema = Path(__file__).parent / "keda" / f"{each['kind'].lower()}s.schema.json"
            Draft7Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(each)
        else:
            validate(each, latest_version(), strict=True)


def test_a_wrong_object_of_keda_is_refused() -> None:
    """Unlike the schema of the server, the copy here refuses unknown members."""
    (wrong,) = (
        each
        for each in rendered("small")
        if each["metadata"]["name"] == "fanmill-worker" and each["kind"] == "ScaledObject"
    )
    schema = Path(__file__).parent / "keda" / "scaledobjects.schema.json"
    validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    misspelt = {**wrong, "spec": {**wrong["spec"], "cooldownPeriods": 1}}
    assert list(validator.iter_errors(misspelt))
    assert not list(validator.iter_errors(wrong))


def test_the_files_are_clean_under_yamllint() -> None:
    run(
        tool("yamllint"),
        "--strict",
        "-c",
        Path(__file__).parent / "yamllint.yaml",
        MANIFESTS.parent,
    )


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_runs_with_least_rights(overlay: str) -> None:
    for name, template in pods(overlay).items():
        pod = template["spec"]
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False, name
            assert rights["readOnlyRootFilesystem"] is True, name
            assert rights["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}, name
            assert "memory" in container["resources"]["limits"], name
            assert container["livenessProbe"], name
            assert container["readinessProbe"], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_user_of_the_processes_is_the_user_of_the_image(overlay: str, deploy: Path) -> None:
    image = (deploy / "Dockerfile").read_text(encoding="utf-8")
    user = re.findall(r"^USER (\d+):(\d+)$", image, re.MULTILINE)
    for name, template in pods(overlay).items():
        if "redis" not in name:
            context = template["spec"]["securityContext"]
            assert (str(context["runAsUser"]), str(context["runAsGroup"])) == user[-1], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_process_names_settings_that_exist(overlay: str) -> None:
    for name, template in pods(overlay).items():
        for container in template["spec"]["containers"]:
            names = [each["name"] for each in container.get("env", [])]
            ours = [each for each in names if each.startswith("FANMILL_")]
            assert {each.removeprefix("FANMILL_").lower() for each in ours} <= set(
                Settings.model_fields
            ), name
    for each in of_kind(overlay, "ConfigMap"):
        if "settings" in each["metadata"]["name"]:
            values = {
                name.removeprefix("FANMILL_").lower(): value for name, value in each["data"].items()
            }
            assert set(values) <= set(Settings.model_fields)
            Settings(**values)


def test_the_base_gives_the_defaults_of_the_code() -> None:
    lines = (MANIFESTS / "base" / "settings.env").read_text(encoding="utf-8").splitlines()
    for line in lines:
        name, _, value = line.removeprefix("FANMILL_").lower().partition("=")
        if name == "log_format":
            continue
        given = Settings(**{name: value}).model_dump()[name]
        assert given == Settings.model_fields[name].default, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_process_has_time_to_stop(overlay: str) -> None:
    """A worker ends within the time limit of its batch and a moment for Celery."""
    limit = Settings.model_fields["task_time_limit_seconds"].default
    for name, template in pods(overlay).items():
        if "worker" in name:
            assert template["spec"]["terminationGracePeriodSeconds"] >= limit + 20


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_ports_and_probes_are_those_of_the_code(overlay: str) -> None:
    for name, template in pods(overlay).items():
        (container,) = template["spec"]["containers"]
        probe = container["livenessProbe"]
        if "exec" in probe and "redis" not in name:
            assert probe["exec"]["command"] == ["fanmill", "health", "live"]
            assert container["readinessProbe"]["exec"]["command"] == ["fanmill", "health", "ready"]
        if "metrics" in name:
            assert [port["containerPort"] for port in container["ports"]] == [DEFAULT_PORT]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_name_that_an_object_refers_to_is_there(overlay: str) -> None:
    names = {(each["kind"], each["metadata"]["name"]) for each in rendered(overlay)}
    for each in rendered(overlay):
        if each["kind"] == "ScaledObject":
            assert ("Deployment", each["spec"]["scaleTargetRef"]["name"]) in names
            for trigger in each["spec"]["triggers"]:
                if reference := trigger.get("authenticationRef"):
                    assert ("TriggerAuthentication", reference["name"]) in names
                if url := trigger["metadata"].get("url"):
                    host = re.fullmatch(rf"http://([a-z0-9-]+):{DEFAULT_PORT}/metrics", url)
                    assert host, url
                    assert ("Service", host[1]) in names
        template = each["spec"].get("template") if "spec" in each else None
        if template and (account := template["spec"].get("serviceAccountName")):
            assert ("ServiceAccount", account) in names


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_autoscaling_reads_metrics_and_streams_that_exist(overlay: str) -> None:
    known = {f"fanmill_{metric.name}" for metric in CATALOGUE}
    for each in of_kind(overlay, "ScaledObject"):
        for trigger in each["spec"]["triggers"]:
            metadata = trigger["metadata"]
            if trigger["type"] == "metrics-api":
                assert metadata["valueLocation"] in known
            else:
                assert metadata["stream"] == StreamNames().ingested
                assert metadata["consumerGroup"] == GROUP


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_selector_matches_the_pods_of_another_workload(overlay: str) -> None:
    """Two Deployments with overlapping selectors would fight over their pods."""
    found = of_kind(overlay, "Deployment", "StatefulSet")
    for one in found:
        wanted = one["spec"]["selector"]["matchLabels"].items()
        matched = [
            other["metadata"]["name"]
            for other in found
            if wanted <= other["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert matched == [one["metadata"]["name"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_service_leads_to_one_workload(overlay: str) -> None:
    for service in of_kind(overlay, "Service"):
        wanted = service["spec"]["selector"].items()
        matched = [
            n for n, pod in pods(overlay).items() if wanted <= pod["metadata"]["labels"].items()
        ]
        assert matched == [service["metadata"]["name"]]


def test_the_configuration_of_redis_is_the_tested_one(deploy: Path) -> None:
    copy = MANIFESTS / "components" / "redis" / "redis.conf"
    assert copy.read_text("utf-8") == (deploy / "redis" / "redis.conf").read_text("utf-8")
