"""The seven answers of a trace, and the lists of waiting and in-flight events."""

import pytest
from redis import Redis

from builders import RedisStores
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentIngested, encode
from fanmill_contracts.streams import EVENT_FIELD

SOURCE = "/press"
TEXT = "The ferry leaves at eight. It carries forty people and one goat."


def event(name: str, source: str = SOURCE) -> DocumentIngested:
    # No document is a copy of another.
    text = f"{name} " * 40 + TEXT
    return DocumentIngested.create(name, text, source=source, event_id=f"event-{name}")


@pytest.fixture
def write(redis: Redis, keys: Keys):
    def write(name: str, source: str = SOURCE) -> str:
        answer = redis.xadd(keys.ingested, {EVENT_FIELD: encode(event(name, source))})
        return answer.decode()

    return write


def trace(fanmill, wanted: str, *options: str):
    done = fanmill("trace", wanted, "--json", *options)
    (row,) = done.rows
    # A script can tell an id that was never seen from any other answer.
    unseen = int(row["state"] == "never seen")
    assert done.code == unseen, done.err
    in_words = fanmill("trace", wanted, *options)
    assert (in_words.code, bool(in_words.out)) == (unseen, True)
    return row


def test_an_id_that_nobody_has_seen(fanmill, write):
    row = trace(fanmill, "nothing")
    assert (row["state"], row["searched_all"]) == ("never seen", True)
    write("a")
    assert trace(fanmill, "nothing")["scanned"] == 1
    assert trace(fanmill, "99999999999999-0")["state"] == "never seen"
    assert trace(fanmill, "1-1")["state"] == "forgotten"


def test_waiting_events_have_their_position_by_every_id(fanmill, write):
    entries = [write(f"doc-{number}") for number in range(30)]
    for wanted in (entries[9], "doc-9", "event-doc-9"):
        row = trace(fanmill, wanted)
        assert (row["state"], row["position"], row["waiting"]) == ("waiting", 10, 30)
        assert row["exact"] is True
        assert row["entry_id"] == entries[9]
    assert "position 10 of 30" in fanmill("trace", "doc-9").out


def test_in_flight_complete_rejected_and_replayed(fanmill, service, write, wait_until):
    fanmill("pause", "tag", "--note", "a look")
    wait_until(lambda: "takes no more" in (fanmill.folder / "stderr").read_text(), "it obeys")
    entry = write("held")
    wait_until(lambda: trace(fanmill, entry)["state"] == "in flight", "it is read")
    wait_until(
        lambda: trace(fanmill, entry)["in_flight"]["stage"] == "tag", "summarized, waits for tag"
    )
    for wanted in (entry, "held", "event-held"):
        row = trace(fanmill, wanted)
        assert row["state"] == "in flight"
        assert row["in_flight"]["attempt"] == 0
        assert row["pauses"]["tag"]["note"] == "a look"
    (listed,) = fanmill("inflight", "--json").rows
    assert (listed["document_id"], listed["stage"]) == ("held", "tag")
    assert "held" in fanmill("inflight").out
    fanmill("resume", "tag")
    wait_until(lambda: trace(fanmill, "held")["state"] == "complete", "it completes")
    for wanted in (entry, "held", "event-held"):
        row = trace(fanmill, wanted)
        assert (row["state"], row["verdict"]) == ("complete", "unique")

    fanmill("pause", "tag")
    wait_until(
        lambda: (fanmill.folder / "stderr").read_text().count("takes no more") == 2, "it obeys"
    )
    second = write("second")
    wait_until(lambda: trace(fanmill, second)["state"] == "in flight", "it is read")
    removed = fanmill("inflight", "remove", second, "--note", "hangs", "--yes")
    assert removed.code == 0, removed.err
    for wanted in (second, "second", "event-second"):
        row = trace(fanmill, wanted)
        assert (row["state"], row["reason"]) == ("rejected", "removed")
        assert "hangs" in row["error"]
    assert fanmill("rejected", "replay", row["rejected_id"]).code == 0
    for wanted in (second, row["rejected_id"]):
        again = trace(fanmill, wanted)
        assert again["state"] == "replayed"
        assert again["then"]["state"] in ("waiting", "in flight")
    fanmill("resume", "tag")
    wait_until(lambda: trace(fanmill, "second")["state"] == "complete", "the replay completes")
    assert trace(fanmill, second)["then"]["state"] == "complete"

    # A forgotten document is told from one that was never seen, by every id.
    assert fanmill("forget", "held", "--yes", "--note", "asked").code == 0
    for wanted in (entry, "held", "event-held"):
        assert trace(fanmill, wanted)["state"] == "forgotten"
    assert "fanmill forget removed it at 20" in fanmill("trace", "held").out
    assert trace(fanmill, "hel")["state"] == "never seen"
    fanmill("pause", "intake")
    write("held", "/another")
    assert trace(fanmill, "held")["state"] in ("waiting", "in flight", "complete")


