"""Documents a second: judge and insert, ours and datasketch's MinHashLSH on the same server.

python -m bench.dedup.online [documents]
"""

from __future__ import annotations

import sys
import time

import datasketch

from bench.dedup.corpus import edited_corpus
from bench.dedup.rivals import datasketch_signature
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.stores.index.redis_partition import RedisIndexPartition

ROUNDS = 8
"""Rounds in turn, the best of each side counts: short ones, to find a quiet moment."""


def _ours(client, texts, batch, tag, fingerprints, *, boilerplate):
    parameters = DedupParameters(boilerplate=boilerplate)
    index = RedisIndexPartition(client, parameters, partition=tag)
    maker = Fingerprinter(parameters)
    began = time.perf_counter()
    for start in range(0, len(texts), batch):
        if fingerprints:
            made = fingerprints[start : start + batch]
            index.judge([Candidate(f"doc-{start + i}", "1-0", f) for i, f in enumerate(made)])
        else:
            tokenized = maker.tokenize(texts[start : start + batch])
            named = [(f"doc-{start + i}", "1-0", each) for i, each in enumerate(tokenized)]
            judge_in_order(index, maker, named)
    return len(texts) / (time.perf_counter() - began)


def _theirs(port, texts, batch, signatures, name, *, buffered=False):
    lsh = datasketch.MinHashLSH(
        threshold=0.7,
        num_perm=128,
        storage_config={
            "type": "redis",
            "basename": name.encode(),
            "redis": {"host": "127.0.0.1", "port": port},
        },
    )
    began = time.perf_counter()
    for start in range(0, len(texts), batch):
        stop = min(start + batch, len(texts))
        made = signatures[start:stop] if signatures else [
            datasketch_signature(t, characters=False) for t in texts[start:stop]
        ]  # fmt: skip
        for signature in made:
            lsh.query(signature)
        if not buffered:
            for i, signature in enumerate(made):
                lsh.insert(f"doc-{start + i}", signature)
        else:
            with lsh.insertion_session(buffer_size=batch) as session:
                for i, signature in enumerate(made):
                    session.insert(f"doc-{start + i}", signature)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    texts = [d.text for d in edited_corpus(size, 11)]
    parameters = DedupParameters(boilerplate=False)
    maker = Fingerprinter(parameters)
    fingerprints = maker.fingerprints(maker.tokenize(texts))
    few = texts[: size // 10]
    signatures = [datasketch_signature(t, characters=False) for t in few]
    rows = []
    with running() as server:
        for batch in (1, 32):
            for what, ready in (("index alone", True), ("text to verdict", False)):
                ours = lines = theirs = buffered = 0.0
                for turn in range(ROUNDS):
                    tag = f"{batch}-{ready}-{turn}"
                    signed = signatures if ready else None
                    fingerprinted = fingerprints if ready else None
                    rate = _theirs(server.port, few, batch, signed, tag)
                    theirs = max(theirs, rate)
                    if batch > 1:
                        rate = _theirs(server.port, few, batch, signed, tag + "b", buffered=True)
                        buffered = max(buffered, rate)
                    rate = _ours(server.client, texts, batch, tag, fingerprinted, boilerplate=False)
                    ours = max(ours, rate)
                    if not ready:
                        rate = _ours(server.client, texts, batch, tag + "l", None, boilerplate=True)
                        lines = max(lines, rate)
                rows.append(
                    (
                        what,
                        batch,
                        f"{ours:.0f}",
                        f"{lines:.0f}" if lines else "",
                        f"{theirs:.0f}",
                        f"{ours / theirs:.0f}",
                        f"{buffered:.0f}" if buffered else "",
                        f"{ours / buffered:.0f}" if buffered else "",
                    )
                )
    print(
        table(
            (
                "measured",
                "batch",
                "ours, documents/s",
                "with boilerplate lines",
                "datasketch, query and insert",
                "ratio",
                "datasketch, insertion session",
                "ratio",
            ),
            rows,
        )
    )


if __name__ == "__main__":
    main()
