"""Scrapes read by Prometheus' own parsers."""

import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from fanmill.ops.metrics.exporter import Exporter

OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0"

Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scrape:
    """A scrape as a reader sees it.

    Attributes:
        content_type: Header of the answer.
        families: Families by name, as the parser returns them.
        values: Values by name of the series and labels.
    """

    content_type: str
    families: dict[str, Any]
    values: dict[tuple[str, Labels], float]

    def value(self, name: str, **labels: str) -> float:
        """Return the value of a series."""
        return self.values[name, frozenset(labels.items())]

    def by(self, name: str, label: str) -> dict[str, float]:
        """Return the values of a name by one of its labels."""
        return {
            dict(labels)[label]: value
            for (each, labels), value in self.values.items()
            if each == name
        }


def parsed(body: bytes, content_type: str) -> Scrape:
    """Parse the text of a scrape by the parser of its format."""
    parse: Callable[[str], Iterable[Any]] = (
        openmetrics.text_string_to_metric_families
        if content_type.startswith("application/openmetrics-text")
        else text_string_to_metric_families
    )
    families = {family.name: family for family in parse(body.decode())}
    values = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families.values()
        for sample in family.samples
    }
    return Scrape(content_type, families, values)


def scrape(exporter: Exporter, accept: str = "") -> Scrape:
    """Return a scrape of an exporter in this process."""
    return parsed(*exporter.expose(accept))


def fetch(url: str, accept: str = "text/plain") -> Scrape:
    """Return a scrape over HTTP."""
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310  a loopback URL
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return parsed(answer.read(), answer.headers["Content-Type"])
