"""A plan of the processes that a test runs, and the documents that it publishes."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any, Final

from pytest_celery import CeleryTestSetup

from celery_apps import app_of
from fanmill.settings import Settings
from fanmill_contracts import DocumentIngested
from polling import POLL_SECONDS

from .nodes import LocalNode

NAMESPACE: Final = "smoke"
"""Not the default one: that everything obeys the setting is part of the test."""

SOURCE: Final = "/smoke"

SETTLE_SECONDS: Final = 90.0
"""Maximum seconds for the load of any test, on a machine with other work."""

SWIFT: Final = {"redeliver_after_seconds": 3, "task_time_limit_seconds": 2}
"""Settings for tests that wait for redelivery or the time limit; others keep the defaults,
so that nothing of theirs can be the work of a second delivery."""

_WORDS: Final = (  # noqa: SIM905  a list would take thirty lines
    "mill grain river stone wheel harvest chaff seed barley winter market bridge miller sack "
    "flour village autumn wagon storm orchard valley summer lantern carpenter garden meadow"
).split()


@dataclass(frozen=True)
class Plan:
    """Processes and settings that a test requests by its marker `mill`."""

    workers: int = 1
    intakes: int = 1
    concurrency: int = 2
    sinks: int = 0
    store: str = "sqlite"
    """Kind of the store: `sqlite`, `postgresql` with a database of its own, or, for a server that
    the test kills by the fixture `database`, `postgresql-of-its-own`."""
    app: str = ""
    queues: tuple[str, ...] = ()
    """Queues of each worker in turn; all of them where there is none."""
    appendfsync: str = "everysec"
    """When the server writes to disk. With `always` a killed one loses nothing it has
    acknowledged; with `everysec`, as in production, it may lose the last moments."""
    from_zero: bool = False
    """Start intakes and sinks from zero, for tests of their memory: a fork shows more."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def environment(self, url: str, folder: Path) -> dict[str, str]:
        """Return the variables of every process of this plan."""
        wanted = {
            "redis_url": url,
            "namespace": NAMESPACE,
            "worker_concurrency": self.concurrency,
            "log_format": "json",
            **({"store_url": f"sqlite:///{folder / 'results.sqlite'}"} if self.sinks else {}),
            **self.settings,
        }
        return {
            "PYTHONUNBUFFERED": "1",
            "SMOKE_GATE": str(folder / "gate"),
            **{f"FANMILL_{name.upper()}": str(value) for name, value in wanted.items()},
        }


class MillSetup(CeleryTestSetup):
    """pytest-celery's set-up around fanmill's own app."""

    @classmethod
    def create_setup_app(
        cls,
        celery_setup_config: dict[str, Any],
        celery_setup_app_name: str,  # noqa: ARG003  the caller names it
    ) -> Any:
        """Return fanmill's app for the broker of this test."""
        return app_of(Settings(redis_url=celery_setup_config["broker_url"], namespace=NAMESPACE))


def text_of(number: int, mark: str = "") -> str:
    """Return a text of some forty words that no other number has; `mark` is put in front."""
    # In another order for each number: no two may pass for each other's reprint.
    words = Random(number).choices(_WORDS, k=36)
    return f"{mark} Story number {number}. {' '.join(words[:18])}. {' '.join(words[18:])}.".strip()


def event_of(number: int, *, mark: str = "", text: str | None = None) -> DocumentIngested:
    """Return event and document of this number: the same number, the same event."""
    return DocumentIngested.create(
        f"doc-{number:05d}",
        text_of(number, mark) if text is None else text,
        source=SOURCE,
        event_id=f"event-{number:05d}",
        title=f"Story {number}",
    )


def log_count(nodes: Sequence[LocalNode], words: str) -> int:
    """Return how many lines with these words the nodes have logged."""
    return sum(node.logs().count(words) for node in nodes)


def watch(seconds: float, holds: Callable[[], bool], what: str) -> None:
    """Assert repeatedly, for the given time, that a condition holds.

    Raises:
        AssertionError: It did not hold.
    """
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        assert holds(), what
        sleep(POLL_SECONDS)


def soak_rounds(default: int) -> int:
    """Return how many rounds a soak test shall run: `FANMILL_SOAK_ROUNDS` or the default."""
    return int(os.environ.get("FANMILL_SOAK_ROUNDS", default))
