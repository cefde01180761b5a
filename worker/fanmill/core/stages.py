"""What each stage asks of the core, from a document to the members of its record.

One analysis per stage and document: stages run in different processes.
"""

from collections.abc import Callable, Mapping
from functools import cache

from pydantic import BaseModel

from fanmill.core.analysis import Analysis
from fanmill.core.builtin import BUILTIN
from fanmill.core.document import Document
from fanmill.core.fingerprint import digest
from fanmill.core.masking import masked_document
from fanmill.core.statistics import statistics
from fanmill.core.summary import lead
from fanmill.core.tagger import Doc
from fanmill.core.tagging import Taggers
from fanmill_contracts.results import Problems, Statistics, Summary

Findings = Mapping[str, BaseModel]


def fingerprint_of(document: Document) -> str:
    """Return the digest by which two documents have the same text: 32 hexadecimal digits."""
    return digest(document.text)


def summarize_document(document: Document) -> dict[str, Statistics | Summary]:
    """Return `statistics` and `summary` of the document's record."""
    analysis = Analysis(document)
    return {"statistics": statistics(analysis), "summary": lead(analysis)}


def tag_document(document: Document) -> Findings:
    """Return `tagging` of the document's record, by the taggers that come with fanmill."""
    return tagging_by(_builtin())(document)


@cache
def _builtin() -> Taggers:
    return Taggers(BUILTIN)


def tagging_by(taggers: Taggers, *, masks: bool = False) -> Callable[[Document], Findings]:
    """Return the function of the stage `tag` for a set of taggers.

    Args:
        taggers: What is run.
        masks: Whether personal data is replaced before anything looks at the text.
    """

    def tag(document: Document) -> Findings:
        if masks:
            hidden, items = masked_document(document)
            doc = Doc(hidden, items=items)
        else:
            doc = Doc(document)
        tagged = taggers.tag(doc)
        if tagged.problems:
            return {"tagging": tagged.tagging, "problems": Problems(tagged.problems)}
        return {"tagging": tagged.tagging}

    return tag


def masking(summarize: Callable[[Document], Findings]) -> Callable[[Document], Findings]:
    """Return `summarize` with extracts that show no personal data; sizes stay the text's own."""

    def summarize_masked(document: Document) -> Findings:
        found = summarize(document)
        hidden, _ = masked_document(document)
        if hidden == document:
            return found
        return {**summarize(hidden), "statistics": found["statistics"]}

    return summarize_masked
