"""Text to signature: ours, datasketch, rensa with Python shingles; English and Chinese.

    python -m bench.dedup.signing [--profile]

Every side normalises (NFKC and case folding), cuts into words or characters,
makes 5-token shingles and signs.
"""

from __future__ import annotations

import cProfile
import pstats
import sys

from bench.dedup.made_up_language import Language
from bench.dedup.rivals import datasketch_signature, rensa_signature
from bench.dedup.table import best_seconds, table
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters


def main() -> None:
    plain = Fingerprinter(DedupParameters(boilerplate=False))
    lines = Fingerprinter(DedupParameters())
    rows = []
    for name, words in (("english", 1150), ("chinese", 1150)):
        language = Language(name, 3)
        texts = [language.render(language.article(words)) for _ in range(48)]
        characters = name == "chinese"

        def ours(maker=plain, texts=texts):
            maker.fingerprints(maker.tokenize(texts))

        def one_by_one(texts=texts):
            for text in texts:
                plain.fingerprint(text)

        best = best_seconds(
            {
                "ours": ours,
                "ours, boilerplate lines hashed": lambda ours=ours: ours(lines),
                "ours, one by one": one_by_one,
                "datasketch 128": lambda t=texts, c=characters: [
                    datasketch_signature(x, characters=c) for x in t
                ],
                "rensa 128": lambda t=texts, c=characters: [
                    rensa_signature(x, characters=c, slots=128) for x in t
                ],
                "rensa 512": lambda t=texts, c=characters: [
                    rensa_signature(x, characters=c) for x in t
                ],
            }
        )
        mean = sum(map(len, texts)) / len(texts)
        for side, seconds in best.items():
            rows.append(
                (
                    f"{name}, {mean:.0f} characters",
                    side,
                    f"{seconds / len(texts) * 1e6:.0f}",
                    f"{seconds / best['ours']:.1f}",
                )
            )
        if "--profile" in sys.argv:
            profile = cProfile.Profile()
            profile.runcall(lambda ours=ours: [ours() for _ in range(20)])
            pstats.Stats(profile).sort_stats("tottime").print_stats(14)
    print(table(("texts", "side", "us a text", "ours is faster by"), rows))


if __name__ == "__main__":
    main()
