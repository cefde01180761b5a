"""The account of a rehearsal notices what it is there for."""

from collections import Counter

from rehearsal.account import Outcomes, faults
from rehearsal.producer import event_of

ACCEPTED = {event.id: event for event in map(event_of, range(3))}
REFUSED = ["1-0"]


def outcomes(**changed: Counter[str]) -> Outcomes:
    good = Outcomes(Counter(ACCEPTED.keys()), Counter(REFUSED), Counter({"a": 1, "b": 1}))
    for name, value in changed.items():
        setattr(good, name, value)
    return good


def test_each_event_once_is_no_fault() -> None:
    assert faults("store", outcomes(), ACCEPTED, REFUSED) == []


def test_a_lost_and_a_doubled_record_are_faults() -> None:
    found = outcomes(records=Counter({"event-0": 2, "event-1": 1}))
    assert faults("store", found, ACCEPTED, REFUSED) == [
        "store: 1 records lost, such as ['event-2']",
        "store: 1 records doubled, such as ['event-0']",
    ]


def test_a_rejection_from_nowhere_is_a_fault() -> None:
    found = outcomes(rejections=Counter({"1-0": 1, "2-0": 1}))
    assert faults("streams", found, ACCEPTED, REFUSED) == [
        "streams: 1 rejections from nowhere, such as ['2-0']"
    ]


def test_two_partitions_may_use_one_entry_id() -> None:
    found = outcomes(rejections=Counter({"1-0": 2}))
    assert faults("streams", found, ACCEPTED, ["1-0", "1-0"]) == []
    found = outcomes()
    assert faults("streams", found, ACCEPTED, ["1-0", "1-0"]) == [
        "streams: 1 rejections lost, such as ['1-0']"
    ]


def test_a_text_with_two_originals_or_none_is_a_fault() -> None:
    found = outcomes(originals=Counter({"a": 2, "b": 1}))
    found.originals["c"] = 0
    assert faults("streams", found, ACCEPTED, REFUSED) == [
        "streams: 2 texts have no original or several"
    ]


def test_every_tenth_document_repeats_a_text() -> None:
    texts = [event_of(number).data.text for number in range(100)]
    assert len(set(texts)) == 90
