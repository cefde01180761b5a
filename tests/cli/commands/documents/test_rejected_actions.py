"""`fanmill rejected replay` and `drop` with filters, and `fanmill actions`."""

import signal
from json import dumps, loads

import pytest

from action_builders import executor, reject_many
from builders import RedisStores, raw_body
from fanmill.ports import Rejection


@pytest.fixture
def stores(redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def malformed(stores, count=1):
    for _ in range(count):
        stores.add(b"{bad")
    entries = stores.ledger.read("reader", count, 0)
    stores.ledger.reject([Rejection(e.id, "malformed-event", "intake", "no") for e in entries])


def unread(stores):
    return [loads(entry.body) for entry in stores.ledger.read("other", 10_000, 0)]


def test_a_filter_replays_without_an_intake_and_leaves_an_action(fanmill, stores):
    reject_many(stores, 120, cause="A")
    reject_many(stores, 30, first=120, cause="B")
    malformed(stores, 7)
    (group,) = [each.id for each in stores.rejections.groups() if each.exception == "B"]
    tried = fanmill("rejected", "replay", "--all", "--dry-run")
    assert tried.code == 0
    assert "would replay 150 rejections; not 7: 7 invalid and would fail again" in tried.err
    assert stores.rejections.count() == 157
    assert stores.actions.newest() == []
    done = fanmill("rejected", "replay", "--group", group, "--note", "B is mended", "--yes")
    assert (done.code, "replayed 30 rejections" in done.err) == (0, True), done.err
    (row,) = fanmill("actions", "list", "--json").rows
    assert (row["state"], row["note"], row["outcomes"]) == ("done", "B is mended", {"replayed": 30})
    assert row["filter"] == f"group:{group}"
    assert "@" in row["actor"]
    assert fanmill("actions", "show", row["id"], "--json").rows == [row]
    assert "B is mended" in fanmill("actions", "list").out
    assert "B is mended" in fanmill("actions", "show", row["id"]).out
    refused = fanmill("actions", "abort", row["id"])
    assert (refused.code, "has ended before: done" in refused.err) == (1, True)
    assert len(unread(stores)) == 30
    again = fanmill("rejected", "replay", "--group", group, "--dry-run")
    assert "would replay 0 rejections" in again.err
    assert "not looked at again: 30 replayed, 0 dropped by any filter" in again.err
    (facts,) = fanmill("rejected", "replay", "--group", group, "--dry-run", "--json").rows
    assert facts["earlier"] == {"replayed": 30, "dropped": 0}


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (("--reason", "malformed-event"), 5),
        (("--reason", "stage-failed", "--older-than", "1h"), 7),
        (("--source", "/tests"), 2),
        (("--where", "stage:tag -document:d3"), 3),
        (("--where", 'event:e0,e1 "no 1"'), 6),
        (("--where", "age:<1d", "--reason", "stage-failed"), 2),
        (("--all",), 0),
    ],
)
def test_filters_choose_what_is_dropped(fanmill, stores, options, left):
    reject_many(stores, 5)
    malformed(stores, 2)
    tried = fanmill("rejected", "drop", *options, "--dry-run", "--json")
    assert tried.rows[0]["would"]["dropped"] == 7 - left
    done = fanmill("rejected", "drop", *options, "--yes", "--json", "--actor", "ada")
    assert done.code == 0, done.err
    assert stores.rejections.count() == left
    assert done.rows[0]["actor"] == "ada"


def test_an_edit_is_checked_before_anything_is_done(fanmill, stores, tmp_path):
    (rejected_id,) = reject_many(stores, 1)
    for options, words in (
        (("--set", "data.language=not a language"), "data.language is 'not a language'"),
        (("--set", "data.languag=de"), "no member of an event that can be set; known: "),
        (("--set", "language"), "expected PATH=VALUE"),
        (("--event", "missing.json"), "missing.json"),
    ):
        refused = fanmill("rejected", "replay", rejected_id, *options)
        assert (refused.code, words in refused.err) == (2, True), refused.err
    (tmp_path / "bad.json").write_text(dumps({"id": "x"}))
    refused = fanmill("rejected", "replay", rejected_id, "--event", "bad.json")
    assert refused.code == 2
    assert stores.rejections.count() == 1
    assert stores.actions.newest() == []


