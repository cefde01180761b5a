"""The screens of the console, each with its pages and acts."""

from fanmill.console.page import Act, Page
from fanmill.console.pages import (
    actions,
    clusters,
    configuration,
    consumers,
    documents,
    failures,
    ledger,
    overview,
    publish,
    trends,
    workers,
)

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *ledger.PAGES,
    *workers.PAGES,
    *documents.PAGES,
    *clusters.PAGES,
    *failures.PAGES,
    *actions.PAGES,
    *trends.PAGES,
    *consumers.PAGES,
    *publish.PAGES,
    *configuration.PAGES,
)
"""All pages; those with a key are in the navigation, in this order."""

ACTS: tuple[Act, ...] = (
    *ledger.ACTS,
    *workers.ACTS,
    *failures.ACTS,
    *consumers.ACTS,
    *publish.ACTS,
)
