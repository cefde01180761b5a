"""Step `deduplicate`: each document judged against all documents seen before."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import groupby
from typing import Final

from fanmill.core.dedup.fingerprint import TokenizedText
from fanmill.core.dedup.packing import packed
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.verdict import verdict
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.ports import LATER_STAGES, Batch, IndexPartition, StageResult
from fanmill.steps.batch_run import Run, started
from fanmill.steps.services import Loaded, Outcome, Services, Signer
from fanmill.steps.stage_results import members_json
from fanmill_contracts.results import Deduplication

_MAX_JUDGED: Final = 64
"""Documents in one script call of the index: the call blocks its server."""

Judged = tuple[Deduplication, bytes]
"""Verdict on a document, and its packed fingerprint."""


def deduplicate(services: Services, batch: Batch, loaded: Loaded | None = None) -> list[Outcome]:
    """Judge each document of a batch and hand the others on to the later stages.

    Returns one outcome for each document that needed this step, none for
    documents that were done or gone before.
    """
    with started(services, "deduplicate", batch, loaded) as run:
        results = [
            _stage_result(services, entry_id, run.documents[entry_id], judged)
            for entry_id, judged in _verdicts(services, run)
        ]
        outcomes = run.finish(services, results)
    going_on = tuple(
        result.entry_id
        for result in results
        if not result.closes and outcomes[result.entry_id].outcome == "stored"
    )
    if going_on:
        following = Batch(batch.id, going_on, batch.delivery)
        kept = Loaded(run.bodies, run.documents)
        for stage in LATER_STAGES:
            services.hand_on(stage, following, kept)
    return list(outcomes.values())


def _verdicts(services: Services, run: Run) -> Iterator[tuple[str, Judged]]:
    """Yield the verdict on each readable document, in order of arrival within a partition."""
    signer = services.functions.fingerprint(services.index.parameters)
    tokenized = run.tokenize(signer)
    names = {entry_id: services.partition_of(run.bodies[entry_id]) for entry_id in tokenized}
    by_partition = sorted(tokenized, key=lambda entry_id: names[entry_id])
    for name, group in groupby(by_partition, key=lambda entry_id: names[entry_id]):
        partition = services.index.partition(name)
        entries = list(group)
        for at in range(0, len(entries), _MAX_JUDGED):
            chunk = entries[at : at + _MAX_JUDGED]
            chosen = {entry_id: tokenized[entry_id] for entry_id in chunk}
            yield from zip(chunk, _judged(partition, name, run, signer, chosen), strict=True)


def _judged(
    partition: IndexPartition,
    name: str,
    run: Run,
    signer: Signer,
    tokenized: Mapping[str, TokenizedText],
) -> list[Judged]:
    """Return verdicts and fingerprints of documents of one partition, in their order."""
    parameters = partition.parameters
    documents = [
        (run.documents[entry_id].document_id, entry_id, text)
        for entry_id, text in tokenized.items()
    ]
    return [
        (verdict(judgement, parameters, name), packed(fingerprint, parameters))
        for judgement, fingerprint in judge_in_order(partition, signer, documents)
    ]


def _skips(services: Services, deduplication: Deduplication) -> bool:
    """Return whether the document needs no further stage.

    That a text contains another one is the less certain verdict, and losing an analysis is worse
    than making it twice.
    """
    if deduplication.verdict == "unique" or services.on_duplicate == "process":
        return False
    return services.skip_contained or deduplication.decided_by != "containment"


def _stage_result(
    services: Services, entry_id: str, document: Document, judged: Judged
) -> StageResult:
    """Return the stage result, which closes the record of a duplicate that is skipped."""
    deduplication, fingerprint = judged
    digest = sha256(document.text.encode()).hexdigest()
    members = RecordMembers(text_sha256=digest, deduplication=deduplication)
    return StageResult(
        entry_id=entry_id,
        document_id=document.document_id,
        members=members_json(members),
        closes=_skips(services, deduplication),
        verdict=deduplication.verdict,
        fingerprint=fingerprint,
    )
