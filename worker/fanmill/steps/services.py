"""Services and functions that the steps use, and the outcome of a step for one document."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from fanmill.core.dedup.fingerprint import Fingerprint, TokenizedText
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import ALL, PartitionOf
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import (
    Batch,
    Corpus,
    Dispatcher,
    Events,
    FingerprintIndex,
    Ledger,
    NoTracing,
    Tracing,
    Trends,
)
from fanmill_contracts.terms import Stage


class Signer(Protocol):
    """Maker of fingerprints, in two acts: the caller asks the index about lines in between."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Cut texts into tokens and lines, in order."""

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Return fingerprints; `seen[i]` counts earlier documents with each line of text i."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Pure functions that the steps apply; tests and benchmarks replace them."""

    fingerprint: Callable[[DedupParameters], "Signer"]
    """Returns the signer for these parameters."""
    summarize: Callable[[Document], RecordMembers]
    tag: Callable[[Document], RecordMembers]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Events and documents of a batch that an earlier stage has read in this process.

    Documents keep views of their texts, so the next stage need not compute them again.
    """

    events: Events
    documents: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Continuation:
    """A batch with which this process goes on by itself, without a message."""

    stage: Stage
    batch: Batch
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class Services:
    """Stores, dispatcher and policies that a step uses."""

    ledger: Ledger
    index: FingerprintIndex
    dispatcher: Dispatcher
    functions: Functions
    on_duplicate: Literal["skip", "process"] = "skip"
    skip_contained: bool = False
    """Whether `skip` applies to near duplicates by containment, too."""
    corpus: Corpus | None = None
    """None: documents are not counted."""
    trends: Trends | None = None
    """None: terms are not counted."""
    partition_of: PartitionOf = lambda _: ALL
    """Returns the partition of the index that the document of an event belongs to."""
    tracing: Tracing = field(default_factory=NoTracing)
    """Receiver of the spans of documents."""
    continues: Container[Stage] = ()
    """Later stages with which this worker goes on by itself; a paused stage is not among them."""
    continuations: list[Continuation] = field(default_factory=list)
    """Next work of this process; the caller of a step empties it."""

    def hand_on(self, stage: Stage, batch: Batch, loaded: Loaded) -> None:
        """Keep a batch for this process if it serves the stage; otherwise send references."""
        if stage in self.continues:
            self.continuations.append(Continuation(stage, batch, loaded))
        else:
            self.dispatcher.dispatch(stage, batch)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of one step for one document, for the log."""

    entry_id: str
    document_id: str
    event_id: str
    outcome: str
    """Answer of the commit (`stored`, `completed`, `known`, `gone`, `forgotten`), or `rejected`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
