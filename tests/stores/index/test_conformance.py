"""Behaviour of every fingerprint index, on Redis and in memory."""

from __future__ import annotations

import pytest

from dedup_judging import judge, verdicts
from dedup_texts import candidate, edited, text
from fanmill.stores.index.errors import UnusableDocumentId


def test_an_empty_batch_has_no_judgements(index):
    assert index.judge([]) == []


def test_the_second_of_two_equal_documents_is_an_exact_duplicate(index):
    made = judge(index, candidate("a", text(1)), candidate("b", text(1)))
    assert verdicts(made) == [("unique", None), ("exact", "a")]
    assert (made[1].jaccard, made[1].containment, made[1].decided_by) == (1.0, 1.0, "digest")


def test_order_of_arrival_counts_inside_a_batch(index):
    made = judge(index, *(candidate(name, edited(text(1), name, 2)) for name in "cab"))
    assert verdicts(made) == [("unique", None), ("near", "c"), ("near", "c")]
    assert all(0.7 < j.jaccard < 1 and j.decided_by == "jaccard" for j in made[1:])


def test_unlike_documents_are_unique(index):
    made = judge(index, *(candidate(f"d{i}", text(i)) for i in range(50)))
    assert {j.verdict for j in made} == {"unique"}


def test_short_texts_are_judged_by_digest_only(index):
    made = judge(
        index,
        candidate("a", "Closed today."),
        candidate("b", "closed  TODAY."),
        candidate("c", "Closed today!"),
    )
    assert verdicts(made) == [("unique", None), ("exact", "a"), ("unique", None)]
    assert [j.decided_by for j in made] == ["digest-only", "digest", "digest-only"]


def test_empty_texts_are_equal(index):
    assert verdicts(judge(index, candidate("a", ""), candidate("b", " \n"))) == [
        ("unique", None),
        ("exact", "a"),
    ]


def test_redelivery_returns_the_stored_verdict(index):
    batch = [
        candidate("a", text(1)),
        candidate("b", edited(text(1), 1, 2)),
        candidate("c", text(2)),
    ]
    first = index.judge(batch)
    second = index.judge(batch)
    assert all(j.redelivered for j in second)
    assert [(j.verdict, j.original_id, j.jaccard) for j in first] == [
        (j.verdict, j.original_id, j.jaccard) for j in second
    ]
    assert index.info().documents == 3


def test_redelivery_inside_one_batch_returns_the_verdict_just_made(index):
    a = candidate("a", text(1))
    first, second = judge(index, a, a)
    assert (first.redelivered, second.redelivered) == (False, True)
    assert second.verdict == "unique"


def test_a_revision_is_never_its_own_duplicate(index):
    judge(index, candidate("a", text(1)))
    (revised,) = judge(index, candidate("a", edited(text(1), 1, 1), entry="2-0"))
    assert revised.verdict == "unique"
    (same_text,) = judge(index, candidate("a", edited(text(1), 1, 1), entry="3-0"))
    assert same_text.verdict == "unique"
    assert index.info().documents == 1


def test_a_revision_replaces_its_own_entry(index):
    judge(index, candidate("a", text(1)), candidate("a", text(2), entry="2-0"))
    old_copy, new_copy = judge(index, candidate("b", text(1)), candidate("c", text(2)))
    assert old_copy.verdict == "unique"
    assert (new_copy.verdict, new_copy.original_id) == ("exact", "a")


def test_an_old_event_after_its_revision_gets_its_own_verdict_and_changes_nothing(index):
    judge(index, candidate("x", text(1)))
    first = candidate("a", edited(text(1), 5, 2))
    judge(index, first, candidate("a", text(2), entry="2-0"))
    (again,) = judge(index, first)
    assert (again.verdict, again.original_id) == ("near", "x")
    assert again.redelivered
    assert again.superseded
    assert verdicts(judge(index, candidate("b", text(2)))) == [("exact", "a")]


def test_a_revised_original_keeps_its_cluster_if_it_is_still_alike(index):
    judge(index, candidate("a", text(1)), candidate("b", edited(text(1), 1, 2)))
    judge(index, candidate("a", edited(text(1), 2, 1), entry="2-0"))
    cluster = index.cluster("b")
    assert (cluster.original_id, cluster.size, cluster.member_ids) == ("a", 2, ("b",))
    judge(index, candidate("c", edited(text(1), 3, 1)))
    assert index.cluster("a").member_ids == ("b", "c")


def test_a_revised_member_leaves_its_cluster(index):
    judge(index, candidate("a", text(1)), candidate("b", text(1)), candidate("c", text(1)))
    judge(index, candidate("b", text(2), entry="2-0"))
    assert index.cluster("a").member_ids == ("c",)
    assert index.cluster("b").size == 1


def test_documents_are_judged_against_originals_only(index):
    base = text(1, 400)
    drift = [base]
    for step in range(12):
        drift.append(edited(drift[-1], step, 6))
    made = judge(index, *(candidate(f"d{i}", t) for i, t in enumerate(drift)))
    originals = {j.document_id for j in made if j.verdict == "unique"}
    assert len(originals) > 1
    assert all(j.original_id in originals for j in made if j.verdict != "unique")


def test_a_forgotten_document_is_unknown(index):
    judge(index, candidate("a", text(1)), candidate("b", text(1)))
    assert index.forget("a")
    assert not index.forget("a")
    assert index.cluster("a") is None
    assert index.cluster("b").original_id is None
    assert verdicts(judge(index, candidate("c", text(1)))) == [("unique", None)]
    assert verdicts(judge(index, candidate("d", text(1)))) == [("exact", "c")]
    assert judge(index, candidate("b", text(1)))[0].original_id is None


