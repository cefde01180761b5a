"""Counts of the store of record: bounded work, and never a number that is too high."""

from store_samples import completed, where


def test_counts_that_compare_records_are_capped_and_never_too_high(store):
    store.save([completed(f"d{number}", number, words=1234) for number in range(1100)])
    store.save([completed(f"e{number}", number, words=1235) for number in range(1100)])
    store.save([completed(f"f{number}", number, words=1000) for number in range(30)])
    for text, matching in (("words:1234", 1100), ("words:1235 lang:en", 1100), ("words:1000", 30)):
        found = store.count(where(text))
        assert found.count == matching or (found.capped and found.count < matching), text
        assert found.capped or found.count == matching
    assert store.count(where("words:1000")).capped is False
    assert len(list(store.scan(where("words:1234")))) == 1100
