"""What each stage asks of the core, from a document to the members of its record.

One analysis per stage and document: stages run in different processes.
"""

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.fingerprint import digest
from fanmill.core.statistics import statistics
from fanmill.core.summary import lead
from fanmill.core.tagging import tag
from fanmill_contracts.results import Summary, Tagging
from fanmill_contracts.statistics import Statistics


def fingerprint_of(document: Document) -> str:
    """Return the digest by which two documents have the same text: 32 hexadecimal digits."""
    return digest(document.text)


def summarize_document(document: Document) -> dict[str, Statistics | Summary]:
    """Return `statistics` and `summary` of the document's record."""
    analysis = Analysis(document)
    return {"statistics": statistics(analysis), "summary": lead(analysis)}


def tag_document(document: Document) -> dict[str, Tagging]:
    """Return `tagging` of the document's record."""
    return {"tagging": tag(Analysis(document))}
