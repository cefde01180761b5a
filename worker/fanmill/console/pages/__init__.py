"""The screens of the console, each with its pages and acts."""

from fanmill.console.page import Act, Page
from fanmill.console.pages import (
    actions,
    configuration,
    consumers,
    failures,
    ledger,
    overview,
    publish,
    workers,
)

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *ledger.PAGES,
    *workers.PAGES,
    *failures.PAGES,
    *actions.PAGES,
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
