"""`fanmill backfill`: the same results for every division of the work, and after every kill."""

import gzip
import json
import signal

import pytest
import zstandard

from backfill.conftest import written
from fanmill.batch.run_file import RunFile
from polling import until

PART = 4000
OPTIONS = ("--part-bytes", str(PART), "--json")


def tree(folder):
    """Return all files of a back-fill with their content."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def records(folder):
    found = []
    for path in sorted((folder / "records").glob("*.zst")):
        data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
        found += [json.loads(line) for line in data.splitlines()]
    return found


def rejections(folder):
    lines = [path.read_text() for path in sorted((folder / "rejected").glob("*"))]
    return [json.loads(line) for line in "".join(lines).splitlines()]


def test_all_divisions_of_the_work_give_the_same_files(shell, tmp_path, rows):
    written(tmp_path / "in.jsonl", rows)
    whole = shell("backfill", "in.jsonl", "whole", "--workers", "1", *OPTIONS)
    assert (whole["documents"], whole["rejected"]) == (40, 0)
    assert whole["parts"] > 5
    counts = [
        shell("backfill", "in.jsonl", "shards", "--shard", f"{n}/2", "--workers", "2", *OPTIONS)
        for n in range(2)
    ]
    assert sum(count["documents"] for count in counts) == 40
    assert tree(tmp_path / "shards") == tree(tmp_path / "whole")
    assert [each["document_id"] for each in records(tmp_path / "whole")] == [r["id"] for r in rows]


def test_a_killed_shard_goes_on_and_gives_the_same_files(shell, tmp_path, rows):
    written(tmp_path / "in.jsonl", rows[:20])
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress((tmp_path / "in.jsonl").read_bytes()))
    command = ("backfill", "in.jsonl", "in.jsonl.gz", "killed", "--workers", "2", *OPTIONS)
    parts = tmp_path / "killed" / "parts"
    _kill_after(shell.start(*command), parts, 2)
    assert shell(*command)["parts_done_before"] > 0
    again = shell(*command)
    assert again["parts_done_before"] == again["parts"]
    assert again["documents"] == 40
    shell("backfill", "in.jsonl", "in.jsonl.gz", "whole", "--workers", "1", *OPTIONS)
    left = {name for name in tree(tmp_path / "killed") if name.endswith(".tmp")}
    found = {k: v for k, v in tree(tmp_path / "killed").items() if k not in left}
    assert found == tree(tmp_path / "whole")


def _kill_after(process, parts, count) -> None:
    until(lambda: process.poll() is not None or len(list(parts.glob("*.json"))) >= count)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_bad_lines_are_rejected_with_place_and_reason(shell, tmp_path, rows):
    good = [json.dumps(row) for row in rows[:3]]
    bad = ["no json", "[1]", '{"id": "a"}', '{"id": {}, "text": "x"}', ""]
    lines = [good[0], *bad[:2], good[1], *bad[2:], good[2]]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n")
    count = shell("backfill", "in.jsonl", "out", "--workers", "1", "--json")
    assert (count["documents"], count["rejected"]) == (3, 4)
    found = rejections(tmp_path / "out")
    assert [each["place"] for each in found] == [f"in.jsonl:{n}" for n in (2, 3, 5, 6)]
    assert all(each["reason"] == "malformed-event" and each["error"] for each in found)


def test_fields_are_found_under_other_names_and_paths(shell, tmp_path):
    row = {"doc": {"key": 7}, "content": "The mill stands.", "meta": {"link": "https://m.example/"}}
    written(tmp_path / "in.jsonl", [row, {"content": "no id"}])
    fields = ("--id-field", "doc.key", "--text-field", "content", "--url-field", "meta.link")
    shell("backfill", "in.jsonl", "out", "--workers", "1", *fields)
    first, second = records(tmp_path / "out")
    assert (first["document_id"], first["url"]) == ("7", "https://m.example/")
    assert second["document_id"] == "in.jsonl#2"


def test_a_run_is_sorted_by_partition_and_time_of_arrival(shell, tmp_path, rows):
    for number, row in enumerate(rows):
        row["language"] = ("de", "en")[number % 2]
        row["seen"] = f"2026-01-{30 - number % 28:02d}T00:00:00Z"
    rows[3]["seen"] = "yesterday"
    written(tmp_path / "in.jsonl", rows)
    count = shell(
        *("backfill", "in.jsonl", "out", "--workers", "1", "--arrival-field", "seen", "--json"),
        FANMILL_DEDUP_PARTITION="language",
    )
    assert (count["documents"], count["rejected"]) == (39, 1)
    (path,) = (tmp_path / "out" / "fingerprints").iterdir()
    keys = [entry.key for entry in RunFile(path).entries()]
    assert keys == sorted(keys)
    assert {key.partition for key in keys} == {"de", "en"}
    assert "seen" in rejections(tmp_path / "out")[0]["error"]


def test_a_damaged_file_is_named_and_the_others_are_processed(shell, tmp_path, rows):
    written(tmp_path / "good.jsonl", rows[:5])
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    (tmp_path / "bad.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "none.jsonl.zst").write_bytes(b"no zstd at all")
    files = ("good.jsonl", "bad.jsonl.gz", "none.jsonl.zst")
    count = shell("backfill", *files, "out", "--workers", "1", "--json", code=1)
    assert count["unreadable"] == 2
    assert count["documents"] > 5
    places = {each["place"] for each in rejections(tmp_path / "out")}
    assert {"bad.jsonl.gz", "none.jsonl.zst"} <= places


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.jsonl", "out"), "does not exist"),
        (("in.csv", "out"), ".jsonl"),
        (("in.jsonl", "out", "--shard", "8/8"), "0/8 to 7/8"),
    ],
)
def test_wrong_arguments_are_refused(shell, tmp_path, rows, arguments, said):
    written(tmp_path / "in.jsonl", rows[:1])
    (tmp_path / "in.csv").write_text("a,b\n")
    said_by = shell("backfill", *arguments, code=2)
    assert said in said_by.replace("N-1/N, such as 0/8 to 7/8", "0/8 to 7/8")


def test_a_folder_of_other_inputs_or_settings_is_refused(shell, tmp_path, rows):
    written(tmp_path / "in.jsonl", rows[:2])
    shell("backfill", "in.jsonl", "out", "--workers", "1")
    said = shell("backfill", "in.jsonl", "out", code=2, FANMILL_STATISTICS="quality")
    assert "other settings" in said
    written(tmp_path / "in.jsonl", rows[:3])
    assert "other files" in shell("backfill", "in.jsonl", "out", code=2)


def test_folders_and_patterns_name_the_same_files(shell, tmp_path, rows):
    inside = tmp_path / "crawl" / "2026"
    inside.mkdir(parents=True)
    written(inside / "b.jsonl", rows[:2])
    written(inside / "a.ndjson", rows[2:3])
    (inside / "notes.txt").write_text("passed over")
    folder = shell("backfill", "crawl", "crawl/out", "--workers", "1", "--json")
    assert folder["documents"] == 3
    assert (
        shell("backfill", "crawl/2026/*.jsonl", "out", "--workers", "1", "--json")["documents"] == 2
    )
    assert list((tmp_path / "out" / "rejected").iterdir()) == []


def test_parquet_files_are_read(shell, tmp_path, rows):
    duckdb = pytest.importorskip("duckdb", reason="the extra parquet is not installed")
    written(tmp_path / "in.jsonl", rows)
    duckdb.sql(f"copy (from '{tmp_path}/in.jsonl') to '{tmp_path}/in.parquet'")
    count = shell("backfill", "in.parquet", "out", "--workers", "1", "--json")
    assert count["documents"] == 40
    shell("backfill", "in.jsonl", "lines", "--workers", "1")
    drop = ("event",)
    found, expected = (
        [{k: v for k, v in each.items() if k not in drop} for each in records(tmp_path / name)]
        for name in ("out", "lines")
    )
    assert found == expected
