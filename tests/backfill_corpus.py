"""Corpora for back-fills: unlike texts, copies, edited copies, revisions, lines of sites."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dedup_texts import edited, text
from fanmill.batch.run_file import RunEntry, RunFile, RunKey, RunWriter
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.portable import portable
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.verdict import verdict

FOOTERS = [
    f"Contact us at mill {i}\nAll rights reserved by site {i} and its owners in the valley\n"
    "Subscribe to our letter about grain and flour prices today"
    for i in range(8)
]


def corpus(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield ids and texts; the text repeats an earlier one, or an id is given again, at times."""
    chance = random.Random(seed)
    recent: list[str] = []
    for number in range(count):
        kind = chance.random()
        if recent and kind < 0.1:
            body = chance.choice(recent)
        elif recent and kind < 0.25:
            body = edited(chance.choice(recent), (seed, number), chance.randint(1, 40))
        else:
            body = text((seed, number), chance.choice((0, 15, 60, 120, 200, 400)))
        if chance.random() < 0.4:
            body = f"{body}\n{chance.choice(FOOTERS)}"
        recent.append(body)
        del recent[:-2000]
        again = number and chance.random() < 0.03
        yield f"d{chance.randrange(number) if again else number}", body


def entries(
    documents: Iterable[tuple[str, str]],
    parameters: DedupParameters,
    *,
    partition_of=lambda _: "all",
    arrival_of=lambda _: 0,
) -> Iterator[RunEntry]:
    """Yield the documents as a back-fill writes them, unsorted."""
    maker = Fingerprinter(parameters)
    for number, (document_id, body) in enumerate(documents):
        tokenized = maker.tokenize([body])
        (plain,) = maker.fingerprints(tokenized, [bytes(len(tokenized[0].lines.hashes))])
        key = RunKey(partition_of(number), arrival_of(number), 0, number)
        yield RunEntry(key, document_id, portable(tokenized[0], plain, parameters))


def write_runs(
    folder: Path, found: Iterable[RunEntry], size: int, parameters: DedupParameters
) -> list[RunFile]:
    """Write runs of `size` documents each, and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(found)
    runs = []
    for at in range(0, len(everything), size):
        path = folder / f"{at:08d}.run"
        with RunWriter(path, parameters.signing_digest) as writer:
            for entry in sorted(everything[at : at + size], key=lambda each: each.key):
                writer.add(entry)
        runs.append(RunFile(path, 0))
    return runs


def judged_live(
    partition: Any, documents: Iterable[tuple[str, str, str]], name: str = "all", batch: int = 16
) -> list[tuple[str, dict[str, Any]]]:
    """Return ids and verdicts of documents (id, entry, text) that come to a live index."""
    maker = Fingerprinter(partition.parameters)
    listed = list(documents)
    answers = []
    for at in range(0, len(listed), batch):
        some = listed[at : at + batch]
        tokenized = maker.tokenize([body for _, _, body in some])
        named = [(i, entry, each) for (i, entry, _), each in zip(some, tokenized, strict=True)]
        for judgement, _ in judge_in_order(partition, maker, named):
            members = verdict(judgement, partition.parameters, name)
            answers.append(
                (
                    judgement.document_id,
                    members.model_dump(mode="json", exclude_defaults=True),
                )
            )
    return answers
