"""What the steps need of the world and what they say of a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from fanmill.core.dedup.fingerprint import Fingerprint, TokenizedText
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.partition import ALL, PartitionOf
from fanmill.core.document import Document
from fanmill.ports import Corpus, Dispatcher, FingerprintIndex, Ledger, Trends

Findings = Mapping[str, BaseModel]
"""What a stage found out: models by the name of the record's member.

`Problems` are what went wrong beside the document; they join the record's `problems`."""


class Signer(Protocol):
    """Makes fingerprints of texts, in two acts: the index is asked about their lines in between."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Cut texts into tokens and lines, in order."""

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Return fingerprints; `seen[i]` counts earlier documents with each line of text i."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The pure functions that the steps work; tests and benchmarks put in others."""

    fingerprint: Callable[[DedupParameters], "Signer"]
    """Makes what fingerprints texts with these parameters."""
    summarize: Callable[[Document], Findings]
    tag: Callable[[Document], Findings]


@dataclass(frozen=True, slots=True)
class Services:
    """What a step needs of the world."""

    ledger: Ledger
    index: FingerprintIndex
    dispatcher: Dispatcher
    functions: Functions
    on_duplicate: Literal["skip", "process"] = "skip"
    corpus: Corpus | None = None
    """None: documents are not counted."""
    trends: Trends | None = None
    """None: terms are not counted."""
    partition_of: PartitionOf = lambda _: ALL
    """Which partition of the index an event's document belongs to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document in one step, for the log."""

    entry_id: str
    document_id: str
    event_id: str
    outcome: str
    """What the commit answered (`stored`, `completed`, `known`, `gone`) or `rejected`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
