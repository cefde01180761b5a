"""Bulk actions on memory and on Redis: each rejection gets its act once, whatever happens."""

from itertools import pairwise
from json import loads

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from action_builders import executed, executor, order, reject_many
from builders import Mill, RedisStores, Stores, admission, raw_body, rejected_with_originals
from fanmill.actions.slices import next_slice, preview
from fanmill.ports import Action, ActionSlice, Rejection


def fields_of(stores: Stores) -> list[dict[str, str]]:
    """Return all events in the ledger that are unread, in the order of reading."""
    entries = stores.ledger.read("other", 10_000, 0, enough_bytes=10**9)
    return [loads(entry.body or b"{}") for entry in entries]


def test_an_action_replays_all_rejections_of_its_creation(stores: Stores) -> None:
    reject_many(stores, 250)
    action = executed(stores, order(note="tagger mended"))
    assert (action.examined, action.total, dict(action.outcomes)) == (250, 250, {"replayed": 250})
    assert (action.order.note, action.order.actor) == ("tagger mended", "ada@mill1")
    assert action.finished_ms is not None
    assert stores.rejections.count() == stores.rejections.count_failed() == 0
    assert [event["id"] for event in fields_of(stores)] == [f"e{at}" for at in range(250)]
    assert [(group.open, group.ever) for group in stores.rejections.groups()] == [(0, 250)]


def test_a_replayed_event_is_no_repeat_of_the_rejected_one(stores: Stores) -> None:
    stores.add(raw_body())
    (entry,) = stores.ledger.read("reader", 1, 0)
    stores.ledger.admit([admission(entry)])
    stores.ledger.reject(
        [Rejection(entry.id, "stage-failed", "tag", "no", "doc-1", "event-1", "/tests")]
    )
    executed(stores, order())
    (again,) = stores.ledger.read("reader", 1, 0)
    assert stores.ledger.admit([admission(again)]) == ["admitted"]


def test_later_rejections_are_left_alone(stores: Stores) -> None:
    reject_many(stores, 3)
    action = stores.actions.create(order("drop"))
    later = reject_many(stores, 2, first=3)
    while executor(stores).step():
        pass
    ended = stores.actions.get(action.id)
    assert ended is not None
    assert dict(ended.outcomes) == {"dropped": 3}
    assert [entry.id for entry in stores.rejections.entries()] == later


def test_a_filter_chooses(stores: Stores) -> None:
    reject_many(stores, 5, cause="A")
    reject_many(stores, 5, first=5, cause="B")
    (group,) = [each.id for each in stores.rejections.groups() if each.exception == "B"]
    action = executed(stores, order("drop", where=f"group:{group} -document:d7 age:<1h"))
    assert (action.examined, dict(action.outcomes)) == (10, {"dropped": 4})
    left = [entry.event.data.document_id for entry in stores.rejections.entries()]
    assert left == ["d0", "d1", "d2", "d3", "d4", "d7"]
    assert executed(stores, order("drop", where="age:>1h")).outcomes == {}


def test_an_action_on_nothing_is_done_at_once(stores: Stores) -> None:
    assert executed(stores, order()).outcomes == {}


def test_named_rejections_alone(stores: Stores) -> None:
    first, second, third = reject_many(stores, 3)
    stores.rejections.drop(second)
    action = executed(stores, order(ids=(third, second)))
    assert (action.total, dict(action.outcomes)) == (2, {"replayed": 1, "gone": 1})
    assert [entry.id for entry in stores.rejections.entries()] == [first]
    replayed = stores.rejections.get(third)
    assert replayed is not None
    assert (replayed.replayed_as, replayed.replayed_by) == (stores.waiting()[0], action.id)
    assert stores.rejections.replay(third) is None


def test_what_would_fail_again_is_left_and_counted(stores: Stores) -> None:
    reject_many(stores, 2)
    for body in (b"{bad", b"[]"):
        stores.add(body)
    bad = stores.ledger.read("reader", 2, 0)
    stores.ledger.reject([Rejection(e.id, "malformed-event", "intake", "no") for e in bad])
    stores.add(raw_body(id="lost"))
    (lost,) = stores.ledger.read("reader", 1, 0)
    stores.lose(lost.id)
    stores.ledger.reject([Rejection(lost.id, "entry-lost", "intake", "gone")])
    expected = {"replayed": 2, "invalid-again": 2, "no-original": 1}
    action = stores.actions.create(order())
    assert preview(action, stores.rejections) == expected
    assert stores.rejections.count() == 5
    stores.actions.abort(action.id)
    assert dict(executed(stores, order()).outcomes) == expected
    assert stores.rejections.count() == 3
    # An operator who names it has it replayed.
    named = rejected_with_originals(stores)[0].id
    assert dict(executed(stores, order(ids=(named,))).outcomes) == {"replayed": 1}


