"""Contract of `fanmill.ports.FingerprintIndex` for partitions, in memory and on Redis.

The tests of a single partition are in `stores/index/test_conformance.py`.
"""

from builders import Stores, asked
from fanmill.core.dedup.partition import ALL


def originals(
    stores: Stores, *documents: tuple[str, str, str], partition: str = ALL
) -> list[str | None]:
    """Judge (entry, document, text) and return the original of each, None for a unique one."""
    judged = stores.index.partition(partition).judge([asked(*document) for document in documents])
    return [judgement.original_id for judgement in judged]


def test_documents_of_two_parts_are_never_compared(stores: Stores) -> None:
    assert originals(stores, ("1-0", "a", "same"), partition="acme") == [None]
    assert originals(stores, ("2-0", "b", "same"), partition="other") == [None]
    assert originals(stores, ("3-0", "c", "same"), partition="acme") == ["a"]
    assert stores.index.partitions() == ["acme", "other"]


def test_an_index_that_nobody_asked_has_no_parts(stores: Stores) -> None:
    assert stores.index.partitions() == []
    assert stores.index.forget("a") is False
    stores.index.expire()


def test_a_document_is_forgotten_in_every_part(stores: Stores) -> None:
    for partition in ("acme", "other"):
        originals(stores, ("1-0", "a", "same"), partition=partition)
    assert stores.index.forget("a") is True
    assert stores.index.forget("a") is False
    for partition in ("acme", "other"):
        assert originals(stores, ("2-0", "b", "same"), partition=partition) == [None]


def test_an_entry_forgets_only_what_it_put_there(stores: Stores) -> None:
    originals(stores, ("1-0", "a", "x"), ("2-0", "a", "y"))
    assert stores.index.forget("a", "1-0") is False
    assert originals(stores, ("3-0", "b", "y")) == ["a"]
    assert stores.index.forget("a", "2-0") is True
    assert originals(stores, ("4-0", "c", "y")) == [None]


def test_a_replayed_event_takes_the_place_of_what_was_not_forgotten(stores: Stores) -> None:
    """A worker may judge a rejected entry once more, after the index forgot it."""
    originals(stores, ("1-0", "a", "x"))
    stores.index.forget("a", "1-0")
    originals(stores, ("1-0", "a", "x"))
    assert originals(stores, ("2-0", "a", "x")) == [None]


def test_an_older_revision_that_comes_late_takes_no_place(stores: Stores) -> None:
    originals(stores, ("2-0", "a", "new"))
    assert originals(stores, ("1-0", "a", "old")) == [None]
    assert originals(stores, ("3-0", "b", "old"), ("4-0", "c", "new")) == [None, "a"]


def test_an_older_revision_that_comes_late_keeps_its_verdict(stores: Stores) -> None:
    originals(stores, ("1-0", "x", "old"), ("5-0", "a", "new"))
    late = asked("3-0", "a", "old")
    partition = stores.index.partition(ALL)
    first, again = partition.judge([late])[0], partition.judge([late])[0]
    assert (first.verdict, first.original_id, first.superseded) == ("exact", "x", True)
    assert (again.verdict, again.original_id, again.redelivered) == ("exact", "x", True)
    cluster = partition.cluster("x")
    assert cluster is not None
    assert cluster.size == 1


def test_entry_ids_are_compared_as_numbers(stores: Stores) -> None:
    originals(stores, ("9-0", "a", "x"))
    assert originals(stores, ("10-0", "a", "y")) == [None]
    originals(stores, ("10-10", "a", "z"))
    originals(stores, ("10-9", "a", "w"))
    assert originals(stores, ("11-0", "b", "z"), ("11-1", "c", "w")) == ["a", None]


def test_tidying_an_index_changes_no_verdict(stores: Stores) -> None:
    originals(stores, ("1-0", "a", "x"), ("2-0", "b", "y"))
    stores.index.expire()
    assert originals(stores, ("3-0", "c", "x"), ("4-0", "d", "y")) == ["a", "b"]
