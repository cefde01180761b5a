"""What each stage asks of the core, from a document to the members of its record.

One analysis per stage and document: stages run in different processes.
"""

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.statistics import statistics
from fanmill.core.summary import lead
from fanmill.core.tagging import tag
from fanmill_contracts.results import Statistics, Summary, Tagging


def summarize_document(document: Document) -> dict[str, Statistics | Summary]:
    """Return `statistics` and `summary` of the document's record."""
    analysis = Analysis(document)
    return {"statistics": statistics(analysis), "summary": lead(analysis)}


def tag_document(document: Document) -> dict[str, Tagging]:
    """Return `tagging` of the document's record."""
    return {"tagging": tag(Analysis(document))}
