"""A trace finds every end of an event: in any order of ends, by every id, among many rejections."""

from random import Random

import pytest
from redis import Redis

from builders import RedisStores, admission, ingested, stage_result
from fanmill.intake.validation import validate
from fanmill.ops.backlog import remove_waiting
from fanmill.ops.trace import Tracer
from fanmill.ops.trace_answer import Trace
from fanmill.ports import STAGES, Rejection
from fanmill.stores.keys import Keys
from fanmill_contracts import encode
from ledger_builders import refusal

MANY = 450
REFUSED = 1000
"""More than a trace looks at near a place, and from both ends."""

NAMES = [
    "plain",
    'with "quotes"',
    "back\\slash",
    "水车-7",
    "ends with\u00a0space",
    "a/b:c#d",
    "2026-11",
]


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def traced(stores: RedisStores, wanted: str, *, whole: bool = False) -> Trace:
    return Tracer(stores.redis, stores.keys, whole=whole).trace(wanted)


def admitted(stores: RedisStores, names: list[str]) -> dict[str, str]:
    """Publish and admit an event of each document; return the entries by document."""
    for name in names:
        stores.add(encode(ingested(name, event_id=f"event {name}")))
    entries = stores.ledger.read("reader", len(names), 0, enough_bytes=10**9)
    stores.ledger.admit([admission(entry) for entry in entries])
    return dict(zip(names, [entry.id for entry in entries], strict=True))


def test_documents_that_complete_in_any_order_are_found_by_their_entries(
    stores: RedisStores,
) -> None:
    # Documents of a killed worker complete long after those that came later.
    entries = admitted(stores, [f"doc-{number}" for number in range(MANY)])
    order = list(entries)
    Random(3).shuffle(order)
    for name in order:
        for stage in STAGES:
            stores.ledger.commit(stage, [stage_result(stage, entries[name], name)])
    for name, entry in entries.items():
        found = traced(stores, entry)
        assert (found.state, found.document_id) == ("complete", name)
    assert traced(stores, "event doc-7").state == "complete"


def test_an_entry_and_the_rejection_of_another_may_have_one_id(stores: RedisStores) -> None:
    entries = admitted(stores, ["done", "bad"])
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entries["done"], "done")])
    stores.ledger.reject([refusal(entries["bad"], document_id="bad")])
    ((_, fields),) = stores.redis.xrange(stores.keys.rejected)
    stores.redis.delete(stores.keys.rejected)
    stores.redis.xadd(stores.keys.rejected, fields, id=entries["done"])
    found = traced(stores, entries["done"])
    assert (found.state, found.document_id) == ("complete", "done")
    assert found.note == f"a rejection has this id, too: fanmill rejected show {entries['done']}"


def test_a_later_revision_takes_the_place_of_the_former_entry(stores: RedisStores) -> None:
    for number in range(2):
        stores.add(encode(ingested("doc", event_id=f"event {number}")))
    entries = stores.ledger.read("reader", 2, 0)
    stores.ledger.admit([admission(entry) for entry in entries])
    for entry in entries:
        for stage in STAGES:
            stores.ledger.commit(stage, [stage_result(stage, entry.id, "doc")])
        assert traced(stores, entry.id).state == "complete"
    assert traced(stores, entries[0].id).state == "forgotten"


@pytest.mark.parametrize("name", NAMES)
def test_an_event_that_was_never_admitted_is_found_by_the_ids_that_it_claims(
    stores: RedisStores, name: str
) -> None:
    stores.add(encode(ingested(name, event_id=f"event {name}")).replace(b'"text"', b'"txt"'))
    (entry,) = stores.ledger.read("reader", 1, 0)
    judged = validate(entry)
    assert isinstance(judged, Rejection)
    stores.ledger.reject([judged])
    for wanted, kind in ((name, "document"), (f"event {name}", "event"), (entry.id, "entry")):
        found = traced(stores, wanted)
        assert (found.state, found.kind, found.reason) == ("rejected", kind, "malformed-event")
        assert found.entry_id == entry.id
    assert traced(stores, f"{name}-").state == "never seen"


def test_a_document_whose_id_has_the_form_of_an_entry_id_is_no_entry(stores: RedisStores) -> None:
    assert traced(stores, "2026-11").state == "never seen"
    entries = admitted(stores, ["2026-11"])
    assert traced(stores, "2026-11").state == "in flight"
    # An id that the ledger has passed.
    assert traced(stores, "2026-12").state == "forgotten"
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entries["2026-11"], "2026-11")])
    found = traced(stores, "2026-11")
    assert (found.state, found.kind) == ("complete", "document")


def test_many_rejections_are_found_by_entry_and_by_a_whole_search(stores: RedisStores) -> None:
    for number in range(REFUSED):
        stores.add(encode(ingested(f"doc-{number}")).replace(b'"text"', b'"txt"'))
    entries = stores.ledger.read("reader", REFUSED, 0, enough_bytes=10**9)
    stores.ledger.reject([each for each in map(validate, entries) if isinstance(each, Rejection)])
    for entry in entries:
        assert traced(stores, entry.id).state == "rejected", entry.id
    for name in ("doc-0", f"doc-{REFUSED - 1}"):
        assert traced(stores, name).state == "rejected"
    middle = traced(stores, f"doc-{REFUSED // 2}")
    assert (middle.state, middle.searched_all, middle.scanned_rejections) == (
        "never seen", False, 400,
    )  # fmt: skip
    assert traced(stores, f"doc-{REFUSED // 2}", whole=True).state == "rejected"
    unknown = traced(stores, "unknown", whole=True)
    assert (unknown.searched_all, unknown.scanned_rejections) == (True, REFUSED)


def test_rejections_of_stages_that_come_late_are_found_by_a_whole_search(
    stores: RedisStores,
) -> None:
    entries = admitted(stores, [f"doc-{number}" for number in range(MANY)])
    order = list(entries)
    Random(5).shuffle(order)
    for name in order:
        stores.ledger.reject([refusal(entries[name], document_id=name)])
    missed = 0
    for number, (name, entry) in enumerate(entries.items()):
        assert traced(stores, name).state == "rejected"
        found = traced(stores, entry)
        # Never another answer without a word of what was not searched.
        assert found.state == "rejected" or found.searched_all is False
        missed += found.state != "rejected"
        if number % 3 == 0:
            assert traced(stores, entry, whole=True).state == "rejected"
    assert missed


def test_a_waiting_event_that_was_removed_is_found_by_its_document(stores: RedisStores) -> None:
    stores.add(encode(ingested("doc-1")))
    (entry,) = [text.decode() for text, _ in stores.redis.xrange(stores.keys.ingested)]
    assert remove_waiting(stores.redis, stores.keys, [entry], "removed by ada") == [entry]
    assert (traced(stores, "doc-1").state, traced(stores, "doc-1").reason) == (
        "rejected", "removed",
    )  # fmt: skip
