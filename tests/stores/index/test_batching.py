"""Verdicts do not depend on how a sequence of documents is cut into batches."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup_texts import Clock, edited, text, vocabulary
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate, Judgement
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.ports import IndexPartition
from fanmill.stores.index.redis_partition import RedisIndexPartition
from fanmill.testing.index_partition import MemoryIndexPartition

_runs = itertools.count()
PARAMETERS = DedupParameters(max_documents=25)


def _paragraph(seed: object, words: int) -> str:
    chosen = random.Random(repr(seed)).choices(vocabulary(), k=words)
    return " ".join(chosen).capitalize() + "."


def body(family: int, variant: int, common: int) -> str:
    """Return an article, its copy, part or page, or a short text; `common` adds a paragraph."""
    article = text(family, 90 + family * 7)
    if variant == 1:
        article = edited(article, family, 4)
    elif variant == 2:
        article = "\n".join(article.split("\n")[:6])
    elif variant == 3:
        article = "\n".join(_paragraph(("menu", line), 7) for line in range(8)) + "\n" + article
    elif variant == 4:
        article = _paragraph(("short", family % 3), 12)
    return article + "\n\n" + _paragraph(("notice", common), 110) if common else article


documents = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 4), st.integers(0, 2)),
    min_size=1,
    max_size=40,
)


def _verdicts(
    partition: IndexPartition, sequence: Sequence[tuple[int, int, int, int]], cuts: Iterable[int]
) -> list[Judgement]:
    maker = Fingerprinter(partition.parameters)
    tokenized = maker.tokenize([body(f, v, c) for _, f, v, c in sequence])
    named = [
        (f"d{document}", f"{number + 1}-0", each)
        for number, ((document, *_), each) in enumerate(zip(sequence, tokenized, strict=True))
    ]
    edges = [0, *sorted(cut for cut in cuts if cut < len(named)), len(named)]
    judged = []
    for start, stop in itertools.pairwise(edges):
        judged += [each for each, _ in judge_in_order(partition, maker, named[start:stop])]
    return judged


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents, st.sets(st.integers(1, 39)))
def test_any_batching_of_a_sequence_yields_the_same_verdicts(server, sequence, cuts):
    clock = Clock()
    one_by_one = range(1, len(sequence))
    expected = _verdicts(MemoryIndexPartition(PARAMETERS, clock_ms=clock), sequence, one_by_one)
    assert len(expected) == len(sequence)
    assert _verdicts(MemoryIndexPartition(PARAMETERS, clock_ms=clock), sequence, cuts) == expected
    for chosen in (cuts, one_by_one):
        partition = RedisIndexPartition(
            server.client, PARAMETERS, partition=f"cut-{next(_runs)}", clock_ms=clock
        )
        assert _verdicts(partition, sequence, chosen) == expected
        partition.clear()


def _mail(number: int, own_words: int, disclaimer: str) -> str:
    chance = random.Random(number)
    return " ".join(chance.choices(vocabulary(), k=own_words)) + ".\n\n" + disclaimer


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("disclaimer_words", [30, 80, 141, 200])
def test_unlike_mails_with_one_disclaimer_are_unique(make_index, size, disclaimer_words):
    index = make_index()
    maker = Fingerprinter(index.parameters)
    disclaimer = _paragraph("disclaimer", disclaimer_words)
    mails = maker.tokenize([_mail(n, 60 + n % 61, disclaimer) for n in range(200)])
    judged = []
    for start in range(0, 200, size):
        named = [(f"m{n}", "1-0", mails[n]) for n in range(start, min(start + size, 200))]
        judged += [each for each, _ in judge_in_order(index, maker, named)]
    assert [each.document_id for each in judged if each.verdict != "unique"] == []


def test_a_mail_that_came_before_its_disclaimer_was_known_is_found_by_its_own_text(make_index):
    index = make_index()
    maker = Fingerprinter(index.parameters)
    disclaimer = _paragraph("disclaimer", 141)
    bodies = [_mail(n, 90, disclaimer) for n in range(12)]
    bodies.append(_mail(0, 90, disclaimer).replace(" ", "  ", 3) + "\nSent from a telephone")
    bodies.append(_mail(0, 90, "Yours."))
    named = [(f"m{n}", "1-0", each) for n, each in enumerate(maker.tokenize(bodies))]
    judged = [each for each, _ in judge_in_order(index, maker, named)]
    assert {each.verdict for each in judged[:12]} == {"unique"}
    assert [(each.verdict, each.original_id) for each in judged[12:]] == [("near", "m0")] * 2


def test_workers_that_race_on_mails_with_one_disclaimer_find_all_unique(server):
    disclaimer = _paragraph("raced", 141)
    maker = Fingerprinter(DedupParameters())
    mails = maker.tokenize([_mail(n, 60 + n % 61, disclaimer) for n in range(240)])

    def work(worker: int) -> list[str]:
        index = RedisIndexPartition(server.client, DedupParameters(), partition="raced-mails")
        verdicts = []
        for start in range(worker * 60, worker * 60 + 60, 12):
            named = [(f"m{n}", "1-0", mails[n]) for n in range(start, start + 12)]
            verdicts += [each.verdict for each, _ in judge_in_order(index, maker, named)]
        return verdicts

    with ThreadPoolExecutor(4) as pool:
        verdicts = list(itertools.chain.from_iterable(pool.map(work, range(4))))
    assert verdicts == ["unique"] * 240


class _Unsteady(MemoryIndexPartition):
    """A partition whose lines change before each call, as if other workers were that fast."""

    calls = 0

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        self.calls += 1
        for candidate in batch[:1]:
            if candidate.fingerprint.known is not None:
                return []
        return super().judge(batch)


def test_a_document_is_judged_in_the_end_however_fast_the_lines_change(clock):
    index = _Unsteady(DedupParameters(), clock_ms=clock)
    maker = Fingerprinter(index.parameters)
    named = [(f"d{n}", "1-0", each) for n, each in enumerate(maker.tokenize([text(1), text(2)]))]
    judged = judge_in_order(index, maker, named)
    assert [each.verdict for each, _ in judged] == ["unique", "unique"]
    assert index.calls < 30


def _source(number: int, licence: str) -> str:
    chance = random.Random(number)
    lines = (
        f"def {'_'.join(chance.choices(vocabulary(), k=2))}({chance.choice(vocabulary())}): "
        + " ".join(chance.choices(vocabulary(), k=6))
        for _ in range(5 + number % 7)
    )
    return licence + "\n\n" + "\n".join(lines)


def test_unlike_source_files_under_one_licence_are_unique(make_index):
    index = make_index()
    maker = Fingerprinter(index.parameters)
    licence = "\n".join(f"# {_paragraph(('licence', line), 12)[:-1]}" for line in range(8))
    files = maker.tokenize([_source(n, licence) for n in range(40)])
    named = [(f"f{n}", "1-0", each) for n, each in enumerate(files)]
    judged = [each for each, _ in judge_in_order(index, maker, named)]
    assert [each.document_id for each in judged if each.verdict != "unique"] == []


def test_replies_that_quote_one_mail_are_not_near_each_other(make_index):
    index = make_index()
    maker = Fingerprinter(index.parameters)
    quoted = "\n".join(f"> {line}" for line in text("first", 140).split("\n"))
    replies = [f"{_paragraph(n, 60 + 3 * n)}\n\n{quoted}" for n in range(12)]
    named = [(f"r{n}", "1-0", each) for n, each in enumerate(maker.tokenize(replies))]
    judged = [each for each, _ in judge_in_order(index, maker, named)]
    assert [each.document_id for each in judged if each.verdict != "unique"] == []
