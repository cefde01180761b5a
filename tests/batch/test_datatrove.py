"""FanmillStep as users of datatrove run it; `make test-datatrove` installs what it needs."""

import gzip
import json

import pytest

pytest.importorskip("datatrove", reason="the extra datatrove is not installed")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from dedup_texts import text
from fanmill.batch import Mill
from fanmill.batch.datatrove_step import FanmillStep
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.merge.backfills import find_runs
from fanmill.merge.merging import Merge
from fanmill.merge.verdicts import read_verdicts

pytestmark = pytest.mark.filterwarnings("ignore")  # of its dependencies


def test_two_tasks_write_records_rejections_and_fingerprints(tmp_path):
    rows = [
        {"id": f"d{n}", "text": text(("trove", n % 25), 80), "url": "https://m.example/"}
        for n in range(30)
    ]
    rows[4]["url"] = "u" * 3000
    (tmp_path / "in").mkdir()
    for number in range(2):
        lines = "".join(json.dumps(row) + "\n" for row in rows[15 * number : 15 * number + 15])
        (tmp_path / "in" / f"{number}.jsonl").write_text(lines)
    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            FanmillStep(
                str(tmp_path / "fingerprints"),
                Mill(),
                exclusion_writer=JsonlWriter(str(tmp_path / "rejected")),
            ),
            JsonlWriter(str(tmp_path / "records")),
        ],
        tasks=2,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    )
    executor.run()
    found = _read(tmp_path / "records")
    assert {each["id"] for each in found} == {row["id"] for row in rows} - {"d4"}
    assert all(each["metadata"]["fanmill"]["statistics"]["words"] == 80 for each in found)
    (rejected,) = _read(tmp_path / "rejected")
    assert rejected["id"] == "d4"
    assert "url" in rejected["metadata"]["error"]

    signing = DedupParameters().signing_digest
    runs, _ = find_runs([tmp_path / "fingerprints"], tmp_path / "tables", signing)
    Merge(runs, tmp_path / "out", DedupParameters()).judge(lambda _, __: None)
    verdicts = {
        each.document_id: each.deduplication["verdict"]
        for each in read_verdicts(tmp_path / "out" / "verdicts")
    }
    assert len(verdicts) == 29
    assert {name for name, verdict in verdicts.items() if verdict == "exact"} == {
        "d25", "d26", "d27", "d28",
    }  # fmt: skip


def _read(folder) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted(folder.rglob("*.jsonl.gz"))
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
