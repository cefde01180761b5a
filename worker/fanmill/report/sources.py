"""Sources of a report: they give all records and rejections, as often as it needs them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from fanmill.report.clusters import MAX_CLUSTERS, ClusterSearch
from fanmill.report.tally import Tally
from fanmill.report.view import FindTexts, ReportView, view_of

Progress = Callable[[], None]
"""Called often while a source is read."""


class ReportSource(Protocol):
    """Records and rejections of a corpus."""

    @property
    def subject(self) -> str:
        """Name of the corpus for people."""

    def fill(self, tally: Tally) -> None:
        """Count everything."""

    def duplicates(self, originals: set[str]) -> Iterator[dict[str, Any]]:
        """Yield records that may be one of these originals or repeat it; others do no harm."""


def make_report(source: ReportSource, find_texts: FindTexts, made_at: datetime) -> ReportView:
    """Read a source and return its report.

    The source is read a second time if it has duplicates: which clusters are the largest is known
    only after the first.
    """
    tally = Tally()
    source.fill(tally)
    largest = tally.originals.top(MAX_CLUSTERS)
    search = ClusterSearch(largest)
    if largest:
        for record in source.duplicates({name for name, _ in largest}):
            search.add_record(record)
    clusters = list(search.clusters.values())
    return view_of(tally, clusters, find_texts, subject=source.subject, made_at=made_at)
