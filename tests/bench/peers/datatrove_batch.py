"""Quality filters and MinHash of datatrove on English documents: a batch program, not a service.

    python datatrove_batch.py folder < events

Prints seconds, CPU seconds and the number of remaining documents as JSON. All runs in this process,
since its pool would import datatrove anew for each of the five steps; imports are not timed.
"""

import gzip
import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

WARM_UP = 20


def run(folder: Path, lines: list[str]) -> int:
    """Filter documents, remove near duplicates by MinHash, and return how many remain."""
    (folder / "in").mkdir(parents=True)
    (folder / "in/0.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = MinhashConfig()
    kept = str(folder / "kept")
    steps = {
        "filters": [
            JsonlReader(str(folder / "in")),
            GopherRepetitionFilter(),
            GopherQualityFilter(),
            C4QualityFilter(),
            FineWebQualityFilter(),
            JsonlWriter(kept),
        ],
        "signatures": [
            JsonlReader(kept),
            MinhashDedupSignature(str(folder / "signatures"), config=config),
        ],
        "buckets": [
            MinhashDedupBuckets(str(folder / "signatures"), str(folder / "buckets"), config=config)
        ],
        "clusters": [MinhashDedupCluster(str(folder / "buckets"), str(folder / "remove"), config)],
        "last": [
            JsonlReader(kept),
            MinhashDedupFilter(str(folder / "remove")),
            JsonlWriter(str(folder / "out")),
        ],
    }
    for name, pipeline in steps.items():
        tasks = config.num_buckets if name == "buckets" else 1
        logs = str(folder / "logs" / name)
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=logs).run()
    return sum(
        len(gzip.decompress(path.read_bytes()).splitlines()) for path in (folder / "out").iterdir()
    )


def main() -> None:
    """Warm up, run, and print the figures."""
    folder = Path(sys.argv[1])
    documents = [json.loads(line)["data"] for line in sys.stdin]
    lines = [json.dumps({"id": each["document_id"], "text": each["text"]}) for each in documents]
    run(folder / "warm", lines[:WARM_UP])
    started, cpu = perf_counter(), process_time()
    remaining = run(folder / "load", lines)
    figures = {
        "seconds": perf_counter() - started,
        "cpu": process_time() - cpu,
        "remaining": remaining,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
