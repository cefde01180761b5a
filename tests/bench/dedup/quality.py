"""Precision, recall and F1 against exact similarity of word-5-gram sets.

    python -m bench.dedup.quality [documents]            the generator, seed 11
    python -m bench.dedup.quality --corpus FILE.jsonl    a user's corpus
    python -m bench.dedup.quality --edits                copies by edits of every kind

A document is a duplicate if an earlier original is at least as similar as the
threshold; originals are the documents that are no duplicates. The reference finds
them by exact similarities. "own originals" judges each single decision by the
exact similarities to the originals that the system itself had at that time. If the
truth is "Jaccard or part", a document that contains an earlier original, or is
contained in one, is a duplicate too: by the rules of `DedupParameters` on exact sets.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import datasketch
import numpy as np
import rensa
import scipy.sparse

from bench.dedup.corpus import edited_corpus, from_jsonl
from bench.dedup.edits import in_characters, with_copies
from bench.dedup.made_up_language import Language
from bench.dedup.rivals import datasketch_signature, python_shingles
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.stores.index.redis_partition import RedisIndexPartition

Neighbours = list[dict[int, float]]
SHORT = 20


def exact_neighbours(shingles: Sequence[Sequence[str]], least: float = 0.35) -> Neighbours:
    """Return each text's earlier texts with their exact Jaccard similarity, if at least `least`."""
    numbers: dict[str, int] = {}
    sets = [
        np.unique([numbers.setdefault(s, len(numbers)) for s in each]).astype(np.int64)
        for each in shingles
    ]
    sizes = np.array([len(s) for s in sets])
    edges = np.concatenate(([0], np.cumsum(sizes)))
    matrix = scipy.sparse.csr_matrix(
        (np.ones(edges[-1], np.int32), np.concatenate(sets), edges), (len(sets), len(numbers))
    )
    found: Neighbours = []
    for start in range(0, len(sets), 500):
        product = (matrix[start : start + 500] @ matrix.T).tocsr()
        for row in range(product.shape[0]):
            text = start + row
            others = product.indices[product.indptr[row] : product.indptr[row + 1]]
            shared = product.data[product.indptr[row] : product.indptr[row + 1]]
            similar = shared / (sizes[text] + sizes[others] - shared)
            keep = (similar >= least) & (others < text)
            found.append(dict(zip(others[keep].tolist(), similar[keep].tolist(), strict=True)))
    return found


class Truth:
    """Pairs of similar texts, by exact sets."""

    def __init__(self, shingles: Sequence[Sequence[str]]) -> None:
        """Compare all pairs."""
        self.sizes = [len(set(each)) for each in shingles]
        self.neighbours = exact_neighbours(shingles)
        self.short = {i for i, size in enumerate(self.sizes) if size < SHORT}

    def alike(self, text: int, other: int, similar: float, rules: DedupParameters) -> bool:
        """Return whether one text repeats the other by the rules."""
        if text in self.short:
            return similar == 1
        if similar >= rules.jaccard_threshold or not rules.containment or other in self.short:
            return similar >= rules.jaccard_threshold
        small, large = sorted((self.sizes[text], self.sizes[other]))
        return (
            similar / (1 + similar) * (small + large) >= rules.containment_threshold * small
            and similar >= rules.containment_min_jaccard
            and small <= rules.containment_size_ratio * large
        )

    def duplicates(self, rules: DedupParameters) -> list[bool]:
        """Return for each text whether it repeats an earlier original."""
        said: list[bool] = []
        for text, others in enumerate(self.neighbours):
            said.append(any(not said[o] and self.alike(text, o, s, rules)
                            for o, s in others.items()))  # fmt: skip
        return said

    def decisions(self, said: Sequence[bool], rules: DedupParameters) -> list[bool]:
        """Return for each text whether it repeats one that the system called an original."""
        return [
            any(not said[o] and self.alike(text, o, s, rules) for o, s in others.items())
            for text, others in enumerate(self.neighbours)
        ]


