"""The stages on a batch of valid events: unjudged records, and rejections of those that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from fanmill.batch.outcomes import Rejected, UnjudgedRecord
from fanmill.core.dedup.partition import PartitionOf, partition
from fanmill.core.dedup.portable import portable
from fanmill.core.record_prefix import record_prefix
from fanmill.core.turns import ByGroup, groups
from fanmill.stage_functions import functions_of
from fanmill.steps.batch_run import document_of
from fanmill.steps.stage_results import members_json, problems_json

if TYPE_CHECKING:
    from fanmill.core.dedup.parameters import DedupParameters
    from fanmill.core.document import Document
    from fanmill.core.record_members import RecordMembers
    from fanmill.settings import Settings
    from fanmill.steps import Functions, Signer
    from fanmill_contracts import DocumentIngested
    from fanmill_contracts.terms import Stage

Value = TypeVar("Value")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Stages:
    """The functions of a process, made at first use."""

    functions: Functions
    signer: Signer
    parameters: DedupParameters
    partition_of: PartitionOf
    redacts: bool

    @classmethod
    def of(cls, settings: Settings) -> Stages:
        """Return the functions that the settings want.

        Raises:
            ValueError: A setting names an unknown set of statistics or tagger, or a rules file
                with errors.
        """
        functions = functions_of(settings)
        parameters = settings.dedup_parameters
        return cls(
            functions,
            functions.fingerprint(parameters),
            parameters,
            partition(settings.dedup_partition),
            settings.redacts_personal_data,
        )

    def outcomes(
        self, events: Mapping[int, DocumentIngested]
    ) -> Iterator[tuple[int, UnjudgedRecord | Rejected]]:
        """Yield the outcomes of valid events, by their numbers."""
        failures: list[Rejected] = []
        bodies = {
            number: event.model_dump(mode="json", exclude_none=True)
            for number, event in events.items()
        }
        documents = {number: document_of(body) for number, body in bodies.items()}
        fingerprints = _fingerprints(documents, self, failures)
        parts: dict[int, list[str]] = {number: [] for number in documents}
        problems: dict[int, list[str]] = {number: [] for number in documents}
        left = {number: documents[number] for number in fingerprints}
        applied: tuple[tuple[Stage, Callable[[Document], RecordMembers]], ...] = (
            ("summarize", self.functions.summarize),
            ("tag", self.functions.tag),
        )
        for stage, function in applied:
            members = _each(stage, left, function, failures)
            written = _over(stage, documents, members, members_json, failures)
            for number, text in written.items():
                parts[number].append(text)
                problems[number].append(problems_json(members[number].problems))
            left = {number: documents[number] for number in written}
        for number in left:
            digest = sha256(documents[number].text.encode()).hexdigest()
            record = _joined(
                record_prefix(events[number], redacts=self.redacts),
                f'{{"text_sha256":"{digest}"}}',
                *parts[number],
                _problems(problems[number]),
            )
            yield (
                number,
                UnjudgedRecord(
                    documents[number].document_id,
                    self.partition_of(bodies[number]),
                    record,
                    fingerprints[number],
                ),
            )
        yield from ((each.position, each) for each in failures)


def _each(
    stage: Stage,
    documents: Mapping[int, Document],
    function: Callable[[Document], RecordMembers],
    failures: list[Rejected],
) -> dict[int, RecordMembers]:
    """Return what a function says of each document, in groups if it takes them: that is faster."""
    if not isinstance(function, ByGroup):
        return _over(stage, documents, documents, function, failures)
    found: dict[int, RecordMembers | Exception] = {}
    numbers = iter(documents)
    for group in groups(tuple(documents.values())):
        found.update((next(numbers), each) for each in function.of_group(group))
    return _over(stage, documents, found, _returned, failures)


def _returned(found: RecordMembers | Exception) -> RecordMembers:
    if isinstance(found, Exception):
        raise found
    return found


def _over(
    stage: Stage,
    documents: Mapping[int, Document],
    values: Mapping[int, Value],
    function: Callable[[Value], Found],
    failures: list[Rejected],
) -> dict[int, Found]:
    """Return what a function says of each value; a document on which it raises is a failure."""
    found = {}
    for number, value in values.items():
        try:
            found[number] = function(value)
        except Exception as error:  # noqa: BLE001  whatever it is, it harms this one alone
            name = type(error).__name__
            failures.append(
                Rejected(
                    number,
                    documents[number].document_id,
                    "stage-failed",
                    stage,
                    f"{name}: {error}",
                    name,
                )
            )
    return found


def _fingerprints(
    documents: Mapping[int, Document], stages: Stages, failures: list[Rejected]
) -> dict[int, bytes]:
    """Return the portable fingerprints of all texts, without those that fail."""
    signer, parameters = stages.signer, stages.parameters

    def made(some: Sequence[Document]) -> list[bytes]:
        tokenized = signer.tokenize([document.text for document in some])
        seen = [bytes(len(each.lines.hashes)) for each in tokenized]
        plain = signer.fingerprints(tokenized, seen)
        return [
            portable(text, fingerprint, parameters)
            for text, fingerprint in zip(tokenized, plain, strict=True)
        ]

    try:
        return dict(zip(documents, made(list(documents.values())), strict=True))
    except Exception:  # noqa: BLE001  one of them: each alone tells which
        return _over(
            "deduplicate", documents, documents, lambda document: made([document])[0], failures
        )


def _joined(*objects: str) -> str:
    """Return one JSON object with the members of all."""
    return "{" + ",".join(each[1:-1] for each in objects if each != "{}") + "}"


def _problems(arrays: Sequence[str]) -> str:
    items = ",".join(each[1:-1] for each in arrays if each != "[]")
    return f'{{"problems":[{items}]}}' if items else "{}"