def test_an_edited_replay_goes_first_and_keeps_the_original(fanmill, stores):
    (rejected_id,) = reject_many(stores, 1)
    stores.add(raw_body(id="backlog"))
    done = fanmill(
        "rejected", "replay", rejected_id, "--set", "data.language=de", "--set",
        "data.metadata.desk.name=news", "--first",
    )  # fmt: skip
    assert done.code == 0, done.err
    first, second = unread(stores)
    assert second["id"] == "backlog"
    assert first["data"]["language"] == "de"
    assert first["data"]["metadata"] == {"desk.name": "news", "replay_of": rejected_id}
    (shown,) = fanmill("rejected", "show", rejected_id, "--json").rows
    assert loads(shown["original"]["event"])["id"] == "e0"
    assert shown["replayed_by"] == stores.actions.newest()[0].id
    again = fanmill("rejected", "replay", rejected_id)
    assert (again.code, "no rejection" in again.err) == (1, True)
    assert f"was replayed as {stores.waiting()[1]} by action" in again.err


def test_a_whole_event_comes_from_a_file(fanmill, stores, tmp_path):
    (rejected_id,) = reject_many(stores, 1)
    (tmp_path / "event.json").write_bytes(raw_body(id="mended", data={"text": "Mended."}))
    done = fanmill("rejected", "replay", rejected_id, "--event", "event.json")
    assert done.code == 0, done.err
    (event,) = unread(stores)
    assert (event["id"], event["data"]["text"]) == ("mended", "Mended.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("replay",), "or give --all or a filter"),
        (("replay", "1-1", "--group", "x"), "name rejected ids, or give --all"),
        (("replay", "--where", ""), "--where is empty"),
        (("replay", "--where", "age:1h"), "position 5: age needs a comparison"),
        (("replay", "--where", "nam:x"), "known: reason, stage"),
        (("replay", "--reason", "poison"), "known: malformed-event"),
        (("replay", "--older-than", "soon"), "no length of time"),
        (("replay", "--reason", "worker-lost", "--rate", "fast"), "expected a rate such as 500/s"),
        (("replay", "--reason", "worker-lost", "--rate", "0"), "expected a rate"),
        (("replay", "--reason", "worker-lost", "--event", "x"), "replaces one event"),
        (("drop", "--reason", "worker-lost", "--note", "x" * 1001), "the limit is 1,000"),
    ],
)
def test_wrong_options_do_nothing_and_say_why(fanmill, stores, arguments, words):
    reject_many(stores, 1)
    refused = fanmill("rejected", *arguments)
    assert (refused.code, words in " ".join(refused.err.split())) == (2, True), refused.err
    assert stores.actions.newest() == []
    assert stores.rejections.count() == 1


def test_unknown_names_alone_never_mean_all(fanmill, stores):
    reject_many(stores, 3)
    for command in ("replay", "drop"):
        refused = fanmill("rejected", command, "1-1", "--yes")
        assert (refused.code, "no rejection '1-1'" in refused.err) == (1, True)
    assert stores.rejections.count() == 3


def test_listed_rejections_match_the_filter(fanmill, stores):
    reject_many(stores, 3)
    malformed(stores)
    rows = fanmill("rejected", "list", "--where", "stage:tag -event:e1", "--json").rows
    assert [row["event_id"] for row in rows] == ["e0", "e2"]


def test_unknown_actions_are_named(fanmill):
    for command in ("show", "abort"):
        refused = fanmill("actions", command, "nothing")
        assert (refused.code, "no action 'nothing'" in refused.err) == (1, True)
    assert fanmill("actions", "list").code == 0


def test_ctrl_c_leaves_the_action_running(fanmill, stores, wait_until):
    reject_many(stores, 50)
    process = fanmill.start("rejected", "replay", "--all", "--rate", "5/s", "--note", "slow")
    wait_until(lambda: [each for each in stores.actions.newest() if each.examined], "it runs")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    (action,) = stores.actions.newest()
    assert action.state == "running"
    said = (fanmill.folder / "stderr").read_text()
    assert f"fanmill actions abort {action.id}" in said
    assert fanmill("actions", "abort", action.id).code == 0
    left = stores.rejections.count()
    ended = stores.actions.get(action.id)
    assert ended is not None
    assert ended.outcomes["replayed"] == 50 - left == len(unread(stores))


def test_a_detached_action_waits_for_an_executor(fanmill, stores):
    reject_many(stores, 3)
    done = fanmill("rejected", "replay", "--all", "--detach", "--json")
    assert (done.code, done.rows[0]["state"]) == (0, "running")
    assert stores.rejections.count() == 3
    executor(stores).step()
    (row,) = fanmill("actions", "show", done.rows[0]["id"], "--json").rows
    assert (row["state"], row["outcomes"]) == ("done", {"replayed": 3})
