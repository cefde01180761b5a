"""Looking at duplicates, forgetting documents, and making the index anew."""

from json import dumps, loads

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from dedup_texts import edited, text
from fanmill.stores.index import IndexParametersDiffer
from fanmill.stores.keys import Keys

ARTICLE = text("article", 300)


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    """Four documents that repeat each other and two more, all complete."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(
        ingested("first", ARTICLE),
        ingested("copy", ARTICLE.upper()),
        ingested("edited", edited(ARTICLE, 1, 4)),
        ingested("longer", ARTICLE + "\n" + text("rest", 150)),
        ingested("other", text("other", 200)),
        ingested("short", "Closed today."),
    )
    mill.run()
    return mill


@pytest.mark.usefixtures("mill")
def test_a_cluster_has_its_original_its_members_and_why(fanmill):
    (row,) = fanmill("duplicates", "edited", "--json").rows
    assert (row["original"], row["size"], row["partition"]) == ("first", 4, "all")
    members = {member["document_id"]: member for member in row["members"]}
    assert list(members) == ["copy", "edited", "longer"]
    assert members["copy"]["decided_by"] == "digest"
    assert (members["edited"]["verdict"], members["edited"]["decided_by"]) == ("near", "jaccard")
    assert 0.7 < members["edited"]["similarity"] < 1
    assert members["longer"]["decided_by"] == "containment"
    shown = fanmill("duplicates", "first")
    assert shown.code == 0
    assert "original" in shown.out
    assert "containment" in shown.out
    unknown = fanmill("duplicates", "nobody")
    assert unknown.code == 1
    assert "'nobody'" in unknown.err


@pytest.mark.usefixtures("mill")
def test_the_largest_clusters_are_listed(fanmill):
    assert fanmill("clusters", "--json").rows == [
        {"partition": "all", "original": "first", "size": 4}
    ]
    assert "first" in fanmill("clusters", "--top", "3").out


@pytest.mark.usefixtures("mill")
def test_a_verdict_says_of_what_how_sure_and_why(fanmill):
    judged = fanmill("show", "edited", "--json").rows[0]["result"]["deduplication"]
    assert (judged["verdict"], judged["duplicate_of"], judged["compared_text"]) == (
        "near",
        "first",
        "content",
    )
    assert judged["algorithm"] == "minhash-4"
    assert judged["threshold"] == 0.7
    assert "near 0." in fanmill("results").out
    assert "too short for an estimate" in fanmill("show", "short").out


def test_a_forgotten_document_is_in_neither_store(fanmill, mill):
    refused = fanmill("forget", "first", "--yes")
    assert (refused.code, "--note" in refused.err) == (2, True)
    done = fanmill("forget", "first", "--yes", "--json", "--note", "asked")
    assert done.rows[0]["found"] == {"processed stream": 1, "records": 1, "index": 1}
    assert (done.rows[0]["state"], done.rows[0]["forgotten"]) == ("done", 1)
    (action,) = fanmill("actions", "list", "--json").rows
    assert action["id"] == done.rows[0]["actions"][0]
    assert (action["kind"], action["note"], action["documents"]) == ("forget", "asked", 1)
    assert (action["ids"], action["filter"]) == ([], ""), "the id is in the tombstone alone"
    assert fanmill("show", "first").code == 1
    assert fanmill("duplicates", "first").code == 1
    assert fanmill("duplicates", "copy", "--json").rows[0]["original"] is None
    again = fanmill("forget", "first", "--yes", "--note", "asked")
    assert again.code == 1
    assert "'first'" in again.err
    mill.publish(ingested("next", ARTICLE))
    mill.run()
    assert (
        fanmill("show", "next", "--json").rows[0]["result"]["deduplication"]["duplicate_of"] is None
    )


@pytest.mark.usefixtures("mill")
def test_info_counts_documents_and_bytes(fanmill):
    (row,) = fanmill("index", "info", "--json").rows
    assert (row["partition"], row["documents"], row["accepted"], row["as_set"]) == (
        "all",
        6,
        6,
        True,
    )
    assert row["bytes"] > 0
    assert row["bytes_per_document"] > 0
    assert len(row["generations"]) == 1
    assert row["parameters"]["jaccard_threshold"] == 0.7
    shown = fanmill("index", "info")
    assert shown.code == 0
    assert "threshold 0.7" in shown.out


def test_an_index_that_nobody_used_is_empty(fanmill):
    for command in (("index", "info"), ("clusters",)):
        done = fanmill(*command)
        assert (done.code, done.out) == (0, "")
        assert done.err


def test_an_index_of_other_parameters_is_refused_shown_and_rebuilt(fanmill, mill):
    fanmill.environment["FANMILL_DEDUP_THRESHOLD"] = "0.85"
    refused = fanmill("worker")
    assert refused.code == 2
    assert "0.85" in refused.err
    assert "fanmill index rebuild" in refused.err
    info = fanmill("index", "info", "--json")
    assert (info.code, info.rows[0]["as_set"]) == (1, False)
    checks = {row["check"]: row["level"] for row in fanmill("doctor", "--json").rows}
    assert checks["index"] == "error"

    rebuilt = fanmill("index", "rebuild", "--yes", "--json")
    assert rebuilt.code == 0, rebuilt.err
    assert rebuilt.rows == [{"documents": 6, "unique": 3, "without_fingerprint": 0, "not_read": 0}]
    info = fanmill("index", "info", "--json")
    assert (info.code, info.rows[0]["as_set"], info.rows[0]["documents"]) == (0, True, 6)
    assert fanmill("duplicates", "copy", "--json").rows[0]["original"] == "first"
    # Who opened the index before goes on with nothing: no document is judged by two rules.
    mill.publish(ingested("late", "Late."))
    with pytest.raises(IndexParametersDiffer, match="threshold"):
        mill.run()


def test_an_index_is_rebuilt_from_texts_and_from_saved_fingerprints(fanmill, tmp_path, mill):
    assert mill.stores.records.count() == 6
    assert fanmill("index", "save", "fingerprints.jsonl").code == 0
    lines = [{"id": "a", "text": ARTICLE}, {"id": "b", "text": edited(ARTICLE, 2, 4)}]
    (tmp_path / "texts.jsonl").write_text("\n".join(map(dumps, lines)) + "\n{broken\n")
    from_texts = fanmill("index", "rebuild", "--yes", "--from", "texts.jsonl", "--json")
    assert (from_texts.code, from_texts.rows[0]["documents"]) == (1, 2)
    assert from_texts.rows[0]["not_read"] == 1
    assert fanmill("duplicates", "b", "--json").rows[0]["original"] == "a"
    assert fanmill("duplicates", "first").code == 1

    fanmill.environment["FANMILL_DEDUP_BOILERPLATE"] = "false"
    other = fanmill("index", "rebuild", "--yes")
    assert other.code == 1
    assert "their texts are needed" in other.err
    del fanmill.environment["FANMILL_DEDUP_BOILERPLATE"]
    from_saved = fanmill("index", "rebuild", "--yes", "--from", "fingerprints.jsonl", "--json")
    assert (from_saved.code, from_saved.rows[0]["documents"]) == (0, 6)
    assert fanmill("duplicates", "longer", "--json").rows[0]["size"] == 4
    # A copy is complete before its original, and becomes no original by that.
    first = loads((tmp_path / "fingerprints.jsonl").read_text().splitlines()[0])
    assert first["verdict"] != "unique"
    assert fanmill("duplicates", "copy", "--json").rows[0]["original"] == "first"


def test_a_file_of_another_kind_is_refused(fanmill, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Ms Orme")
    refused = fanmill("index", "rebuild", "--yes", "--from", "letter.txt")
    assert refused.code == 2
    assert "letter.txt" in refused.err
