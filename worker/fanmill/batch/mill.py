"""Mill: the pure stages of fanmill as one picklable object, for any engine.

    mill = Mill()
    for outcome in mill.process([{"id": "a-1", "text": "..."}]):
        ...

An outcome is an `UnjudgedRecord` or a `Rejected`. Whether a document is a duplicate depends on all
documents before it, so no worker of an engine can tell: `fanmill index merge` does so afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from fanmill.batch.outcomes import Rejected, UnjudgedRecord
from fanmill.core.event_fields import FieldNames, content_id, event_of
from fanmill_contracts import DocumentIngested
from fanmill_contracts.codec import ingested
from fanmill_contracts.errors import ContractError, InvalidEvent

if TYPE_CHECKING:
    from fanmill.batch.analysis import Stages
    from fanmill.core.dedup.parameters import DedupParameters
    from fanmill.settings import Settings

Given = DocumentIngested | Mapping[str, Any] | tuple[str, str]
"""A document: an event, also as a mapping, a mapping with `id` and `text`, or (id, text)."""

Outcome = UnjudgedRecord | Rejected

SOURCE: Final = "/fanmill/batch"
"""Default `source` of the events of documents that are not events."""

BATCH_DOCUMENTS: Final = 64


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
        self._made: Stages | None = None

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

    def _stages(self) -> Stages:
        if self._made is None:
            from fanmill.batch.analysis import Stages  # noqa: PLC0415  loaded when used

            self._made = Stages.of(self.settings)
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
        outcomes.update(self._stages().outcomes(events))
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
