"""The manifests of `deploy/kubernetes`, rendered by kubectl."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from linters import run, tool

MANIFESTS = Path(__file__).parents[1] / "deploy" / "kubernetes"
OVERLAYS = sorted(path.name for path in (MANIFESTS / "overlays").iterdir())

Manifest = dict[str, Any]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """Return the objects of an overlay as `kubectl apply --kustomize` would send them."""
    written = run(tool("kubectl"), "kustomize", MANIFESTS / "overlays" / overlay)
    return tuple(yaml.safe_load_all(written))


def of_kind(overlay: str, *kinds: str) -> list[Manifest]:
    """Return the objects of these kinds; there must be some."""
    found = [each for each in rendered(overlay) if each["kind"] in kinds]
    assert found
    return found


def pods(overlay: str) -> dict[str, Manifest]:
    """Return the pod templates of an overlay by the name of their Deployment or StatefulSet."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]
        for each in of_kind(overlay, "Deployment", "StatefulSet")
    }
