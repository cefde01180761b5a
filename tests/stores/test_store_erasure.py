"""Erasure in a store of record, of every kind: repeated, and proved by a search of all tables."""

from datetime import timedelta

from fanmill.ops.erasure_proof import phrases_of, search_store
from fanmill.ports import CompletedEntry
from store_samples import EPOCH, completed, entry_id, record, rejected, where_rejected


def test_an_erasure_repeated_later_spares_the_new_life_of_a_document(store):
    at = EPOCH + timedelta(seconds=100)
    store.save([completed("a", 1), rejected(2, "a")])
    assert store.forget(["a"], actor="ann", note="asked", at=at) == 1
    store.save([completed("a", 101), rejected(102, "a")])
    assert store.forget(["a"], actor="ann", note="asked", at=at) == 0
    assert store.get("a") is not None
    assert len(store.search_rejections(where_rejected("document:a"))) == 1
    assert store.check() == []


SUMMARY = "The miller of the upper valley hides his flour."


def secret(document_id, number):
    wanted = record(document_id, title="Confidential matters", summary=SUMMARY)
    return CompletedEntry.of_result(entry_id(number), wanted)


def test_a_search_of_all_tables_names_what_is_there_and_proves_what_is_gone(store):
    store.save([secret("a", 1), completed("copy", 2, duplicate_of="a"), rejected(3, "a")])
    phrases = phrases_of([], store, ["a"])
    assert ("a", SUMMARY) in phrases
    before = search_store(store, ["a", "nobody"], phrases)
    assert set(before.traces) == {"a"}
    assert any("records" in place for place in before.traces["a"])
    assert any("rejections" in place for place in before.traces["a"])
    store.forget(["a"], actor="ann", note="asked", at=EPOCH + timedelta(seconds=100))
    after = search_store(store, ["a"], phrases)
    assert after.traces == {}
    assert after.mentions["a"] >= 1, "a copy names its original"
    assert sum(number for table, number in after.searched.items() if "records" in table) == 1


def test_the_same_text_of_another_document_is_no_trace(store):
    store.save([secret("a", 1), secret("b", 2)])
    phrases = phrases_of([], store, ["a"])
    store.forget(["a"], actor="ann", note="asked", at=EPOCH + timedelta(seconds=100))
    found = search_store(store, ["a"], phrases)
    assert found.traces == {}
    assert found.same_text >= 1


def test_tokens_without_a_record_are_found(store):
    if store.kind != "sqlite":
        assert store.orphaned(["a"], []) == []
        return
    store.save([secret("a", 1)])
    phrases = phrases_of([], store, ["a"])
    assert store.orphaned(["a"], phrases) == []
    # As another program would remove the row.
    store._database.connection.execute("DELETE FROM records")
    assert store.orphaned(["a"], []) == ["a"]
    assert store.orphaned([], phrases) == ["a"]