def test_an_id_in_the_middle_of_a_long_backlog_is_found_by_a_whole_search(fanmill, write):
    entries = [write(f"doc-{number}") for number in range(1001)]
    row = trace(fanmill, "doc-500")
    assert (row["state"], row["searched_all"], row["scanned"]) == ("never seen", False, 800)
    assert "to search all: --whole" in fanmill("trace", "event-doc-500").err
    for wanted in ("doc-500", "event-doc-500"):
        row = trace(fanmill, wanted, "--whole")
        assert (row["state"], row["entry_id"]) == ("waiting", entries[500])
        # Between the counted ends the position follows from the times of the ids.
        assert (row["exact"], 300 < row["position"] <= 701) == (False, True)
    row = trace(fanmill, "doc-1001", "--whole")
    assert (row["state"], row["searched_all"], row["scanned"]) == ("never seen", True, 1001)
    assert trace(fanmill, "event-doc-500", "--whole", "--source", "/b")["state"] == "never seen"


def test_waiting_events_are_listed_and_removed_with_a_rejection_as_record(
    fanmill, write, redis: Redis, keys: Keys
):
    entries = [write(f"doc-{number}", "/a" if number % 2 else SOURCE) for number in range(6)]
    assert [row["entry_id"] for row in fanmill("waiting", "--json").rows] == entries
    assert [row["document_id"] for row in fanmill("waiting", "--source", "/a", "--json").rows] == [
        "doc-1",
        "doc-3",
        "doc-5",
    ]
    assert len(fanmill("waiting", "--limit", "2", "--json").rows) == 2
    fanmill.environment["COLUMNS"] = "80"
    assert max(map(len, fanmill("waiting").out.splitlines())) <= 80
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    done = fanmill("waiting", "remove", entries[2], "--note", "twice", "--yes")
    assert done.code == 0, done.err
    for wanted in (entries[2], "doc-2", "event-doc-2"):
        row = trace(fanmill, wanted)
        assert (row["state"], row["reason"], row["document_id"]) == ("rejected", "removed", "doc-2")
    assert "twice" in row["error"]
    assert fanmill("waiting", "remove", entries[2], "--yes").code == 1
    assert fanmill("waiting", "remove", "doc-3", "--yes").code == 2
    read = [entry.id for entry in stores.ledger.read("intake-1", 10, 0)]
    assert read == [entry for entry in entries if entry != entries[2]]
    assert stores.ledger.lost_unread() == 0


def test_a_removal_says_first_which_events_are_there(fanmill, write, redis: Redis, keys: Keys):
    assert fanmill("waiting").err == "no event waits\n"
    assert fanmill("inflight").err == "no event is in flight\n"
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    read, waits = write("read"), write("waits")
    assert [entry.id for entry in stores.ledger.read("intake-1", 1, 0)] == [read]
    assert fanmill("waiting").err == "1 of 1 waiting event\n"
    assert "0 from '/other', after a look at 1 of 1" in fanmill("waiting", "--source", "/other").err
    for command, there, other, noun in (
        ("waiting", waits, read, "waiting event"),
        ("inflight", read, waits, "event in flight"),
    ):
        for unknown in (other, "1-1"):
            done = fanmill(command, "remove", unknown)
            assert (done.code, f"no {noun} '{unknown}'" in done.err) == (1, True)
        refused = fanmill(command, "remove", there)
        assert (refused.code, "--dry-run" in refused.err) == (2, True)
        tried = fanmill(command, "remove", there, "--dry-run")
        assert (tried.code, tried.err) == (0, f"would remove 1 {noun}\n")
        mixed = fanmill(command, "remove", there, "1-1", "--dry-run")
        assert (mixed.code, f"would remove 1 {noun}" in mixed.err) == (1, True)
    assert redis.xlen(keys.ingested) == 2
    assert redis.xlen(keys.rejected) == 0
