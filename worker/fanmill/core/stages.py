"""Functions of the stages `summarize` and `tag`, from a document to members of its record.

Each stage analyses a document once: stages run in different processes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Final, Literal

from fanmill.core.document import Document
from fanmill.core.pii.redact import redact_document, redact_line
from fanmill.core.plugin import Limit, no_limit
from fanmill.core.record_members import RecordMembers
from fanmill.core.statistics.compute import ACTS, BUILT_IN, ChosenSets
from fanmill.core.statistics.plugin import StatisticSet, measure
from fanmill.core.summary.extractive import lead, term_frequency
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.tagging.runner import Run, Taggers
from fanmill.core.turns import ByGroup, in_turns
from fanmill_contracts.results import Problem, Summary

_METHODS: Final = {"lead": lead, "term-frequency": term_frequency}


@dataclass(frozen=True, slots=True)
class Summarizer:
    """Function of the stage `summarize`, as configured by the settings.

    Attributes:
        max_sentences: Maximum length of the summary in sentences; None for no limit.
        max_words: Maximum length of the summary in words; None for no limit.
        method: Method of the summary.
        sets: Names of the built-in sets of statistics.
        plugins: Statistic sets of other packages.
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

    def __call__(self, document: Document) -> RecordMembers:
        """Return statistics and summary of a document, and the problems of plugins."""
        return self._members(self._begun(document))

    def of_group(self, documents: Sequence[Document]) -> list[RecordMembers | Exception]:
        """Return the same for each document of a group; see `core.turns`."""
        return in_turns(documents, self._begun, ACTS, self._members)

    def _begun(self, document: Document) -> ChosenSets[DocumentView]:
        return ChosenSets(DocumentView(document), self.sets)

    def _members(self, sets: ChosenSets[DocumentView]) -> RecordMembers:
        doc = sets.analysis
        found = sets.whole()
        measured = {each.key: measure(each, doc, self.limit) for each in self.plugins}
        values = {key: each for key, each in measured.items() if isinstance(each, dict)}
        if values:
            found = found.model_copy(update={"plugins": values, "sets": (*found.sets, *values)})
        failed = (each for each in measured.values() if isinstance(each, Problem))
        return RecordMembers(
            statistics=found,
            summary=self._summary(doc),
            problems=(*self.problems, *failed),
        )

    def summary(self, document: Document) -> Summary:
        """Return the summary of a document."""
        return self._summary(DocumentView(document))

    def _summary(self, doc: DocumentView) -> Summary:
        return _METHODS[self.method](doc, self.max_sentences, self.max_words)


def tagging_by(taggers: Taggers, *, redacts: bool = False) -> ByGroup:
    """Return the function of the stage `tag` for a set of taggers.

    Args:
        taggers: Taggers to run.
        redacts: Redact personal data before any tagger reads the text.
    """
    return _Tagging(taggers, redacts)


@dataclass(frozen=True, slots=True)
class _Tagging:
    """Function of the stage `tag`; see `tagging_by`."""

    taggers: Taggers
    redacts: bool

    def __call__(self, document: Document) -> RecordMembers:
        """Return the tags of a document, and the problems of taggers."""
        run = self._begun(document)
        for each in self.taggers.ordered:
            self.taggers.apply(each, run)
        return self._members(run)

    def of_group(self, documents: Sequence[Document]) -> list[RecordMembers | Exception]:
        """Return the same for each document of a group; see `core.turns`."""
        acts = (partial(self.taggers.apply, each) for each in self.taggers.ordered)
        return in_turns(documents, self._begun, (*_SHARED, *acts), self._members)

    def _begun(self, document: Document) -> Run:
        if self.redacts:
            redacted, items = redact_document(document)
            return self.taggers.run(DocumentView(redacted, items=items))
        return self.taggers.run(DocumentView(document))

    def _members(self, run: Run) -> RecordMembers:
        tagged = self.taggers.tagged(run)
        return RecordMembers(tagging=tagged.tagging, problems=tagged.problems)


_SHARED: Final = tuple(map(attrgetter, ("doc.detection", "doc.plain_tokens", "doc.languages")))
"""Views that most taggers share."""


def redacting(summarize: Summarizer) -> Callable[[Document], RecordMembers]:
    """Return `summarize` with a summary that shows no personal data.

    If the text contains personal data, only the summary is recomputed; sizes remain those of
    the original text. String values and errors of statistic plugins are redacted, too.
    """

    def summarize_redacted(document: Document) -> RecordMembers:
        found = summarize(document)
        redacted, _ = redact_document(document)
        if redacted == document:
            return found
        update = {**_redacted_plugins(found), "summary": summarize.summary(redacted)}
        return found.model_copy(update=update)

    return summarize_redacted


def _redacted_plugins(found: RecordMembers) -> dict[str, Any]:
    """Return statistics and problems in which the text of plugins shows no personal data."""
    update: dict[str, Any] = {
        "problems": tuple(
            each.model_copy(update={"error": redact_line(each.error)}) for each in found.problems
        )
    }
    if found.statistics is not None and found.statistics.plugins:
        plugins = {
            key: {
                name: redact_line(value) if isinstance(value, str) else value
                for name, value in values.items()
            }
            for key, values in found.statistics.plugins.items()
        }
        update["statistics"] = found.statistics.model_copy(update={"plugins": plugins})
    return update
