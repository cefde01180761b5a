"""Benchmark of `fanmill index merge`: speed, bytes, memory, and its verdicts against live ones.

Every document is judged twice: by a live index while the fingerprints are written, and by the
merge. `make bench-merge`; `python tests/bench/merge.py --help`.
"""

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from backfill_corpus import corpus
from fanmill.batch.run_file import RunEntry, RunFile, RunKey, RunWriter
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.portable import portable
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.verdict import verdict
from fanmill.local.server import EmbeddedServer
from fanmill.merge.merging import Merge
from fanmill.merge.verdicts import read_verdicts
from fanmill.stores.index import RedisFingerprintIndex, connect_index

PARAMETERS: Final = DedupParameters()
BATCH: Final = 64
RUN: Final = 16_384
NAME: Final = "all"


def line(document_id: str, deduplication: dict[str, Any]) -> bytes:
    """Return a verdict in a few bytes, to compare a million of them."""
    text = json.dumps([document_id, deduplication], sort_keys=True)
    return blake2b(text.encode(), digest_size=8).digest()


def judged_live(
    documents: Iterator[tuple[str, str]], folder: Path, partition: Any, started_ms: int
) -> Iterator[bytes]:
    """Write run files, let a live index judge, and yield its verdicts."""
    maker = Fingerprinter(PARAMETERS)
    number = 0
    while some := list(islice(documents, RUN)):
        with RunWriter(folder / f"{number:09d}.run", PARAMETERS.signing_digest) as writer:
            for at in range(0, len(some), BATCH):
                batch = some[at : at + BATCH]
                tokenized = maker.tokenize([body for _, body in batch])
                seen = [bytes(len(each.lines.hashes)) for each in tokenized]
                for i, plain in enumerate(maker.fingerprints(tokenized, seen)):
                    blob = portable(tokenized[i], plain, PARAMETERS)
                    key = RunKey(NAME, 0, 0, number + i)
                    writer.add(RunEntry(key, batch[i][0], blob))
                named = [
                    (batch[i][0], f"{started_ms}-{number + i}", each)
                    for i, each in enumerate(tokenized)
                ]
                for judgement, _ in judge_in_order(partition, maker, named):
                    members = verdict(judgement, PARAMETERS, NAME)
                    written = members.model_dump(mode="json", exclude_defaults=True)
                    yield line(judgement.document_id, written)
                number += len(batch)


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="folder for files, a temporary one by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        figures = measured(given.documents, given.seed, Path(name))
    sys.stdout.write(json.dumps(figures) + "\n")


def measured(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Return the figures of a merge of generated documents."""
    runs = folder / "runs"
    runs.mkdir()
    with (
        EmbeddedServer(folder / "live", durable=False) as server,
        connect_index(server.url, 30) as client,
    ):
        partition = RedisFingerprintIndex(client, "live", PARAMETERS).partition(NAME)
        expected = list(judged_live(corpus(count, seed), runs, partition, 1_700_000_000_000))
        live_bytes = client.info("memory")["used_memory"]
    files = [RunFile(path, 0) for path in sorted(runs.glob("*.run"))]
    merge = Merge(files, folder / "out", PARAMETERS)
    memory = {"server": 0, "merge": 0}

    def watch(_: str, documents: int) -> None:
        if documents % 4096 < BATCH * 2:
            own = psutil.Process()
            memory["merge"] = max(memory["merge"], own.memory_info().rss)
            for child in own.children():
                memory["server"] = max(memory["server"], child.memory_info().rss)

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    started, cpu = perf_counter(), process_time()
    found = merge.judge(watch)
    seconds, cpu = perf_counter() - started, process_time() - cpu
    server_cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    differing = sum(
        one != line(each.document_id, each.deduplication)
        for one, each in zip(expected, read_verdicts(folder / "out" / "verdicts"), strict=True)
    )
    return {
        "documents": count,
        "differing_verdicts": differing,
        "verdicts": found.verdicts,
        "fingerprints_remade": found.remade,
        "documents_per_second": round(count / seconds),
        "cpu_us_per_document": {
            "merge": round(cpu / count * 1e6, 1),
            "server": round(server_cpu / count * 1e6, 1),
        },
        "bytes_per_document": {
            "run_files": round(_size(runs) / count, 1),
            "verdicts": round(_size(folder / "out" / "verdicts") / count, 1),
            "index_file": round(_size(folder / "out" / "index") / count, 1),
            "live_index_memory": round(live_bytes / count, 1),
        },
        "peak_megabytes": {name: round(each / 1e6) for name, each in memory.items()},
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


if __name__ == "__main__":
    main()
