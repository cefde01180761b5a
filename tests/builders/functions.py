"""Functions of the stages with simple answers, and texts that make each of them raise."""

from collections.abc import Sequence

from builders.results import statistics, summary
from fanmill.core.dedup.fingerprint import Fingerprinter, TokenizedText
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.steps import Functions
from fanmill_contracts import Tagging
from fanmill_contracts.terms import Stage


class Refused(Exception):
    """Error of a stage for a text that the test makes it refuse."""


def refuses(stage: Stage, document: Document) -> None:
    """Raise on a text that says so: `refused by <stage>`."""
    if f"refused by {stage}" in document.text:
        raise Refused(f"{stage} cannot read {document.document_id}")


class PickyFingerprinter(Fingerprinter):
    """Makes real fingerprints of texts that are not refused."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        for text in texts:
            refuses("deduplicate", Document("bad", text))
        return super().tokenize(texts)


def asked(entry_id: str, document_id: str, text: str) -> Candidate:
    """Return a candidate for the index."""
    return Candidate(document_id, entry_id, Fingerprinter(DedupParameters()).fingerprint(text))


def summarize(document: Document) -> RecordMembers:
    """Return statistics and summary."""
    refuses("summarize", document)
    return RecordMembers(statistics=statistics(document.text), summary=summary(document.text))


def tag(document: Document) -> RecordMembers:
    """Return a language."""
    refuses("tag", document)
    language = document.language or "und"
    tagging = Tagging(language=language, language_confidence=float(language != "und"))
    return RecordMembers(tagging=tagging)


PLAIN = Functions(fingerprint=PickyFingerprinter, summarize=summarize, tag=tag)
"""Functions whose answers are easy to tell, with texts that make each of them raise."""
