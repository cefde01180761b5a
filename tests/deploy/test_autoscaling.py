"""The settings of the autoscaler, by simulation: they do not swing, and the oldest age holds."""

from functools import cache
from math import sin

import pytest

from bench.scaling.autoscaling import Autoscaler, Load, Outcome, Policy, simulate
from fanmill.settings import Settings
from kubernetes_manifests import of_kind

HOUR = 3600
TARGET = float(Settings.model_fields["target_age_seconds"].default)


@cache
def settings_of(overlay: str) -> Autoscaler:
    """Return the settings of the workers' ScaledObject in an overlay."""
    (found,) = (
        each["spec"]
        for each in of_kind(overlay, "ScaledObject")
        if each["metadata"]["name"] == "fanmill-worker"
    )
    behaviour = found["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]

    def policies(direction: str) -> tuple[Policy, ...]:
        return tuple(
            Policy(each["type"], each["value"], each["periodSeconds"])
            for each in behaviour[direction]["policies"]
        )

    return Autoscaler(
        minimum=found["minReplicaCount"],
        maximum=found["maxReplicaCount"],
        polling=found["pollingInterval"],
        cooldown=found["cooldownPeriod"],
        up=policies("scaleUp"),
        down=policies("scaleDown"),
        down_window=behaviour["scaleDown"]["stabilizationWindowSeconds"],
        target=float(found["triggers"][0]["metadata"]["targetValue"]),
    )


def course(load: Load, overlay: str = "production") -> Outcome:
    return simulate(load, settings_of(overlay))


@pytest.mark.parametrize("per_second", [300, 2000, 9000])
def test_a_steady_load_changes_nothing_after_the_start(per_second: int) -> None:
    found = course(Load(lambda _: per_second, 2 * HOUR))
    assert len(set(found.wanted[HOUR // 2 :])) == 1
    assert max(found.oldest[HOUR // 2 :]) < TARGET


def test_a_burst_of_three_times_the_load_is_worked_off_within_the_target_age() -> None:
    found = course(Load(lambda now: 3000 if HOUR // 2 <= now < HOUR // 2 + 600 else 1000, 2 * HOUR))
    assert max(found.oldest) <= TARGET
    assert found.reversals(1200) <= 1


def test_a_burst_of_ten_times_the_load_exceeds_the_target_age_only_while_workers_start() -> None:
    found = course(Load(lambda now: 5000 if HOUR // 2 <= now < HOUR // 2 + 600 else 500, 2 * HOUR))
    assert max(found.oldest) <= 2 * TARGET
    assert found.seconds_above(TARGET) <= 150
    assert found.reversals(1200) <= 1


def test_bursts_every_ten_minutes_keep_their_workers() -> None:
    found = course(Load(lambda now: 3000 if (now // 300) % 2 else 300, 4 * HOUR))
    assert found.reversals(1200) == 0
    assert max(found.oldest[1200:]) < TARGET


def test_a_slow_wave_is_followed_up_and_down_once_each() -> None:
    found = course(Load(lambda now: 1500 + 1400 * sin(now / 600), 4 * HOUR))
    waves = 4 * HOUR / (2 * 3.1416 * 600)
    assert found.reversals() <= 2 * waves
    assert max(found.oldest) < TARGET


def test_half_of_the_workers_may_die_at_once() -> None:
    found = course(Load(lambda _: 2000, 2 * HOUR, losses=((HOUR, 0.5),)))
    assert min(found.ready[HOUR : HOUR + 5]) < found.ready[HOUR - 1]
    assert max(found.oldest[HOUR:]) < TARGET
    assert found.ready[-1] == found.ready[HOUR - 1]


def test_pods_that_start_slowly_cost_time_but_no_swinging() -> None:
    load = Load(
        lambda now: 3000 if HOUR // 2 <= now < HOUR // 2 + 600 else 1000,
        2 * HOUR,
        start_seconds=120,
    )
    found = course(load)
    assert max(found.oldest) <= 2 * TARGET
    assert found.reversals(1200) <= 1


def test_a_backlog_wakes_the_workers_from_zero_and_lets_them_sleep_again() -> None:
    found = course(Load(lambda now: 100_000 if now == 600 else 0, 2 * HOUR), "small")
    assert found.wanted[599] == 0
    assert found.waiting[-1] == 0
    assert max(found.oldest) <= 2 * TARGET
    assert found.wanted[-1] == 0
    assert found.reversals() == 1


def test_single_documents_do_not_start_and_stop_a_worker_each() -> None:
    found = course(Load(lambda _: 0.01, 2 * HOUR), "small")
    assert found.reversals() <= 2
    assert max(found.oldest[120:]) < TARGET