def test_forgetting_a_member_keeps_the_others(index):
    judge(index, *(candidate(name, text(1)) for name in "abcd"))
    index.forget("c")
    cluster = index.cluster("a")
    assert (cluster.original_id, cluster.size, cluster.member_ids) == ("a", 3, ("b", "d"))


def test_the_largest_clusters_come_first(index):
    for cluster, copies in enumerate((2, 5, 3, 1)):
        judge(index, *(candidate(f"{cluster}-{i}", text(cluster)) for i in range(copies)))
    found = index.largest_clusters(2)
    assert [(c.original_id, c.size) for c in found] == [("1-0", 5), ("2-0", 3)]


def test_most_members_limits_a_listing(index):
    judge(index, *(candidate(f"d{i}", text(1)) for i in range(10)))
    cluster = index.cluster("d4", most=3)
    assert (cluster.size, cluster.member_ids) == (10, ("d7", "d8", "d9"))


def test_documents_older_than_the_horizon_are_forgotten(make_index, clock):
    index = make_index(horizon_days=10, generations=5)
    judge(index, candidate("a", text(1)))
    clock.pass_days(9.9)
    assert verdicts(judge(index, candidate("b", text(1)))) == [("exact", "a")]
    clock.pass_days(2.2)
    assert verdicts(judge(index, candidate("c", text(1)))) == [("unique", None)]
    assert index.cluster("a") is None
    assert index.cluster("b").original_id is None
    clock.pass_days(20)
    index.maintain()
    assert index.info().documents == 0


def test_a_pause_longer_than_the_horizon_forgets_all(make_index, clock):
    index = make_index(horizon_days=10)
    judge(index, candidate("a", text(1)))
    clock.pass_days(30)
    assert verdicts(judge(index, candidate("b", text(1)))) == [("unique", None)]


def test_a_clock_that_goes_back_forgets_nothing(index, clock):
    judge(index, candidate("a", text(1)))
    clock.pass_days(-20)
    assert verdicts(judge(index, candidate("b", text(1)))) == [("exact", "a")]


def test_above_most_documents_the_oldest_go_early(make_index):
    index = make_index(max_documents=10)
    for i in range(40):
        judge(index, candidate(f"d{i}", text(i)))
    info = index.info()
    assert info.documents <= 11
    assert info.evicted > 0
    assert verdicts(judge(index, candidate("x", text(39)))) == [("exact", "d39")]
    assert verdicts(judge(index, candidate("y", text(0)))) == [("unique", None)]


@pytest.mark.parametrize("document_id", ["", "x" * 1025])
def test_an_unusable_id_is_refused_and_nothing_is_stored(index, document_id):
    with pytest.raises(UnusableDocumentId):
        judge(index, candidate("a", text(1)), candidate(document_id, text(2)))
    assert index.info().documents == 0


@pytest.mark.parametrize("document_id", ["ü/ß", "文書-1", "a b\nc", "\ud800", "x" * 1024, "12345"])
def test_ids_come_back_as_they_were_given(index, document_id):
    judge(index, candidate(document_id, text(1)))
    assert judge(index, candidate("b", text(1)))[0].original_id == document_id
    assert index.cluster("b").original_id == document_id


def test_clear_leaves_an_empty_index(index):
    judge(index, *(candidate(f"d{i}", text(i)) for i in range(20)))
    index.clear()
    assert index.info().documents == 0
    assert verdicts(judge(index, candidate("x", text(1)))) == [("unique", None)]


def test_a_late_verdict_outlives_the_document_that_overtook_it(make_index, clock):
    index = make_index(horizon_days=8, generations=4)
    judge(index, candidate("x", text(1)), candidate("a", text(2), entry="5-0"))
    clock.pass_days(7)
    judge(index, candidate("y", text(1)))
    late = candidate("a", text(1), entry="3-0")
    (first,) = judge(index, late)
    assert (first.verdict, first.superseded, first.redelivered) == ("exact", True, False)
    clock.pass_days(4)
    judge(index, candidate("a", text(3), entry="9-0"))
    (again,) = judge(index, late)
    assert (again.verdict, again.superseded, again.redelivered) == ("exact", True, True)


def test_an_entry_from_before_the_erasure_is_judged_and_not_entered(index):
    judge(index, candidate("a", text(1), entry="5-0"), candidate("b", text(2), entry="6-0"))
    assert index.forget("a", before_ms=10)
    assert not index.forget("a", before_ms=10)
    (late,) = judge(index, candidate("a", text(1), entry="9-7"))
    assert (late.verdict, late.superseded) == ("unique", True)
    assert index.cluster("a") is None
    assert verdicts(judge(index, candidate("c", text(1), entry="9-8"))) == [("unique", None)]
    assert index.cluster("b").original_id == "b"


def test_an_entry_from_after_the_erasure_begins_a_new_life(index):
    judge(index, candidate("a", text(1), entry="5-0"))
    index.forget("a", before_ms=10)
    assert verdicts(judge(index, candidate("a", text(1), entry="10-0"))) == [("unique", None)]
    assert not index.forget("a", before_ms=10), "what came later stays"
    assert index.cluster("a").original_id == "a"
    assert verdicts(judge(index, candidate("b", text(1), entry="11-0"))) == [("exact", "a")]


def test_an_erasure_leaves_the_later_revision_and_takes_the_earlier_one(index):
    judge(index, candidate("a", text(1), entry="5-0"))
    judge(index, candidate("a", text(2), entry="12-0"))
    assert index.forget("a", before_ms=10)
    assert index.cluster("a").original_id == "a"
    assert verdicts(judge(index, candidate("b", text(2), entry="13-0"))) == [("exact", "a")]
