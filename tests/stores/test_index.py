"""What `fanmill.ports.FingerprintIndex` promises of its parts, on memory and on Redis.

What one part promises is in `stores/index/test_conformance.py`.
"""

from builders import Stores, asked
from fanmill.core.dedup.partition import ALL


def leaders(stores: Stores, *documents: tuple[str, str, str], part: str = ALL) -> list[str | None]:
    """Judge (entry, document, text) and return the leader of each, None for a unique one."""
    judged = stores.index.part(part).judge([asked(*document) for document in documents])
    return [judgement.leader_id for judgement in judged]


def test_documents_of_two_parts_are_never_compared(stores: Stores) -> None:
    assert leaders(stores, ("1-0", "a", "same"), part="acme") == [None]
    assert leaders(stores, ("2-0", "b", "same"), part="other") == [None]
    assert leaders(stores, ("3-0", "c", "same"), part="acme") == ["a"]
    assert stores.index.parts() == ["acme", "other"]


def test_an_index_that_nobody_asked_has_no_parts(stores: Stores) -> None:
    assert stores.index.parts() == []
    assert stores.index.forget("a") is False
    stores.index.expire()


def test_a_document_is_forgotten_in_every_part(stores: Stores) -> None:
    for part in ("acme", "other"):
        leaders(stores, ("1-0", "a", "same"), part=part)
    assert stores.index.forget("a") is True
    assert stores.index.forget("a") is False
    for part in ("acme", "other"):
        assert leaders(stores, ("2-0", "b", "same"), part=part) == [None]


def test_an_entry_forgets_only_what_it_put_there(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "a", "y"))
    assert stores.index.forget("a", "1-0") is False
    assert leaders(stores, ("3-0", "b", "y")) == ["a"]
    assert stores.index.forget("a", "2-0") is True
    assert leaders(stores, ("4-0", "c", "y")) == [None]


def test_a_replayed_event_takes_the_place_of_what_was_not_forgotten(stores: Stores) -> None:
    """A worker may judge a rejected entry once more, after the index forgot it."""
    leaders(stores, ("1-0", "a", "x"))
    stores.index.forget("a", "1-0")
    leaders(stores, ("1-0", "a", "x"))
    assert leaders(stores, ("2-0", "a", "x")) == [None]


def test_an_older_revision_that_comes_late_takes_no_place(stores: Stores) -> None:
    leaders(stores, ("2-0", "a", "new"))
    assert leaders(stores, ("1-0", "a", "old")) == [None]
    assert leaders(stores, ("3-0", "b", "old"), ("4-0", "c", "new")) == [None, "a"]


def test_an_older_revision_that_comes_late_keeps_its_verdict(stores: Stores) -> None:
    leaders(stores, ("1-0", "x", "old"), ("5-0", "a", "new"))
    late = asked("3-0", "a", "old")
    part = stores.index.part(ALL)
    first, again = part.judge([late])[0], part.judge([late])[0]
    assert (first.verdict, first.leader_id, first.superseded) == ("exact", "x", True)
    assert (again.verdict, again.leader_id, again.redelivered) == ("exact", "x", True)
    cluster = part.cluster("x")
    assert cluster is not None
    assert cluster.size == 1


def test_entry_ids_are_compared_as_numbers(stores: Stores) -> None:
    leaders(stores, ("9-0", "a", "x"))
    assert leaders(stores, ("10-0", "a", "y")) == [None]
    leaders(stores, ("10-10", "a", "z"))
    leaders(stores, ("10-9", "a", "w"))
    assert leaders(stores, ("11-0", "b", "z"), ("11-1", "c", "w")) == ["a", None]


def test_tidying_an_index_changes_no_verdict(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "b", "y"))
    stores.index.expire()
    assert leaders(stores, ("3-0", "c", "x"), ("4-0", "d", "y")) == ["a", "b"]
