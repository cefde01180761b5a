"""Mill: the pure stages of fanmill as one picklable object, for any engine.

    mill = Mill()
    for outcome in mill.process([{"id": "a-1", "text": "..."}]):
        ...

An outcome is an `UnjudgedRecord` or a `Rejected`. Whether a document is a duplicate depends on all
documents before it, so no worker of an engine can tell: `fanmill index merge` does so afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import SecretStr

from fanmill.batch.outcomes import Rejected, UnjudgedRecord
from fanmill.core.event_fields import FieldNames, content_id, event_of
from fanmill_contracts import DocumentIngested
from fanmill_contracts.codec import ingested
from fanmill_contracts.errors import ContractError, InvalidEvent

if TYPE_CHECKING:
    from fanmill.core.dedup.parameters import DedupParameters
    from fanmill.core.dedup.partition import PartitionOf
    from fanmill.core.document import Document
    from fanmill.core.record_members import RecordMembers
    from fanmill.settings import Settings
    from fanmill.steps import Functions, Signer
    from fanmill_contracts.terms import Stage

Value = TypeVar("Value")
Found = TypeVar("Found")

Given = DocumentIngested | Mapping[str, Any] | tuple[str, str]
"""A document: an event, also as a mapping, a mapping with `id` and `text`, or (id, text)."""

Outcome = UnjudgedRecord | Rejected

SOURCE: Final = "/fanmill/batch"
"""Default `source` of the events of documents that are not events."""

BATCH_DOCUMENTS: Final = 64


@dataclass(frozen=True, slots=True)
class _Stages:
    """The functions of a process, made at first use."""

    functions: Functions
    signer: Signer
    parameters: DedupParameters
    partition_of: PartitionOf
    redacts: bool


class Mill:
    """The stages of fanmill on documents, without a server.

    A Mill can be pickled: it carries its settings, without the addresses of servers, and makes
    tables and plugins anew in each process at the first document.

    Args:
        settings: The settings; None for those of the environment.
        source: The `source` of the events of documents that are not events.
        fields: Names of the fields of documents that are mappings.
        options: Settings by name, such as `dedup_threshold=0.8`; only without `settings`.

    Raises:
        ValueError: A setting is not valid.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        source: str = SOURCE,
        fields: FieldNames | None = None,
        **options: Any,
    ) -> None:
        from fanmill.settings import Settings  # noqa: PLC0415  a reader of run files needs none

        if settings is not None and options:
            raise ValueError(f"settings and {min(options)!r} are both given; give only one")
        self.settings = Settings(**options) if settings is None else settings
        self.source = source
        self.fields = fields or FieldNames()
        self._made: _Stages | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return settings and names; a worker of an engine needs no address or password."""
        settings = self.settings.model_dump()
        plain = {name: each for name, each in settings.items() if not isinstance(each, SecretStr)}
        return {"settings": plain, "source": self.source, "fields": self.fields}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the settings as they were, whatever the environment of this process says."""
        from fanmill.settings import Settings  # noqa: PLC0415  see above

        addresses = {
            name: field.default
            for name, field in Settings.model_fields.items()
            if name not in state["settings"]
        }
        self.settings = Settings(**state["settings"], **addresses)
        self.source = state["source"]
        self.fields = state["fields"]
        self._made = None

    @property
    def parameters(self) -> DedupParameters:
        """Parameters of the fingerprints."""
        return self.settings.dedup_parameters

    def load(self) -> None:
        """Load the functions now, rather than at the first document.

        Raises:
            ValueError: A setting names an unknown set of statistics or tagger, or a rules file
                with errors.
        """
        self._stages()

    def process(self, documents: Iterable[Given]) -> Iterator[Outcome]:
        """Yield the outcome of each document, in their order.

        Documents are read in batches of 64. A document that cannot be processed has a `Rejected`
        for its outcome and harms no other.

        Raises:
            ValueError: See `load`.
        """
        self._stages()
        source = iter(documents)
        position = 0
        while batch := list(islice(source, BATCH_DOCUMENTS)):
            yield from self._process(batch, position)
            position += len(batch)

    def _stages(self) -> _Stages:
        if self._made is None:
            from fanmill.core.dedup.partition import partition  # noqa: PLC0415  loaded when used
            from fanmill.stage_functions import functions_of  # noqa: PLC0415

            settings = self.settings
            functions = functions_of(settings)
            parameters = settings.dedup_parameters
            self._made = _Stages(
                functions,
                functions.fingerprint(parameters),
                parameters,
                partition(settings.dedup_partition),
                settings.redacts_personal_data,
            )
        return self._made

    def _process(self, batch: Sequence[Given], position: int) -> Iterator[Outcome]:
        outcomes: dict[int, Outcome] = {}
        events: dict[int, DocumentIngested] = {}
        for number, given in enumerate(batch, position):
            event = self._event(given, number)
            if isinstance(event, Rejected):
                outcomes[number] = event
            else:
                events[number] = event
        outcomes.update(self._analysed(events))
        for number in range(position, position + len(batch)):
            yield outcomes[number]

    def _event(self, given: Given, position: int) -> DocumentIngested | Rejected:
        try:
            if isinstance(given, tuple):
                document_id, text = given
                given = {"id": document_id, "text": text}
            if isinstance(given, DocumentIngested) or "specversion" in given:
                return ingested(given)
            name = str(position)
            return event_of(
                self.fields.renamed(given), name, name, source=self.source, event_id=content_id
            )
        except (ContractError, UnicodeEncodeError, ValueError, TypeError) as error:
            reason = error.reason if isinstance(error, InvalidEvent) else "malformed-event"
            return Rejected(position, None, reason, "intake", str(error), type(error).__name__)

    def _analysed(self, events: Mapping[int, DocumentIngested]) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcomes of valid events, by their numbers."""
        from fanmill.core.record_prefix import record_prefix  # noqa: PLC0415  loaded when used
        from fanmill.steps.batch_run import document_of  # noqa: PLC0415
        from fanmill.steps.stage_results import members_json, problems_json  # noqa: PLC0415

        stages = self._stages()
        failures: list[Rejected] = []
        bodies = {
            number: event.model_dump(mode="json", exclude_none=True)
            for number, event in events.items()
        }
        documents = {number: document_of(body) for number, body in bodies.items()}
        fingerprints = _fingerprints(documents, stages, failures)
        parts: dict[int, list[str]] = {number: [] for number in documents}
        problems: dict[int, list[str]] = {number: [] for number in documents}
        left = {number: documents[number] for number in fingerprints}
        functions = stages.functions
        applied: tuple[tuple[Stage, Callable[[Document], RecordMembers]], ...] = (
            ("summarize", functions.summarize),
            ("tag", functions.tag),
        )
        for stage, function in applied:
            members = _over(stage, documents, left, function, failures)
            written = _over(stage, documents, members, members_json, failures)
            for number, text in written.items():
                parts[number].append(text)
                problems[number].append(problems_json(members[number].problems))
            left = {number: documents[number] for number in written}
        for number in left:
            digest = sha256(documents[number].text.encode()).hexdigest()
            record = _joined(
                record_prefix(events[number], redacts=stages.redacts),
                f'{{"text_sha256":"{digest}"}}',
                *parts[number],
                _problems(problems[number]),
            )
            yield (
                number,
                UnjudgedRecord(
                    documents[number].document_id,
                    stages.partition_of(bodies[number]),
                    record,
                    fingerprints[number],
                ),
            )
        yield from ((each.position, each) for each in failures)


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
    documents: Mapping[int, Document], stages: _Stages, failures: list[Rejected]
) -> dict[int, bytes]:
    """Return the portable fingerprints of all texts, without those that fail."""
    from fanmill.core.dedup.portable import portable  # noqa: PLC0415  loaded when used

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
