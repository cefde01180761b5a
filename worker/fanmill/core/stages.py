"""What each stage asks of the core, from a document to the members of its record.

One analysis per stage and document: stages run in different processes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.fingerprint import digest
from fanmill.core.sets import Guard, StatisticSet, key_of, measure
from fanmill.core.statistics import BUILT_IN, statistics
from fanmill.core.summary import lead
from fanmill.core.tagging import tag
from fanmill_contracts.results import Problem, Problems, Tagging
from fanmill_contracts.statistics import Value


def fingerprint_of(document: Document) -> str:
    """Return the digest by which two documents have the same text: 32 hexadecimal digits."""
    return digest(document.text)


def _unguarded(seconds: float, function: Callable[[], Mapping[str, Value]]) -> Mapping[str, Value]:
    del seconds
    return function()


@dataclass(frozen=True, slots=True)
class Summarizer:
    """What the stage `summarize` does to a document, as the settings say.

    Attributes:
        max_sentences: Of the summary.
        max_words: Of the summary; 0 for no limit.
        sets: Names of the built-in sets of statistics.
        others: Sets of other packages.
        guard: Holds those to their time limits.
    """

    max_sentences: int = 3
    max_words: int = 0
    sets: frozenset[str] = BUILT_IN
    others: tuple[StatisticSet, ...] = ()
    guard: Guard = _unguarded

    def __call__(self, document: Document) -> dict[str, BaseModel]:
        """Return `statistics` and `summary` of the record, and `problems` if there are any."""
        analysis = Analysis(document)
        found = statistics(analysis, self.sets)
        findings: dict[str, BaseModel] = {
            "statistics": found,
            "summary": lead(analysis, self.max_sentences, self.max_words),
        }
        measured = {key_of(each): measure(each, analysis, self.guard) for each in self.others}
        values = {key: each for key, each in measured.items() if isinstance(each, dict)}
        if values:
            findings["statistics"] = found.model_copy(
                update={"others": values, "sets": (*found.sets, *values)}
            )
        problems = tuple(each for each in measured.values() if isinstance(each, Problem))
        if problems:
            findings["problems"] = Problems(problems)
        return findings


summarize_document: Final = Summarizer()
"""The stage with the default settings."""


def tag_document(document: Document) -> dict[str, Tagging]:
    """Return `tagging` of the document's record."""
    return {"tagging": tag(Analysis(document))}
