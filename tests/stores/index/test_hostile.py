"""Texts that nobody writes: the index takes them, quickly enough, and tells them apart."""

import random

import pytest

from dedup_texts import candidate, text
from fanmill.ports import IndexPartition

MEBIBYTE = 1024 * 1024
CHANCE = random.Random(5)
WORDS = [f"w{n}" for n in range(50_000)]

TEXTS = {
    "empty": "",
    "one-character": "a",
    "same-character": "a" * (4 * MEBIBYTE),
    "same-han-character": "中" * MEBIBYTE,
    "same-word": "again " * 700_000,
    "combining-marks": "a" + "\u0301" * 100_000,
    "zero-width": "\u200b" * MEBIBYTE,
    "four-mebibytes": " ".join(CHANCE.choices(WORDS, k=600_000)),
    "many-lines": "\n".join(f"line number {n} of many" for n in range(100_000)),
    "same-line": "this line stands here again and again.\n" * 100_000,
    "line-ends": "\n" * MEBIBYTE,
    "nul": "\x00" * MEBIBYTE,
    "surrogates": "\ud800\udfff" * 50_000,
    "private-use": "".join(chr(0xE000 + n % 6000) for n in range(100_000)),
    "expanding": "\ufdfa" * 100_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_judged_and_its_copy_is_found(index: IndexPartition, name: str) -> None:
    body = TEXTS[name]
    alone, again = (
        index.judge([candidate(f"{name}-{number}", body, index=index)])[0] for number in range(2)
    )
    assert alone.verdict == "unique"
    assert (again.verdict, again.original_id) == ("exact", f"{name}-0")
    (ordinary,) = index.judge([candidate("ordinary", text(1), index=index)])
    assert ordinary.verdict == "unique"


def test_all_hostile_texts_in_one_batch_are_told_apart(index: IndexPartition) -> None:
    judged = index.judge([candidate(name, body) for name, body in TEXTS.items()])
    nothing = {"empty", "zero-width", "line-ends", "nul"}
    for judgement in judged:
        repeats_nothing = judgement.document_id in nothing - {"empty"}
        assert judgement.original_id == ("empty" if repeats_nothing else None), judgement
