"""`fanmill duplicates ID --diff`: shared sentences, wherever both texts can be found."""

from json import dumps

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.stores.keys import Keys

LINES = [
    f"On day {n} the ferry {verb} at pier {n * 7} with {n + 12} guests on board."
    for n, verb in enumerate(
        ("left", "waited", "stopped", "turned", "arrived", "docked", "sank", "rose") * 3
    )
]
ORIGINAL = " ".join(LINES)
EDITED = " ".join(LINES[:9]) + " Nobody came back that day. " + " ".join(LINES[10:])


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores, on_duplicate="process")


@pytest.fixture
def complete(mill: Mill) -> Mill:
    mill.publish(ingested("first", ORIGINAL), ingested("edited", EDITED))
    mill.run()
    return mill


@pytest.mark.usefixtures("complete")
def test_texts_come_from_files_of_json_lines(fanmill, tmp_path):
    lines = [{"id": "first", "text": ORIGINAL}, {"id": "edited", "text": EDITED}]
    (tmp_path / "all.jsonl").write_text("\n".join(map(dumps, lines)))
    (row,) = fanmill("duplicates", "edited", "--diff", "--text", "all.jsonl", "--json").rows
    assert (row["document_id"], row["original"], row["left_out"]) == ("edited", "first", 0)
    assert (row["sentences"], row["original_sentences"], row["shared_sentences"]) == (24, 24, 23)
    assert [each["sentences"] for each in row["spans"]] == [9, 14]
    for each in row["spans"]:
        ours = EDITED[each["start"] : each["end"]]
        assert ours == ORIGINAL[each["original_start"] : each["original_end"]]
    fanmill.environment["COLUMNS"] = "80"
    shown = fanmill("duplicates", "edited", "--diff", "--text", "all.jsonl")
    assert shown.code == 0
    assert "+ Nobody came back that day." in shown.out
    assert f"- {LINES[9][:40]}" in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    assert "23 of 24 sentences" in shown.err


@pytest.mark.usefixtures("complete")
def test_a_file_with_one_text_is_the_document_that_it_is_given_for(fanmill, tmp_path):
    (tmp_path / "new.txt").write_text(EDITED)
    (tmp_path / "old.txt").write_text(ORIGINAL)
    files = ("--text", "new.txt", "--original", "old.txt")
    done = fanmill("duplicates", "edited", "--diff", *files, "--json")
    assert (done.code, done.err, done.rows[0]["shared_sentences"]) == (0, "", 23)
    (tmp_path / "old.txt").write_text("Another text.")
    other = fanmill("duplicates", "edited", "--diff", *files)
    assert other.code == 0
    assert "not the text of first" in other.err


@pytest.mark.usefixtures("complete")
def test_a_text_that_nobody_has_is_named_with_the_remedy(fanmill, tmp_path):
    done = fanmill("duplicates", "edited", "--diff")
    assert (done.code, done.out) == (1, "")
    assert "'edited' and 'first'" in done.err
    assert "--text PATH" in done.err
    (tmp_path / "new.txt").write_text(EDITED)
    one = fanmill("duplicates", "edited", "--diff", "--text", "new.txt")
    assert (one.code, "no text of 'first'" in one.err) == (1, True)
    original = fanmill("duplicates", "first", "--diff")
    assert original.code == 1
    assert "fanmill duplicates edited --diff" in original.err
    assert fanmill("duplicates", "edited", "--text", "new.txt").code == 2


def test_texts_come_from_the_ledger_while_documents_are_in_work(fanmill, mill):
    mill.publish(ingested("first", ORIGINAL), ingested("edited", EDITED))
    mill.poll()
    mill.work(("deduplicate",))
    (row,) = fanmill("duplicates", "edited", "--diff", "--json").rows
    assert row["shared_sentences"] == 23
