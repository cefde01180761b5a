"""Recall and precision on reprints under foreign headers, navigation and footers.

    python -m bench.dedup.reprints [articles]
    python -m bench.dedup.reprints --varied              sites of every make
    python -m bench.dedup.reprints --corpus FILE.jsonl   the same around texts of your own

A reprint is found if its verdict names the page of the same article. Precision
counts every verdict but unique on a page that repeats nothing.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from bench.dedup.corpus import from_jsonl, reprint_corpus
from bench.dedup.edits import in_characters
from bench.dedup.quality import exact_neighbours
from bench.dedup.rivals import python_shingles
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.stores.index.redis_partition import RedisIndexPartition


def _unlike(texts, characters):
    """Return texts of which no two are similar, so that only our copies repeat them."""
    texts = texts[:6000]
    shingles = [python_shingles(text, characters=characters) for text in texts]
    texts = [text for text, each in zip(texts, shingles, strict=True) if each]
    near = exact_neighbours([each for each in shingles if each], least=0.1)
    return [text for text, others in zip(texts, near, strict=True) if not others]


def judged(client, documents, parameters, part):
    index = RedisIndexPartition(client, parameters, partition=part)
    maker = Fingerprinter(parameters)
    made = []
    for start in range(0, len(documents), 16):
        batch = documents[start : start + 16]
        tokenized = maker.tokenize([d.text for d in batch])
        named = [(d.id, "1-0", each) for d, each in zip(batch, tokenized, strict=True)]
        made += [judgement for judgement, _ in judge_in_order(index, maker, named)]
    index.clear()
    return made


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("articles", nargs="?", type=int, default=2000)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--varied", action="store_true")
    given = arguments.parse_args()
    bodies: list[str] = []
    languages = ["english", "chinese"]
    if given.corpus:
        bodies = [d.text for d in from_jsonl(given.corpus)]
        single = 2 * sum(map(in_characters, bodies)) > len(bodies)
        bodies = _unlike([t for t in bodies if len(t) > (150 if single else 900)], single)
        languages = ["chinese" if single else "english"]
    rules = {
        "Jaccard alone": DedupParameters(containment=False, boilerplate=False),
        "with containment": DedupParameters(boilerplate=False),
        "with boilerplate": DedupParameters(containment=False),
        "with both": DedupParameters(),
    }
    rows = []
    varied = given.varied or bool(bodies)
    with running() as server:
        for language in languages:
            documents = reprint_corpus(21, language, given.articles, bodies=bodies, varied=varied)
            family = {d.id: d.family for d in documents}
            for name, parameters in rules.items():
                made = judged(server.client, documents, parameters, f"{language}-{name[-4:]}-x")
                rows.append((language, name, *_found(documents, made, family)))
    print(table(("language", "rules", "precision", "recall", "recall by kind"), rows))


def _found(documents, made, family):
    found, total = defaultdict(int), defaultdict(int)
    right = wrong = 0
    for document, judgement in zip(documents, made, strict=True):
        hit = judgement.verdict != "unique"
        same = hit and family[judgement.original_id] == document.family
        right += same
        wrong += hit and not same
        if document.kind != "original":
            total[document.kind] += 1
            found[document.kind] += same
    yield f"{right / max(1, right + wrong):.4f}"
    yield f"{sum(found.values()) / sum(total.values()):.4f}"
    yield ", ".join(f"{k}: {found[k] / total[k]:.3f}" for k in sorted(total))


if __name__ == "__main__":
    main()
