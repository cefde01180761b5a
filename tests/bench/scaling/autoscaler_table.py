"""The table of the simulated autoscaler in `deploy/SCALING.md`."""

from collections.abc import Iterable
from math import sin
from pathlib import Path
from typing import Any, Final

import yaml

from bench.scaling.autoscaling import Autoscaler, Load, Policy, simulate

KUBERNETES: Final = Path(__file__).parents[3] / "deploy" / "kubernetes"
HOUR: Final = 3600
START_SECONDS: Final = 1200
"""Time until the number of pods fits the first load."""


def settings_of(overlay: str) -> Autoscaler:
    """Return the settings of the workers' ScaledObject in an overlay."""
    path = KUBERNETES / "components" / "keda" / "scaled-objects.yaml"
    (spec,) = (
        each["spec"]
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8"))
        if each["kind"] == "ScaledObject" and each["metadata"]["name"] == "fanmill-worker"
    )
    for name, value in _patches(overlay):
        spec[name] = value
    behaviour = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    up, down = (
        tuple(
            Policy(each["type"], each["value"], each["periodSeconds"])
            for each in behaviour[direction]["policies"]
        )
        for direction in ("scaleUp", "scaleDown")
    )
    return Autoscaler(
        minimum=spec["minReplicaCount"],
        maximum=spec["maxReplicaCount"],
        polling=spec["pollingInterval"],
        cooldown=spec["cooldownPeriod"],
        up=up,
        down=down,
        down_window=behaviour["scaleDown"]["stabilizationWindowSeconds"],
        target=float(spec["triggers"][0]["metadata"]["targetValue"]),
    )


def _patches(overlay: str) -> Iterable[tuple[str, Any]]:
    path = KUBERNETES / "overlays" / overlay / "kustomization.yaml"
    for patch in yaml.safe_load(path.read_text(encoding="utf-8")).get("patches", ()):
        if patch["target"] == {"kind": "ScaledObject", "name": "fanmill-worker"}:
            for change in yaml.safe_load(patch["patch"]):
                yield change["path"].removeprefix("/spec/"), change["value"]


def _burst(calm: float, high: float) -> Load:
    return Load(lambda now: high if HOUR // 2 <= now < HOUR // 2 + 600 else calm, 2 * HOUR)


LOADS: Final = (
    ("steady, 2,000/s", "production", Load(lambda _: 2000, 2 * HOUR)),
    ("1,000/s, ten minutes of 3,000/s", "production", _burst(1000, 3000)),
    ("500/s, ten minutes of 5,000/s", "production", _burst(500, 5000)),
    (
        "300/s and 3,000/s, five minutes each",
        "production",
        Load(lambda now: 3000 if (now // 300) % 2 else 300, 4 * HOUR),
    ),
    (
        "a wave of 100/s to 2,900/s in an hour",
        "production",
        Load(lambda now: 1500 + 1400 * sin(now / 600), 4 * HOUR),
    ),
    (
        "2,000/s, half of the workers die",
        "production",
        Load(lambda _: 2000, 2 * HOUR, losses=((HOUR, 0.5),)),
    ),
    (
        "nothing, then 100,000 at once, from zero",
        "small",
        Load(lambda now: 100_000 if now == 600 else 0, 2 * HOUR),
    ),
    ("one document in 100 s, from zero", "small", Load(lambda _: 0.01, 2 * HOUR)),
)


def autoscaler_part() -> str:
    """Return the outcomes of the simulated loads as Markdown."""
    lines = [
        "| load | settings | workers | oldest document, s | seconds above target age | turns |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for name, overlay, load in LOADS:
        found = simulate(load, settings_of(overlay))
        start = 0 if overlay == "small" else START_SECONDS
        wanted = found.wanted[start:]
        late = sum(age > load.target_age for age in found.oldest[start:])
        lines.append(
            f"| {name} | {overlay} | {min(wanted)} - {max(wanted)} "
            f"| {max(found.oldest[start:]):.0f} | {late} "
            f"| {found.reversals(start)} |"
        )
    return "\n".join(lines)
