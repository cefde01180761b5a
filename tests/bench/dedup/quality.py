"""Precision, recall and F1 against exact Jaccard similarity of word-5-gram sets.

    python -m bench.dedup.quality [documents]            the generator, seed 11
    python -m bench.dedup.quality --corpus FILE.jsonl    a user's corpus

A document is a duplicate if an earlier leader is at least as similar as the
threshold; leaders are the documents that are no duplicates. The reference finds
them by exact similarities. "own leaders" judges each single decision by the
exact similarities to the leaders the system itself had then.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import datasketch
import numpy as np
import rensa
import scipy.sparse

from bench.dedup.corpus import edited_corpus, from_jsonl
from bench.dedup.rivals import datasketch_signature, python_shingles
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.stores.index.redis_part import RedisIndexPart

Neighbours = list[dict[int, float]]
SHORT = 20


def exact_neighbours(shingles: Sequence[Sequence[str]], least: float = 0.5) -> Neighbours:
    """For each text its earlier texts and their exact Jaccard similarity, from `least`."""
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


def exact_leaders(neighbours: Neighbours, threshold: float, exact_only: set[int]) -> list[bool]:
    """Whether each text is a duplicate of an earlier leader, by exact similarity."""
    duplicate: list[bool] = []
    for text, others in enumerate(neighbours):
        wanted = 1.0 if text in exact_only else threshold
        duplicate.append(any(s >= wanted and not duplicate[o] for o, s in others.items()))
    return duplicate


def scores(truth: Sequence[bool], said: Sequence[bool]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    both = sum(t and s for t, s in zip(truth, said, strict=True))
    precision = both / max(1, sum(said))
    recall = both / max(1, sum(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def ours(client, texts, parameters, part) -> list[bool]:
    index = RedisIndexPart(client, parameters, part=part)
    maker = Fingerprinter(parameters)
    said = []
    for start in range(0, len(texts), 64):
        drafts = maker.drafts(texts[start : start + 64])
        seen = index.lines_seen([d.lines for d in drafts]) if parameters.boilerplate else None
        made = index.judge([
            Candidate(str(start + i), "1-0", f)
            for i, f in enumerate(maker.fingerprints(drafts, seen))
        ])  # fmt: skip
        said += [(j.verdict != "unique") for j in made]
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


def own_decisions(said, neighbours, threshold, exact_only) -> tuple[float, float, float]:
    truth = []
    for text, others in enumerate(neighbours):
        wanted = 1.0 if text in exact_only else threshold
        truth.append(any(s >= wanted and not said[o] for o, s in others.items()))
    return scores(truth, said)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("documents", nargs="?", type=int, default=12_000)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--language", default="english")
    given = arguments.parse_args()
    if given.corpus:
        texts = [d.text for d in from_jsonl(given.corpus)]
    else:
        texts = [d.text for d in edited_corpus(given.documents, 11, given.language)]
    counts = defaultdict(int)
    for text in texts:
        single = sum("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" for c in text[:2000])
        counts[single * 2 > len(text[:2000])] += 1
    characters = counts[True] > counts[False]
    shingles = [python_shingles(t, characters=characters) for t in texts]
    keep = [i for i, s in enumerate(shingles) if s]
    texts, shingles = [texts[i] for i in keep], [shingles[i] for i in keep]
    neighbours = exact_neighbours(shingles)
    short = {i for i, s in enumerate(shingles) if len(set(s)) < SHORT}
    signatures = [datasketch_signature(t, characters=characters) for t in texts]
    rows = []
    with running() as server:
        for threshold in (0.7, 0.8):
            plain = DedupParameters(
                jaccard_threshold=threshold, containment=False, boilerplate=False
            )
            whole = DedupParameters(jaccard_threshold=threshold)
            said_by = {
                "fanmill, Jaccard alone": ours(server.client, texts, plain, f"q{threshold}"),
                "fanmill, all rules (containment counts as wrong here)": ours(
                    server.client, texts, whole, f"w{threshold}"
                ),
                "datasketch": datasketch_says(signatures, threshold, checked=False),
                "datasketch, estimate checked": datasketch_says(
                    signatures, threshold, checked=True
                ),
                "rensa": rensa_says(shingles, threshold),
            }
            truth = exact_leaders(neighbours, threshold, short)
            for name, said in said_by.items():
                decision = own_decisions(said, neighbours, threshold, short)
                both = (*scores(truth, said), *decision)
                rows.append((threshold, name, *(f"{share:.4f}" for share in both)))
            close = sum(abs(s - threshold) < 0.03 for o in neighbours for s in o.values())
            facts = f"{len(texts)} documents, {sum(truth)} duplicates, {close} pairs within .03"
            rows.append((threshold, facts, *[""] * 6))
    headings = ["precision", "recall", "F1"]
    own = [f"{heading}, own leaders" for heading in headings]
    print(table(("threshold", "system", *headings, *own), rows))


if __name__ == "__main__":
    main()