def scores(truth: Sequence[bool], said: Sequence[bool]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    both = sum(t and s for t, s in zip(truth, said, strict=True))
    precision = both / max(1, sum(said))
    recall = both / max(1, sum(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def ours(client, texts, parameters, part) -> list[str]:
    """Return the reason of each verdict; "" for unique texts."""
    index = RedisIndexPartition(client, parameters, partition=part)
    maker = Fingerprinter(parameters)
    said = []
    for start in range(0, len(texts), 64):
        tokenized = maker.tokenize(texts[start : start + 64])
        named = [(str(start + i), "1-0", each) for i, each in enumerate(tokenized)]
        made = judge_in_order(index, maker, named)
        said += ["" if j.verdict == "unique" else j.decided_by for j, _ in made]
    index.clear()
    return said


def datasketch_says(signatures, threshold, *, checked: bool) -> list[bool]:
    lsh = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
    said = []
    for i, signature in enumerate(signatures):
        found = lsh.query(signature)
        if checked:
            found = [o for o in found if signature.jaccard(signatures[o]) >= threshold]
        said.append(bool(found))
        if not found:
            lsh.insert(i, signature)
    return said


def rensa_says(shingles, threshold) -> list[bool]:
    dedup = rensa.RMinHashDeduplicator(threshold=threshold, num_perm=128, use_lsh=True)
    return [not kept for kept in dedup.add_pairs((str(i), s) for i, s in enumerate(shingles))]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("documents", nargs="?", type=int, default=12_000)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--language", default="english")
    arguments.add_argument("--edits", action="store_true", help="add copies by edits of every kind")
    given = arguments.parse_args()
    if given.corpus:
        texts = [d.text for d in from_jsonl(given.corpus)]
    elif given.edits:
        language = Language(given.language, 17)
        texts = [language.render(language.article()) for _ in range(given.documents // 2)]
    else:
        texts = [d.text for d in edited_corpus(given.documents, 11, given.language)]
    if given.edits:
        texts = with_copies(texts, given.documents, 29)
    characters = 2 * sum(map(in_characters, texts)) > len(texts)
    shingles = [python_shingles(t, characters=characters) for t in texts]
    keep = [i for i, s in enumerate(shingles) if s]
    texts, shingles = [texts[i] for i in keep], [shingles[i] for i in keep]
    truth = Truth(shingles)
    signatures = [datasketch_signature(t, characters=characters) for t in texts]
    rows = []
    with running() as server:
        for threshold in (0.7, 0.8):
            rows += _compared(server.client, threshold, texts, shingles, signatures, truth)
    headings = ["precision", "recall", "F1"]
    own = [f"{heading}, own originals" for heading in headings]
    print(table(("threshold", "truth", "system", *headings, *own), rows))


def _compared(client, threshold, texts, shingles, signatures, truth):  # noqa: PLR0917
    whole = DedupParameters(jaccard_threshold=threshold)
    parts = DedupParameters(jaccard_threshold=threshold, boilerplate=False)
    plain = DedupParameters(jaccard_threshold=threshold, boilerplate=False, containment=False)
    by_default = ours(client, texts, whole, f"w{threshold}")
    unchecked = datasketch_says(signatures, threshold, checked=False)
    checked = datasketch_says(signatures, threshold, checked=True)
    said_by = [
        ("fanmill, Jaccard alone", plain, ours(client, texts, plain, f"q{threshold}")),
        ("datasketch", plain, unchecked),
        ("datasketch, estimate checked", plain, checked),
        ("rensa", plain, rensa_says(shingles, threshold)),
        (
            "fanmill as it comes, verdicts by containment left out",
            plain,
            [decided not in ("", "containment") for decided in by_default],
        ),
        ("fanmill with containment", parts, ours(client, texts, parts, f"p{threshold}")),
        ("fanmill as it comes: containment, boilerplate", parts, by_default),
        ("datasketch, estimate checked", parts, checked),
    ]
    for name, rules, decided in said_by:
        said = [bool(each) for each in decided]
        own = truth.decisions(said, rules)
        both = (*scores(truth.duplicates(rules), said), *scores(own, said))
        against = "Jaccard or part" if rules.containment else "Jaccard"
        yield (threshold, against, name, *(f"{share:.4f}" for share in both))
    close = sum(abs(s - threshold) < 0.03 for o in truth.neighbours for s in o.values())
    found = sum(truth.duplicates(plain))
    facts = f"{len(texts)} documents, {found} duplicates, {close} pairs within .03"
    yield (threshold, "", facts, *[""] * 6)


if __name__ == "__main__":
    main()
