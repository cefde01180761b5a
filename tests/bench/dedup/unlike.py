"""False duplicates among unlike documents, and recall of what must be found among them.

    python -m bench.dedup.unlike [documents]

Each kind is a sequence of unlike documents with one thing in common; every verdict but `unique` is
false. `--pairs N` compares sets of random shingles directly, without the look-up that would hardly
ever bring them together: N pairs of every pair of sizes.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count

import numpy as np

from bench.dedup.made_up_language import Language
from bench.dedup.table import table
from dedup_servers import running
from fanmill.core.dedup.fingerprint import Fingerprinter, Representation
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.signature import signatures
from fanmill.core.dedup.similarity import is_contained, is_near, size_code
from fanmill.stores.index.redis_partition import RedisIndexPartition

SIZES = (30, 100, 300, 500, 512, 600, 660, 807, 1000, 1300, 1328, 1680, 2000, 2600, 3500, 5000)
_partitions = count()


def _words(language: Language, number: int) -> str:
    return " ".join(language.word() for _ in range(number))


def _paragraph(language: Language, number: int) -> str:
    return _words(language, number).capitalize() + "."


def common_paragraph(language: Language, documents: int, share: float) -> list[str]:
    """Return mails of 60 to 240 words; a disclaimer is `share` of each."""
    chance = random.Random(f"common {share}")
    disclaimer = _paragraph(language, 120)
    own = round(120 * (1 - share) / share)
    return [
        f"{_paragraph(language, round(own * chance.uniform(0.8, 1.2)))}\n\n{disclaimer}"
        for _ in range(documents)
    ]


def licensed_sources(language: Language, documents: int, lines: int) -> list[str]:
    """Return source files of 4 to 30 lines under the same licence of `lines` lines."""
    chance = random.Random(f"licence {lines}")
    licence = "\n".join(f"# {_words(language, 11)}" for _ in range(lines))
    made = []
    for _ in range(documents):
        code = "\n".join(
            f"    {language.word()} = {language.word()}({_words(language, 3).replace(' ', ', ')})"
            for _ in range(chance.randint(4, 30))
        )
        made.append(f"{licence}\n\ndef {language.word()}():\n{code}\n")
    return made


def threads(language: Language, documents: int, quoted: int) -> list[str]:
    """Return replies of 40 to 120 words that quote the same mail of `quoted` words."""
    chance = random.Random(f"thread {quoted}")
    words = _words(language, quoted).split()
    mail = "\n".join("> " + " ".join(words[i : i + 12]) for i in range(0, quoted, 12))
    return [
        f"{_paragraph(language, chance.randint(40, 120))}\n\nOn Monday Ana wrote:\n{mail}"
        for _ in range(documents)
    ]


def form_notices(language: Language, documents: int, words: int, blanks: int) -> list[str]:
    """Return notices from a form of `words` words; `blanks` of amount, name and date differ."""
    chance = random.Random(f"form {words}")
    form = _words(language, words).split()
    made = []
    for number in range(documents):
        filled = list(form)
        filled[words // 5] = str(1000 + number)
        if blanks > 1:
            filled[2 * words // 5] = f"{language.word().capitalize()}{number} Fund"
        if blanks > 2:
            filled[3 * words // 5] = f"{chance.randint(1, 28)} June"
        made.append(" ".join(filled).capitalize() + ".")
    return made


def forms_with_fields(language: Language, documents: int, words: int) -> list[str]:
    """Return forms, such as invoices: four fields, and the same paragraph of `words` words."""
    names = [language.word().capitalize() for _ in range(4)]
    terms = _paragraph(language, words)
    return [
        f"{names[0]}: {1000 + number}\n{names[1]}: {_words(language, 2).title()}\n"
        f"{names[2]}: {_words(language, 4)}\n{names[3]}: {number * 7}.50\n\n{terms}"
        for number in range(documents)
    ]


def long_texts(language: Language, documents: int) -> list[str]:
    """Return texts of 300 to 6,000 words that share only stock phrases."""
    chance = random.Random("long")
    return [
        language.render(language.article(chance.choice((4, 10, 25, 60)))) for _ in range(documents)
    ]


KINDS: dict[str, Callable[[Language, int], list[str]]] = {
    **{
        f"common paragraph, {share:.0%} of the text": partial(common_paragraph, share=share)
        for share in (0.2, 0.4, 0.5, 0.6, 0.7)
    },
    **{
        f"source files, licence of {lines} lines": partial(licensed_sources, lines=lines)
        for lines in (4, 12, 20)
    },
    **{
        f"replies that quote {quoted} words": partial(threads, quoted=quoted)
        for quoted in (60, 140)
    },
    **{
        f"notices of one form of {words} words, {blanks} blanks": partial(
            form_notices, words=words, blanks=blanks
        )
        for words in (30, 45, 58)
        for blanks in (1, 2, 3)
    },
    **{
        f"forms with four fields above {words} words": partial(forms_with_fields, words=words)
        for words in (30, 50, 80)
    },
    "long texts": long_texts,
}


def judged(client, texts: Sequence[str], batch: int) -> list[str]:
    """Return what decided each verdict, "" for the unique ones."""
    parameters = DedupParameters()
    index = RedisIndexPartition(client, parameters, partition=f"unlike-{next(_partitions)}")
    maker = Fingerprinter(parameters)
    said = []
    for start in range(0, len(texts), batch):
        tokenized = maker.tokenize(texts[start : start + batch])
        named = [(str(start + i), "1-0", each) for i, each in enumerate(tokenized)]
        made = judge_in_order(index, maker, named)
        said += ["" if j.verdict == "unique" else j.decided_by for j, _ in made]
    index.clear()
    return said


def random_sets(number: int, seed: int) -> list[Representation]:
    """Return fingerprints of `number` sets of random shingles of each size."""
    chance = np.random.default_rng(seed)
    made = []
    for size in SIZES:
        for _ in range(number):
            shingles = chance.integers(0, 2**64, size, dtype=np.uint64)
            signed = signatures(shingles, np.array([0, size], dtype=np.int64), DedupParameters())
            made.append(
                Representation(
                    signed.sizes[0],
                    size_code(signed.sizes[0]),
                    signed.sketches[0],
                    signed.keys.astype(">u4").tobytes(),
                )
            )
    return made


def false_pairs(pairs: int, seed: int) -> int:
    """Return how many of `pairs` pairs of unlike sets the estimate calls near."""
    rules, chance = DedupParameters(), random.Random(seed)
    sets = random_sets(60, seed)
    wrong = 0
    for _ in range(pairs):
        one, other = chance.sample(sets, 2)
        pair = one.similarity_to(other)
        wrong += is_near(pair, rules) or is_contained(pair, one.size_code, other.size_code, rules)
    return wrong


def parts(language: Language, whole_words: int, share: float, *, part_first: bool) -> list[str]:
    """Return a text and its first `share`; the part comes first if `part_first`."""
    words = [language.word() for _ in range(whole_words)]
    lines = [" ".join(words[i : i + 12]) for i in range(0, whole_words, 12)]
    both = ["\n".join(lines), "\n".join(lines[: round(len(lines) * share)])]
    return both[::-1] if part_first else both


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("documents", nargs="?", type=int, default=400)
    arguments.add_argument("--pairs", type=int, default=1_000_000)
    given = arguments.parse_args()
    rows = []
    with running() as server:
        for name, make in KINDS.items():
            texts = make(Language("english", 31), given.documents)
            by_batch = [judged(server.client, texts, batch) for batch in (1, 64)]
            rates = [f"{sum(map(bool, said)) / len(said):.4f}" for said in by_batch]
            rows.append((name, *rates, "yes" if by_batch[0] == by_batch[1] else "no"))
        print(table(("unlike documents", "near, batch 1", "near, batch 64", "equal"), rows))
        rows = []
        for whole in (600, 1000, 1680, 2213, 2600, 5000):
            for share in (0.6, 0.5):
                found = []
                language = Language("english", 37)
                for part_first in (True, False):
                    said = []
                    for _ in range(max(10, given.documents // 10)):
                        texts = parts(language, whole, share, part_first=part_first)
                        said.append(bool(judged(server.client, texts, 2)[1]))
                    found.append(f"{sum(said) / len(said):.2f}")
                rows.append((whole, share, *found))
        print(table(("words of the whole", "part", "part first", "whole first"), rows))
    print(f"random sets called near: {false_pairs(given.pairs, 41)} of {given.pairs} pairs")


if __name__ == "__main__":
    main()