def test_an_edited_replay_is_valid_marked_and_keeps_the_original(stores: Stores) -> None:
    (rejected_id,) = reject_many(stores, 1)
    edits = {"data.language": '"de"', "data.metadata.desk": '"news"', "data.title": '"New"'}
    action = executed(stores, order("edit", edits=edits))
    assert dict(action.outcomes) == {"replayed": 1}
    (event,) = fields_of(stores)
    assert event["id"] == f"replay-{rejected_id}"
    data = event["data"]
    assert data["language"] == "de"  # type: ignore[index]
    assert data["metadata"] == {"desk": "news", "replay_of": rejected_id}  # type: ignore[index]
    kept = stores.rejections.get(rejected_id)
    assert kept is not None
    assert loads(kept.original["event"])["id"] == "e0"
    assert kept.event.data.reason == "stage-failed"
    assert kept.replayed_by == action.id
    assert stores.rejections.count() == 0


def test_an_edit_that_breaks_the_contract_changes_nothing(stores: Stores) -> None:
    ids = reject_many(stores, 2)
    action = executed(stores, order("edit", edits={"data.language": '"not a language"'}))
    assert dict(action.outcomes) == {"invalid-edit": 2}
    assert [entry.id for entry in stores.rejections.entries()] == ids


def test_a_whole_event_replaces_the_original(stores: Stores) -> None:
    (rejected_id,) = reject_many(stores, 1)
    new = raw_body(id="e0", data={"document_id": "d0", "text": "Mended."}).decode()
    executed(stores, order("edit", ids=(rejected_id,), event=new))
    (event,) = fields_of(stores)
    assert event["id"] == f"replay-{rejected_id}"
    assert event["data"]["text"] == "Mended."  # type: ignore[index]


def test_an_edited_event_that_is_rejected_again_names_its_rejection(stores: Stores) -> None:
    stores.add(raw_body(data={"text": "This is refused by tag."}))
    mill = Mill(stores)
    mill.run()
    (first,) = stores.rejections.entries()
    executed(stores, order("edit", edits={"data.title": '"Again"'}))
    mill.run()
    (second,) = stores.rejections.entries()
    assert second.event.data.replay_of == first.id
    assert second.group == first.group


def test_a_slice_that_is_performed_again_changes_nothing(stores: Stores) -> None:
    reject_many(stores, 150)
    stores.actions.create(order())
    (action,) = stores.actions.claim("one", 60)
    part = next_slice(action, stores.rejections)
    assert stores.actions.perform(action, part, "one", 60)
    for _ in range(2):
        assert not stores.actions.perform(action, part, "one", 60)
    now = stores.actions.get(action.id)
    assert now is not None
    assert (now.examined, dict(now.outcomes)) == (100, {"replayed": 100})
    assert len(stores.waiting()) == 100


def test_a_second_process_waits_for_the_lease_of_the_first(stores: Stores) -> None:
    reject_many(stores, 150)
    stores.actions.create(order())
    (action,) = stores.actions.claim("one", 60)
    assert stores.actions.claim("two", 60) == []
    part = next_slice(action, stores.rejections)
    assert not stores.actions.perform(action, part, "two", 60)
    assert stores.actions.perform(action, part, "one", -1)
    (taken,) = stores.actions.claim("two", 60)
    # The first one wakes up and has lost it.
    (again,) = [stores.actions.get(action.id)]
    assert again is not None
    assert not stores.actions.perform(again, next_slice(again, stores.rejections), "one", 60)
    assert stores.actions.perform(taken, next_slice(taken, stores.rejections), "two", 60)
    assert len(stores.waiting()) == 150


