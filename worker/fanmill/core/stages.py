"""What each stage asks of the core, from a document to the members of its record.

One analysis per stage and document: stages run in different processes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel

from fanmill.core.document import Document
from fanmill.core.pii.redact import redact_document, redact_line
from fanmill.core.plugin import Limit, no_limit
from fanmill.core.statistics.compute import BUILT_IN, statistics
from fanmill.core.statistics.plugin import StatisticSet, measure
from fanmill.core.summary.extractive import lead, term_frequency
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Taggers
from fanmill_contracts.results import Problem, Problems, Summary
from fanmill_contracts.statistics import Statistics

Findings = Mapping[str, BaseModel]


_METHODS: Final = {"lead": lead, "term-frequency": term_frequency}


@dataclass(frozen=True, slots=True)
class Summarizer:
    """What the stage `summarize` does to a document, as the settings say.

    Attributes:
        max_sentences: Of the summary; None for no limit.
        max_words: Of the summary; None for no limit.
        method: Of the summary.
        sets: Names of the built-in sets of statistics.
        plugins: Sets of other packages.
        limit: Time limits of plugins.
        problems: Problems of plugins that could not be loaded; every record has them.
    """

    max_sentences: int | None = 3
    max_words: int | None = None
    method: Literal["lead", "term-frequency"] = "lead"
    sets: frozenset[str] = BUILT_IN
    plugins: tuple[StatisticSet, ...] = ()
    limit: Limit = no_limit
    problems: tuple[Problem, ...] = ()

    def __call__(self, document: Document) -> dict[str, BaseModel]:
        """Return `statistics` and `summary` of the record, and `problems` if there are any."""
        doc = DocumentView(document)
        found = statistics(doc, self.sets)
        findings: dict[str, BaseModel] = {
            "statistics": found,
            "summary": self._summary(doc),
        }
        measured = {each.key: measure(each, doc, self.limit) for each in self.plugins}
        values = {key: each for key, each in measured.items() if isinstance(each, dict)}
        if values:
            findings["statistics"] = found.model_copy(
                update={"plugins": values, "sets": (*found.sets, *values)}
            )
        failed = (each for each in measured.values() if isinstance(each, Problem))
        problems = (*self.problems, *failed)
        if problems:
            findings["problems"] = Problems(problems)
        return findings

    def summary(self, document: Document) -> Summary:
        """Return the summary alone."""
        return self._summary(DocumentView(document))

    def _summary(self, doc: DocumentView) -> Summary:
        return _METHODS[self.method](doc, self.max_sentences, self.max_words)


def tagging_by(taggers: Taggers, *, redacts: bool = False) -> Callable[[Document], Findings]:
    """Return the function of the stage `tag` for a set of taggers.

    Args:
        taggers: What is run.
        redacts: Redact personal data before any tagger reads the text.
    """

    def tag(document: Document) -> Findings:
        if redacts:
            redacted, items = redact_document(document)
            doc = DocumentView(redacted, items=items)
        else:
            doc = DocumentView(document)
        tagged = taggers.tag(doc)
        if tagged.problems:
            return {"tagging": tagged.tagging, "problems": Problems(tagged.problems)}
        return {"tagging": tagged.tagging}

    return tag


def redacting(summarize: Summarizer) -> Callable[[Document], Findings]:
    """Return `summarize` with a summary that shows no personal data.

    If the text contains personal data, only the summary is recomputed; sizes remain those of
    the original text. String values and errors of statistic plugins are redacted, too.
    """

    def summarize_redacted(document: Document) -> Findings:
        found = summarize(document)
        redacted, _ = redact_document(document)
        if redacted == document:
            return found
        return {**_without_personal_data(found), "summary": summarize.summary(redacted)}

    return summarize_redacted


def _without_personal_data(found: Findings) -> Findings:
    shown = dict(found)
    statistics, problems = found["statistics"], found.get("problems")
    if isinstance(statistics, Statistics) and statistics.plugins:
        hidden = {
            key: {
                name: redact_line(value) if isinstance(value, str) else value
                for name, value in values.items()
            }
            for key, values in statistics.plugins.items()
        }
        shown["statistics"] = statistics.model_copy(update={"plugins": hidden})
    if isinstance(problems, Problems):
        shown["problems"] = Problems(
            tuple(
                each.model_copy(update={"error": redact_line(each.error)}) for each in problems.root
            )
        )
    return shown
