"""Promises of the store of record, kept by every kind of database."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanmill.core.filters.contradictions import never_matches
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.record_values import matches_record
from fanmill.ports import CompletedEntry, OutcomeRefused, SaveCounts
from fanmill_contracts import record_json
from store_samples import (
    EPOCH,
    IDS,
    NOW_MS,
    completed,
    entry_id,
    filters,
    members,
    record,
    rejected,
    where,
    where_rejected,
)

EVERYTHING = where("")


def ids(found):
    return [each.result.document_id for each in found]


def test_an_empty_store_has_nothing_and_is_sound(store):
    assert store.get("doc-1") is None
    assert store.get_many([]) == {}
    assert store.search(EVERYTHING) == []
    assert list(store.scan(EVERYTHING)) == []
    assert store.count(where("lang:en words:>5")).count == 0
    assert store.clusters() == []
    assert store.members("doc-1") == []
    assert store.search_rejections(where_rejected("")) == []
    assert store.expire(EPOCH) == 0
    assert store.check() == []
    info = store.info()
    assert (info.records, info.rejections, info.tombstones, info.oldest) == (0, 0, 0, None)
    assert info.schema_version == info.wanted_schema_version > 0
    assert store.migrate() == []
    assert store.save([]) == SaveCounts(0, 0, 0, 0, 0)


def test_a_saved_record_is_returned_whole(store):
    wanted = record("文档-1", title="Straße", words=2**62, topics=["sport"], summary="A mill.")
    entry = CompletedEntry.of_result(entry_id(5), wanted, b"\0fingerprint\xff")
    assert store.save([entry]) == SaveCounts(1, 0, 0, 0, 0)
    found = store.get("文档-1")
    assert found.result == wanted
    assert found.result.statistics.words == 2**62
    assert json.loads(found.result_json) == json.loads(record_json(wanted))
    assert found.entry_id == entry_id(5)
    assert found.fingerprint == b"\0fingerprint\xff"
    assert ids(store.search(where(f"words:{2**62}"))) == ["文档-1"]
    assert store.search(where(f"words:{2**62 - 1}")) == []


def test_saving_again_changes_nothing(store):
    outcomes = [completed("a", 1), completed("b", 2, duplicate_of="a"), rejected(3)]
    assert store.save(outcomes) == SaveCounts(2, 0, 0, 0, 1)
    before = store.search(EVERYTHING)
    assert store.save(outcomes[::-1]) == SaveCounts(0, 3, 0, 0, 0)
    assert store.save(outcomes[:1] * 2) == SaveCounts(0, 2, 0, 0, 0)
    assert store.search(EVERYTHING) == before
    assert [each.duplicates for each in store.clusters()] == [1]
    assert len(store.search_rejections(where_rejected(""))) == 1


def test_a_newer_revision_replaces_and_an_older_one_does_not(store):
    old, new = completed("a", 1, lang="en", duplicate_of="x"), completed("a", 9, lang="zh")
    store.save([old, completed("b", 2)])
    first = store.get("a").position
    assert store.save([new]) == SaveCounts(1, 0, 0, 0, 0)
    assert store.save([old]) == SaveCounts(0, 0, 1, 0, 0)
    assert store.get("a").position > store.get("b").position > first
    assert ids(store.search(EVERYTHING)) == ["a", "b"]
    assert ids(store.search(where("lang:en"))) == ["b"]
    assert ids(store.search(where("lang:zh"))) == ["a"]
    assert store.clusters() == []
    assert store.members("x") == []


def test_revisions_of_one_call_count_in_any_order(store):
    one, two, three = (completed("a", number, revision=number) for number in (1, 2, 3))
    assert store.save([two, one, three, three]) == SaveCounts(2, 1, 1, 0, 0)
    assert store.get("a").result.revision == 3
    assert store.info().records == 1


def test_entries_are_in_the_order_of_their_numbers(store):
    late = CompletedEntry.of_result("9-18446744073709551615", record("a", revision=2))
    early = CompletedEntry.of_result("9-2", record("a"))
    store.save([late])
    assert store.save([early]) == SaveCounts(0, 0, 1, 0, 0)
    assert store.save([CompletedEntry.of_result("10-0", record("a", revision=3))]).stored == 1
    assert store.get("a").result.revision == 3


@pytest.mark.parametrize("document_id", IDS)
def test_any_document_id_is_an_id(store, document_id):
    others = [each for each in IDS if each != document_id]
    store.save([completed(each, 1, duplicate_of="o") for each in others])
    store.save([completed(document_id, 2, duplicate_of=document_id)])
    assert store.get(document_id).result.document_id == document_id
    assert set(store.get_many([document_id, "no such"])) == {document_id}
    assert ids(store.members(document_id)) == [document_id]
    store.forget([document_id], actor="me", note="", at=EPOCH + timedelta(days=1))
    assert store.get(document_id) is None
    assert set(store.get_many(IDS)) == set(others)


def test_one_bad_outcome_refuses_the_call(store):
    bad = CompletedEntry(entry_id(2), b"{}", {})
    with pytest.raises(OutcomeRefused):
        store.save([completed("a", 1), bad])
    assert store.get("a") is None


def test_pages_go_on_where_the_last_one_ended(store):
    store.save([completed(f"d{number}", number) for number in range(25)])
    seen, before = [], None
    while page := store.search(where("lang:en"), before=before, limit=10):
        seen += ids(page)
        before = page[-1].position
        # New records, and those that change meanwhile, are newer than the page.
        store.save([completed(f"new-{before}", 100), completed("d24", 200)])
    assert seen == [f"d{number}" for number in range(24, -1, -1)]


def test_a_scan_follows_changes_from_a_position_on(store):
    store.save([completed(f"d{number}", number) for number in range(1200)])
    assert ids(store.scan(EVERYTHING)) == [f"d{number}" for number in range(1200)]
    last = store.get("d1199").position
    assert list(store.scan(EVERYTHING, after=last)) == []
    store.save([completed("d3", 2000, lang="zh"), completed("new", 2001)])
    assert ids(store.scan(EVERYTHING, after=last)) == ["d3", "new"]
    assert ids(store.scan(where("lang:en"), after=last)) == ["new"]
    assert store.count(EVERYTHING, cap=1201).capped is False
    assert (store.count(EVERYTHING, cap=1200).count, store.count(EVERYTHING, cap=1200).capped) == (
        1200,
        True,
    )


def test_clusters_are_listed_by_size(store):
    store.save([completed(f"a{number}", number, duplicate_of="a") for number in range(3)])
    store.save([completed(f"b{number}", number, duplicate_of="b") for number in range(5)])
    store.save([completed("c", 1), completed("a1", 50, duplicate_of="b")])
    sizes = [(each.original, each.duplicates) for each in store.clusters()]
    assert sizes == [("b", 6), ("a", 2)]
    assert [each.original for each in store.clusters(limit=1)] == ["b"]
    assert ids(store.members("b", limit=2)) == ["a1", "b4"]
    assert ids(store.members("b", before=store.get("b4").position)) == ["b3", "b2", "b1", "b0"]


def test_forgotten_documents_never_come_back_from_what_is_in_flight(store):
    at = EPOCH + timedelta(seconds=100)
    store.save([completed("a", 1, title="Secret mill"), completed("b", 1), rejected(2, "a")])
    assert store.forget(["a", "never seen"], actor="ann", note="asked", at=at) == 1
    assert store.get("a") is None
    assert store.search(where("secret")) == []
    assert store.search_rejections(where_rejected("document:a")) == []
    assert store.save(
        [completed("a", 1), completed("a", 99), rejected(2, "a"), completed("never seen", 5)]
    ) == SaveCounts(0, 0, 0, 4, 0)
    kept = store.tombstones(["a", "b", "never seen"])
    assert [(each.document_id, each.actor, each.note) for each in kept] == [
        ("a", "ann", "asked"),
        ("never seen", "ann", "asked"),
    ]
    assert {each.forgotten_at for each in kept} == {at}
    # A later event of the same document is another decision of its producer.
    assert store.save([completed("a", 101), rejected(102, "a")]) == SaveCounts(1, 0, 0, 0, 1)
    assert store.check() == []


def test_forgetting_again_keeps_the_later_time(store):
    store.forget(["a"], actor="ann", note="1", at=EPOCH + timedelta(seconds=100))
    store.forget(["a"], actor="bob", note="2", at=EPOCH + timedelta(seconds=50))
    assert [each.note for each in store.tombstones(["a"])] == ["1"]
    assert store.save([completed("a", 99)]).forgotten == 1


def test_old_records_and_rejections_expire_in_steps(store):
    store.save([completed(f"d{number}", number, duplicate_of="o") for number in range(10)])
    store.save([rejected(number) for number in range(4)])
    edge = EPOCH + timedelta(seconds=5)
    assert store.expire(edge, limit=3) == 3
    assert store.expire(edge) == 5
    assert store.expire(edge) == 0
    assert ids(store.search(EVERYTHING)) == ["d9", "d8", "d7", "d6", "d5", "d4"]
    assert store.search(where("age:>19d words:100 -lang:zh"), limit=1)
    assert [each.duplicates for each in store.clusters()] == [6]
    assert store.search_rejections(where_rejected("")) == []
    assert store.check() == []


def test_positions_are_never_used_twice(store):
    store.save([completed("a", 1), completed("b", 2)])
    last = store.get("b").position
    store.forget(["a", "b"], actor="me", note="", at=EPOCH + timedelta(seconds=3))
    store.save([completed("c", 4)])
    assert store.get("c").position > last


def test_rejections_are_searched_by_their_keys(store):
    store.save(
        [
            rejected(1, "a", reason="time-limit", error="over 30 s"),
            rejected(2, "b", error="Bad Text in line 3"),
            rejected(3, None, reason="malformed-event", event_id=None, attempts=1),
        ]
    )

    def found(text) -> list[str | None]:
        listed = store.search_rejections(where_rejected(text))
        assert list(store.scan_rejections(where_rejected(text))) == listed[::-1]
        return [each.event.data.document_id for each in listed]

    assert found("") == [None, "b", "a"]
    assert found("reason:time-limit,stage-failed") == ["b", "a"]
    assert found("-reason:time-limit attempts:>1") == ["b"]
    assert found("document:a") == ["a"]
    assert found("ad te") == ["b"]
    assert found('-"bad text"') == [None, "a"]
    assert found("group:abc age:<20d") == [None, "b", "a"]
    assert found("rejected:2026-11-01T00:00:02") == ["b"]
    (newest,) = store.search_rejections(where_rejected(""), limit=1)
    assert newest.rejected_id == entry_id(3)
    assert store.search_rejections(where_rejected(""), before=newest.position, limit=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("新能源汽车出口大幅增长", "能源"),
        ("電気自動車の輸出が増加した", "輸出"),
        ("การส่งออกรถยนต์ไฟฟ้าเพิ่มขึ้น", "รถ"),
        ("한국은 지금", "한국"),
        ("ارتفع إنتاج السَّيَّارات", "انتاج"),
        ("Die Straße nach Köln", "STRASSE"),
        ("Новый завод открыт", "завод"),
        ("The old mill", "old mill"),
    ],
)
def test_words_of_every_script_are_found_in_title_summary_and_keyphrases(store, text, words):
    store.save(
        [
            completed("title", 1, title=text),
            completed("summary", 2, summary=f"Before. {text}, after."),
            completed("keyphrase", 3, keyphrases=["other", text]),
            completed("none", 4, title="Something else", keyphrases=["x"], summary="更多"),
        ]
    )
    assert ids(store.search(where(f'text:"{words}"'))) == ["keyphrase", "summary", "title"]
    assert ids(store.search(where(f'-text:"{words}"'))) == ["none"]


def test_a_store_that_was_closed_has_its_records(reopened):
    store = reopened()
    store.save([completed("a", 1), rejected(2)])
    store.close()
    assert ids(reopened().search(EVERYTHING)) == ["a"]
    assert reopened().info().rejections == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(members, max_size=12), st.lists(filters, min_size=1, max_size=12))
def test_a_search_finds_what_matches(emptied, records, wanted):
    store = emptied()
    store.save(
        [
            completed(f"d{number}" if number > 3 else IDS[number], number * 7000, **each)
            for number, each in enumerate(records)
        ]
    )
    everything = list(store.scan(EVERYTHING))
    assert len(everything) == len(records)
    for one in wanted:
        expected = [
            each for each in everything if matches_record(one, json.loads(each.result_json), NOW_MS)
        ]
        assert store.search(one) == expected[::-1], str(one)
        assert list(store.scan(one)) == expected, str(one)
        assert store.count(one, cap=5).count == min(5, len(expected)), str(one)
        assert not (expected and never_matches(one, RECORD_KEYS)), str(one)
        if expected:
            assert store.search(one, before=expected[-1].position) == expected[-2::-1]
