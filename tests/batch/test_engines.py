"""The programs of the page on Ray Data and Spark, run by the engines up to the merge.

`make test-engines` installs the engines in an environment of their own; elsewhere these tests are
skipped.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dedup_texts import text
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.merge.backfills import find_runs
from fanmill.merge.merging import Merge
from fanmill.merge.verdicts import read_verdicts

PAGE = Path(__file__).parents[2] / "deploy" / "BACKFILL.md"
DOCUMENTS = 40
BEGIN_RAY = """
import ray
ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200_000_000)
"""
BEGIN_SPARK = """
from pyspark.sql import SparkSession
settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1"}
spark = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
"""

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(900)]


def program_of(engine: str) -> str:
    """Return the program below the name of an engine, with few processes."""
    (found,) = re.findall(
        rf"^\*\*{engine}\*\*.*?```python\n(.*?)```",
        PAGE.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    return found.replace("concurrency=8", "concurrency=1")


@pytest.fixture
def folder(tmp_path):
    """A folder with the corpus in three files; a fifth of the documents are copies."""
    pyarrow = pytest.importorskip("pyarrow", reason="no pyarrow; see make test-engines")
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "corpus").mkdir()
    rows = [
        {
            "id": f"d{n}",
            "text": text(("engine", n % 32), 60),
            "url": "https://mill.example/" if n else "u" * 3000,
            "sequence": n,
        }
        for n in range(DOCUMENTS)
    ]
    for number in range(3):
        table = pyarrow.Table.from_pylist(rows[number::3])
        parquet.write_table(table, tmp_path / "corpus" / f"{number}.parquet")
    return tmp_path


def run(program: str, folder: Path) -> None:
    """Run a program in a folder, in a Python of its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FANMILL_")},
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]


def merged(folder: Path) -> dict[str, str]:
    """Merge the outcomes; return the verdicts by document."""
    parameters = DedupParameters()
    runs, _ = find_runs([folder / "outcomes"], folder / "tables", parameters.signing_digest)
    Merge(runs, folder / "merged", parameters).judge(lambda _, __: None)
    return {
        each.document_id: each.deduplication["verdict"]
        for each in read_verdicts(folder / "merged" / "verdicts")
    }


def checked(folder: Path) -> None:
    """Check records, the rejection, and verdicts."""
    duckdb = pytest.importorskip("duckdb", reason="the extra parquet is not installed")
    rows = duckdb.sql(
        f"select document_id, record, rejected from read_parquet('{folder}/outcomes/*.parquet')"  # noqa: S608
    ).fetchall()
    assert len(rows) == DOCUMENTS
    (rejected,) = (reason for name, _, reason in rows if name is None or reason)
    assert "url" in rejected
    records = [json.loads(record) for _, record, _ in rows if record]
    assert all(each["statistics"]["words"] == 60 for each in records)
    verdicts = merged(folder)
    assert len(verdicts) == DOCUMENTS - 1
    assert sum(each == "exact" for each in verdicts.values()) == DOCUMENTS - 32 - 1


def test_ray_data_runs_the_program_of_the_page(folder):
    pytest.importorskip("ray", reason="no Ray; see make test-engines")
    run(BEGIN_RAY + program_of("Ray Data"), folder)
    checked(folder)
    # Whatever order Ray took, the copies are the later documents of the column `sequence`.
    exact = {name for name, verdict in merged(folder).items() if verdict == "exact"}
    assert exact == {f"d{n}" for n in range(33, DOCUMENTS)}


def test_spark_runs_the_program_of_the_page(folder):
    pytest.importorskip("pyspark", reason="no Spark; see make test-engines")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("no Java")
    run(BEGIN_SPARK + program_of("Spark"), folder)
    checked(folder)
