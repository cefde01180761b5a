"""Simulation of workers under KEDA's autoscaler: bursts, lost workers, slow starts.

The autoscaler is the HorizontalPodAutoscaler's algorithm with the settings of
`deploy/kubernetes/components/keda`; the wanted number is the one `fanmill metrics` computes. Time
advances by a second. Documents are served first come, first served, at a constant cost.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, exp
from random import Random
from typing import Final

from fanmill.ops.metrics.derived import wanted_children, wanted_workers

SYNC_SECONDS: Final = 15
"""Period of the autoscaler's loop (`--horizontal-pod-autoscaler-sync-period`)."""
TOLERANCE: Final = 0.1
"""Relative difference below which it changes nothing."""
RATE_WINDOW_SECONDS: Final = 300
"""Window of the arrival rate in `fanmill metrics`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit of change: at most this many pods, or this percentage, per period."""

    kind: str
    value: int
    period: int

    def allowance(self, at_start_of_period: int) -> int:
        """Return the number of pods by which the number may change in a period."""
        if self.kind == "Pods":
            return self.value
        return ceil(at_start_of_period * self.value / 100)


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """Settings of a ScaledObject."""

    minimum: int
    maximum: int
    polling: int
    cooldown: int
    up: tuple[Policy, ...]
    down: tuple[Policy, ...]
    down_window: int
    target: float = 1.0
    """Value of the metric per pod."""


@dataclass(frozen=True, slots=True)
class Load:
    """Arrivals and their cost."""

    per_second: Callable[[int], float]
    """Mean arrivals per second at a time in seconds."""
    seconds: int
    cost: float = 0.005
    """Busy seconds of a child per document."""
    children: int = 2
    start_seconds: int = 45
    """From the decision to a pod that works: scheduling, image, import, first batch."""
    losses: tuple[tuple[int, float], ...] = ()
    """Times at which a share of the workers dies at once. Their pods start again."""
    target_age: float = 60.0
    seed: int = 1


@dataclass(slots=True)
class Outcome:
    """The course of a simulation, a value for each second."""

    oldest: list[float] = field(default_factory=list)
    """Age of the oldest waiting document in seconds."""
    ready: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)

    def reversals(self, start: int = 0) -> int:
        """Return how often the wanted number of pods turned from rising to falling or back."""
        steps = [after - before for before, after in pairwise(self.wanted[start:])]
        rising = [step > 0 for step in steps if step]
        return sum(before != after for before, after in pairwise(rising))

    def seconds_above(self, age: float) -> int:
        """Return for how many seconds the oldest document was older than an age."""
        return sum(each > age for each in self.oldest)


class Fleet:
    """Pods: ready, starting, and the decisions of the autoscaler about their number."""

    def __init__(self, settings: Autoscaler, start_seconds: int) -> None:
        self._settings = settings
        self._start_seconds = start_seconds
        self.ready = settings.minimum
        self.wanted = settings.minimum
        self._starting: list[int] = []
        self._history: deque[tuple[int, int]] = deque()
        self._recommended: deque[tuple[int, int]] = deque()
        self._active_at = 0

    def advance(self, now: int) -> None:
        """Let pods become ready."""
        self.ready += sum(at <= now for at in self._starting)
        self._starting = [at for at in self._starting if at > now]

    def lose(self, now: int, share: float) -> None:
        """Kill a share of the ready pods; the Deployment starts others."""
        lost = int(self.ready * share)
        self.ready -= lost
        self._starting += [now + self._start_seconds] * lost

    def decide(self, now: int, value: int, *, active: bool) -> None:
        """Perform a turn of the autoscaler, given the metric."""
        settings = self._settings
        if active:
            self._active_at = now
        if self.wanted == 0:
            if active and now % settings.polling == 0:
                self._set(now, max(1, settings.minimum))
            return
        if settings.minimum == 0 and now - self._active_at > settings.cooldown:
            self._set(now, 0)
            return
        if now % SYNC_SECONDS == 0:
            target = self._allowed(now, self._recommendation(now, value))
            if target != self.wanted:
                self._set(now, target)

    def _recommendation(self, now: int, value: int) -> int:
        """Return the number of pods for a metric; the highest of the window when it falls."""
        settings = self._settings
        unchanged = abs(value / settings.target / self.wanted - 1) <= TOLERANCE
        asked = min(settings.maximum, max(1, settings.minimum, ceil(value / settings.target)))
        target = self.wanted if unchanged else asked
        self._recommended.append((now, target))
        while self._recommended[0][0] < now - settings.down_window:
            self._recommended.popleft()
        if target < self.wanted:
            return min(self.wanted, max(each for _, each in self._recommended))
        return target

    def _allowed(self, now: int, target: int) -> int:
        """Return the number of pods that the policies allow on the way to a target."""
        settings = self._settings
        if target > self.wanted:
            return min(target, max(self._bound(now, each, 1) for each in settings.up))
        if target < self.wanted:
            return max(target, min(self._bound(now, each, -1) for each in settings.down))
        return target

    def _bound(self, now: int, policy: Policy, sign: int) -> int:
        at_start = self.wanted
        for at, before in reversed(self._history):
            if at <= now - policy.period:
                break
            at_start = before
        return at_start + sign * policy.allowance(at_start)

    def _set(self, now: int, wanted: int) -> None:
        self._history.append((now, self.wanted))
        change = wanted - self.wanted
        self.wanted = wanted
        if change > 0:
            self._starting += [now + self._start_seconds] * change
            return
        # Pods that are not ready leave first.
        for _ in range(-change):
            if self._starting:
                self._starting.pop()
            else:
                self.ready -= 1


def _poisson(random: Random, mean: float) -> float:
    """Return a number of arrivals in a second; from a normal distribution if it is large."""
    if mean > 100:
        return max(0.0, round(random.gauss(mean, mean**0.5)))
    number, product, limit = 0, random.random(), exp(-mean)
    while product > limit:
        number += 1
        product *= random.random()
    return float(number)


def simulate(load: Load, settings: Autoscaler) -> Outcome:
    """Return the course of a load under an autoscaler."""
    random = Random(load.seed)
    fleet = Fleet(settings, load.start_seconds)
    outcome = Outcome()
    arrived = [0.0]
    served = 0.0
    head = 0
    losses = dict(load.losses)
    for now in range(load.seconds):
        mean = load.per_second(now)
        arrived.append(arrived[-1] + _poisson(random, mean))
        fleet.advance(now)
        if now in losses:
            fleet.lose(now, losses[now])
        served = min(arrived[-1], served + fleet.ready * load.children / load.cost)
        while head < now and arrived[head + 1] <= served:
            head += 1
        waiting = arrived[-1] - served
        first = max(0, now + 1 - RATE_WINDOW_SECONDS)
        rate = (arrived[-1] - arrived[first]) / RATE_WINDOW_SECONDS
        children = wanted_children(rate, int(waiting), load.target_age, load.cost)
        workers = wanted_workers(children, fleet.ready * load.children, fleet.ready)
        if not fleet.ready:
            workers = ceil(children / load.children)
        # Arrivals of the last minutes count as well: a document may come and go between two looks.
        fleet.decide(now, workers, active=waiting >= 1 or workers > 0)
        outcome.oldest.append(now - head if waiting >= 1 else 0.0)
        outcome.ready.append(fleet.ready)
        outcome.wanted.append(fleet.wanted)
        outcome.waiting.append(waiting)
    return outcome
