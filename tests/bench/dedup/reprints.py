# ruff: noqa: E501
"""Recall and precision on reprints under foreign headers, navigation and footers.

    python -m bench.dedup.reprints [articles]

A reprint is found if its verdict names the page of the same article. Precision
counts every verdict but unique on a page that repeats nothing.
"""

from __future__ import annotations

import sys
from collections import defaultdict

from bench.dedup.corpus import reprint_corpus
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.stores.index.redis_part import RedisIndexPart


def judged(client, documents, parameters, part):
    index = RedisIndexPart(client, parameters, part=part)
    maker = Fingerprinter(parameters)
    made = []
    for start in range(0, len(documents), 16):
        batch = documents[start : start + 16]
        drafts = maker.drafts([d.text for d in batch])
        seen = index.lines_seen([d.lines for d in drafts]) if parameters.boilerplate else None
        made += index.judge([
            Candidate(d.id, "1-0", f)
            for d, f in zip(batch, maker.fingerprints(drafts, seen), strict=True)
        ])  # fmt: skip
    index.clear()
    return made


def main() -> None:
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rules = {
        "Jaccard alone": DedupParameters(containment=False, boilerplate=False),
        "with containment": DedupParameters(boilerplate=False),
        "with boilerplate": DedupParameters(containment=False),
        "with both": DedupParameters(),
    }
    rows = []
    with running() as server:
        for language in ("english", "chinese"):
            documents = reprint_corpus(21, language, articles)
            family = {d.id: d.family for d in documents}
            for name, parameters in rules.items():
                made = judged(server.client, documents, parameters, f"{language}-{name[-4:]}-x")
                found, total = defaultdict(int), defaultdict(int)
                right = wrong = 0
                for document, judgement in zip(documents, made, strict=True):
                    hit = judgement.verdict != "unique"
                    same = hit and family[judgement.leader_id] == document.family
                    right += same
                    wrong += hit and not same
                    if document.kind != "original":
                        total[document.kind] += 1
                        found[document.kind] += same
                rows.append((language, name, f"{right / max(1, right + wrong):.4f}",
                             f"{sum(found.values()) / sum(total.values()):.4f}",
                             ", ".join(f"{k}: {found[k] / total[k]:.3f}" for k in sorted(total))))  # fmt: skip
    print(table(("language", "rules", "precision", "recall", "recall by kind"), rows))


if __name__ == "__main__":
    main()