def test_an_aborted_action_performs_no_further_slice(stores: Stores) -> None:
    reject_many(stores, 150)
    action = stores.actions.create(order("drop"))
    worker = executor(stores)
    assert worker.step() == 1
    assert stores.actions.running() == 1
    assert stores.actions.abort(action.id)
    assert not stores.actions.abort(action.id)
    assert worker.step() == stores.actions.running() == 0
    ended = stores.actions.get(action.id)
    assert ended is not None
    assert (ended.state, dict(ended.outcomes)) == ("aborted", {"dropped": 100})
    assert stores.rejections.count() == 50


def test_a_rate_holds_an_action_back(stores: Stores) -> None:
    reject_many(stores, 30)
    action = stores.actions.create(order("drop", rate=10.0))
    worker = executor(stores)
    assert [worker.step() for _ in range(5)] == [1, 0, 0, 0, 0]
    now = stores.actions.get(action.id)
    assert now is not None
    assert dict(now.outcomes) == {"dropped": 2}


def test_actions_are_listed_the_newest_first(stores: Stores) -> None:
    made = [stores.actions.create(order(note=str(number))) for number in range(3)]
    listed = stores.actions.newest()
    assert {each.id for each in listed} == {each.id for each in made}
    assert all(one.created_ms >= two.created_ms for one, two in pairwise(listed))
    assert len(stores.actions.newest(2)) == 2
    assert stores.actions.get("unknown") is None
    assert not stores.actions.abort("unknown")


class _Player:
    """Acts of operators and of two executors that steal each other's actions."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.rejected = self.dropped = 0
        self.performed: list[tuple[Action, ActionSlice, str, float]] = []

    def play(self, act: str) -> None:
        actions = self.stores.actions
        if act == "reject":
            # Replayed events are not to be rejected here.
            self.stores.ledger.read("other", 10_000, 0)
            reject_many(self.stores, 7, first=self.rejected)
            self.rejected += 7
        elif act in {"replay", "drop"}:
            actions.create(order("replay" if act == "replay" else "drop"))
        elif act == "abort":
            for action in actions.newest(1):
                actions.abort(action.id)
        elif act == "again":
            assert not any(actions.perform(*part) for part in self.performed)
        else:
            self._execute(act)

    def _execute(self, name: str) -> None:
        for action in self.stores.actions.claim(name, -1):
            part = next_slice(action, self.stores.rejections)
            if self.stores.actions.perform(action, part, name, -1):
                self.performed.append((action, part, name, -1.0))
                if action.order.kind == "drop":
                    self.dropped += len(part.items)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.sampled_from("replay drop abort one two reject again".split()), max_size=25))  # noqa: SIM905
def test_any_sequence_of_acts_keeps_each_event_exactly_once(
    stores: Stores, acts: list[str]
) -> None:
    before = set(stores.waiting())
    for entry in list(stores.rejections.entries()):
        stores.rejections.drop(entry.id)
    player = _Player(stores)
    for act in acts:
        player.play(act)
    actions = stores.actions.newest()
    assert sum(action.outcomes.get("gone", 0) for action in actions) == 0
    replayed = len(set(stores.waiting()) - before)
    assert stores.rejections.count() + replayed + player.dropped == player.rejected
    for action in actions:
        stores.actions.abort(action.id)


def test_the_memory_of_an_action_does_not_grow_with_its_rejections(
    redis_stores: RedisStores,
) -> None:
    reject_many(redis_stores, 400)
    redis, keys = redis_stores.redis, redis_stores.keys
    action = redis_stores.actions.create(order("drop"))
    before = redis.memory_usage(keys.action(action.id)) or 0
    while executor(redis_stores).step():
        pass
    assert (redis.memory_usage(keys.action(action.id)) or 0) < before + 400
    assert redis.ttl(keys.action(action.id)) > 89 * 86_400


@pytest.mark.parametrize("first", [False, True])
def test_replays_can_go_before_the_backlog(stores: Stores, first: bool) -> None:
    ids = reject_many(stores, 3)
    for number in range(3):
        stores.add(raw_body(id=f"backlog{number}"))
    executed(stores, order(first=first, ids=tuple(ids)))
    assert len(stores.waiting()) == 6
    read = [event["id"] for event in fields_of(stores)]
    backlog, replays = [f"backlog{at}" for at in range(3)], ["e0", "e1", "e2"]
    assert read == (replays + backlog if first else backlog + replays)
    assert stores.ledger.in_flight() == 6
    assert fields_of(stores) == []
    assert stores.ledger.lost_unread() == 0
