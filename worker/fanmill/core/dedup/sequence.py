"""Documents judged one after the other, in as few calls of the index as possible.

A verdict depends on the lines that are boilerplate at that moment, and any document may make a line
boilerplate. So the index judges a batch up to the first document whose fingerprint was made before
such a change, and the caller makes the fingerprints of the rest anew. The verdicts are therefore
the same for every batching of a sequence of documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from fanmill.core.dedup.boilerplate import Lines
from fanmill.core.dedup.fingerprint import Fingerprint, TokenizedText
from fanmill.core.dedup.judgement import Candidate, Judgement
from fanmill.core.dedup.parameters import DedupParameters

_MAX_FRUITLESS: Final = 8
"""Number of calls that judge no document, because other workers change the lines at that rate;
then the next document is judged as it is."""


class Partition(Protocol):
    """The part of `fanmill.ports.IndexPartition` that judges."""

    @property
    def parameters(self) -> DedupParameters:
        """Parameters of the fingerprints."""

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """Return the number of earlier documents with each line of each text."""

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge the documents up to the first whose fingerprint is out of date."""


class Maker(Protocol):
    """The part of `Fingerprinter` that makes fingerprints."""

    def fingerprints(
        self, tokenized: Sequence[TokenizedText], seen: Sequence[Sequence[int]] | None = None
    ) -> list[Fingerprint]:
        """Return the fingerprints of tokenized texts, in order."""


def judge_in_order(
    partition: Partition, maker: Maker, documents: Sequence[tuple[str, str, TokenizedText]]
) -> list[tuple[Judgement, Fingerprint]]:
    """Judge documents and enter them, in their order; return verdicts and fingerprints.

    Args:
        partition: Partition of the index.
        maker: Maker of the fingerprints.
        documents: Id, ledger entry and tokenized text of each document.
    """
    done: list[tuple[Judgement, Fingerprint]] = []
    made: dict[int, Fingerprint] = {}
    fruitless = 0
    while len(done) < len(documents):
        waiting = range(len(done), len(documents))
        _update(partition, maker, documents, waiting, made)
        if fruitless > _MAX_FRUITLESS:
            made[waiting.start] = replace(made[waiting.start], known=None)
        judged = partition.judge(
            [Candidate(documents[i][0], documents[i][1], made[i]) for i in waiting]
        )
        fruitless = 0 if judged else fruitless + 1
        done += [(each, made[i]) for i, each in zip(waiting, judged, strict=False)]
    return done


def _update(
    partition: Partition,
    maker: Maker,
    documents: Sequence[tuple[str, str, TokenizedText]],
    waiting: range,
    made: dict[int, Fingerprint],
) -> None:
    """Make the fingerprints that are missing or out of date."""
    texts = [documents[i][2] for i in waiting]
    if not partition.parameters.boilerplate:
        made.update(zip(waiting, maker.fingerprints(texts), strict=True))
        return
    least = partition.parameters.boilerplate_documents
    expected = _expected([each.lines for each in texts], partition)
    stale = [
        (i, seen)
        for i, seen in zip(waiting, expected, strict=True)
        if i not in made or made[i].known != tuple(count >= least for count in seen)
    ]
    fresh = maker.fingerprints([documents[i][2] for i, _ in stale], [seen for _, seen in stale])
    made.update(zip((i for i, _ in stale), fresh, strict=True))


def _expected(lines: Sequence[Lines], partition: Partition) -> list[list[int]]:
    """Return for each text the number of documents with each line when its turn comes.

    Each text is expected to be unique, so that it counts for the texts behind it. The index finds
    out where this is wrong; the first text has none before it, so each call judges one at least.
    """
    counts: list[list[int]] = []
    before: Counter[int] = Counter()
    for each, seen in zip(lines, partition.lines_seen(lines), strict=True):
        hashes = each.hashes.tolist()
        counts.append([n + before[line] for n, line in zip(seen, hashes, strict=True)])
        before.update(set(hashes))
    return counts
