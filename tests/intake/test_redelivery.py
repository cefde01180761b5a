"""Redelivery of entries without an outcome."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.intake.redelivery import Decision, GiveUp, Readmit, Resend, Wait, decide, explain
from fanmill.ports import LATER_STAGES, STAGES, Activity, Overdue
from fanmill_contracts.terms import Stage

AFTER, MOST = 45.0, 3

FRESH = Overdue("1-0", 46.0, deliveries=1, admitted=True)
JUDGED = replace(FRESH, missing=LATER_STAGES)


def decision(overdue: Overdue, **waiting: float) -> Decision:
    return decide(
        overdue,
        redeliver_after_seconds=AFTER,
        max_deliveries=MOST,
        oldest_waiting_seconds={stage: waiting.get(stage, 0.0) for stage in STAGES},
    )


@pytest.mark.parametrize(
    ("overdue", "waiting", "expected"),
    [
        pytest.param(FRESH, {}, Resend(("deduplicate",)), id="silent: from the first stage"),
        pytest.param(JUDGED, {}, Resend(LATER_STAGES), id="judged: to both later stages"),
        pytest.param(
            replace(JUDGED, missing=("tag",)), {}, Resend(("tag",)), id="only where a part lacks"
        ),
        pytest.param(
            replace(FRESH, missing=("deduplicate", "tag")),
            {},
            Resend(("deduplicate",)),
            id="deduplicate passes it on itself",
        ),
        pytest.param(
            replace(FRESH, admitted=False), {}, Readmit(), id="not admitted: read it again"
        ),
        pytest.param(
            replace(FRESH, admitted=False, deliveries=MOST - 1), {}, Readmit(), id="one try left"
        ),
        pytest.param(
            replace(FRESH, admitted=False, deliveries=MOST),
            {},
            GiveUp("intake-failed", None, MOST),
            id="intake died of it too often",
        ),
        pytest.param(FRESH, {"deduplicate": 30.0}, Wait(), id="its message may still wait"),
        pytest.param(
            FRESH, {"deduplicate": 0.5}, Resend(("deduplicate",)), id="silent for longer than that"
        ),
        pytest.param(
            FRESH,
            {"tag": 999.0},
            Resend(("deduplicate",)),
            id="queues it does not need do not count",
        ),
        pytest.param(JUDGED, {"tag": 999.0}, Wait(), id="the slower of its queues counts"),
        pytest.param(replace(FRESH, idle_seconds=AFTER), {}, Wait(), id="exactly at the limit"),
        pytest.param(
            replace(FRESH, idle_seconds=AFTER + 0.001),
            {},
            Resend(("deduplicate",)),
            id="just above the limit",
        ),
        pytest.param(
            replace(FRESH, idle_seconds=0.0, released=("deduplicate",)),
            {"deduplicate": 999.0},
            Resend(("deduplicate",)),
            id="released: at once, whatever waits",
        ),
        pytest.param(
            replace(JUDGED, idle_seconds=0.0, released=("tag",)),
            {},
            Resend(("tag",)),
            id="released: not to the stage that may be at work on it",
        ),
        pytest.param(
            replace(JUDGED, released=("tag",), attempts={"summarize": MOST, "tag": 1}),
            {},
            Resend(("tag",)),
            id="released: the attempts of the stage at work do not end it",
        ),
        pytest.param(
            replace(
                JUDGED, released=("tag",), attempts={"tag": MOST}, causes={"tag": "time-limit"}
            ),
            {},
            GiveUp("time-limit", "tag", MOST),
            id="released for the last time",
        ),
        pytest.param(
            replace(JUDGED, attempts={"tag": MOST}),
            {},
            GiveUp("worker-lost", "tag", MOST),
            id="too many attempts, cause unknown",
        ),
        pytest.param(
            replace(JUDGED, attempts={"summarize": MOST}, causes={"summarize": "time-limit"}),
            {},
            GiveUp("time-limit", "summarize", MOST),
            id="too many attempts over time",
        ),
        pytest.param(
            replace(JUDGED, attempts={"deduplicate": 99}),
            {},
            Resend(LATER_STAGES),
            id="attempts at a stage that is done do not count",
        ),
        pytest.param(
            replace(FRESH, deliveries=999),
            {},
            Resend(("deduplicate",)),
            id="messages do not count, attempts do",
        ),
        pytest.param(
            replace(JUDGED, attempts={"tag": MOST - 1, "summarize": MOST - 1}),
            {},
            Resend(LATER_STAGES),
            id="attempts of two stages are not added up",
        ),
    ],
)
def test_decisions(overdue: Overdue, waiting: dict[str, float], expected: Decision) -> None:
    assert decision(overdue, **waiting) == expected


stages = st.lists(st.sampled_from(STAGES), unique=True).map(
    lambda some: tuple(stage for stage in STAGES if stage in some)
)
overdues = st.builds(
    Overdue,
    entry_id=st.just("1-0"),
    idle_seconds=st.floats(AFTER, 1e6),
    deliveries=st.integers(1, 10),
    admitted=st.booleans(),
    missing=stages.filter(bool),
    attempts=st.dictionaries(st.sampled_from(STAGES), st.integers(0, 5)),
    causes=st.dictionaries(st.sampled_from(STAGES), st.sampled_from(["worker-lost", "time-limit"])),
    released=stages,
).map(
    # As a store answers: released are only stages that lack their part.
    lambda each: replace(
        each, released=tuple(stage for stage in each.released if stage in each.missing)
    )
)


@given(overdues, st.dictionaries(st.sampled_from(STAGES), st.floats(0, 1000)))
def test_an_entry_goes_only_where_a_part_lacks_and_ends_only_after_enough_attempts(
    overdue: Overdue, waiting: dict[Stage, float]
) -> None:
    found = decide(
        overdue,
        redeliver_after_seconds=AFTER,
        max_deliveries=MOST,
        oldest_waiting_seconds=waiting,
    )
    match found:
        case GiveUp(_, None, attempts):
            assert attempts == overdue.deliveries >= MOST
            assert not overdue.admitted
        case GiveUp(reason, stage, attempts):
            assert stage in overdue.missing
            assert overdue.attempts[stage] == attempts >= MOST
            assert reason == (overdue.causes.get(stage, "worker-lost"))
        case Readmit():
            assert not overdue.admitted
        case Resend(where):
            assert where
            assert set(where) <= set(overdue.released or overdue.missing)
        case Wait():
            assert not overdue.released


@given(overdues)
def test_nothing_waits_for_ever(overdue: Overdue) -> None:
    # However long the oldest message waits, it goes or the silence outgrows it.
    silent = replace(overdue, idle_seconds=AFTER + 1000.1)
    found = decide(
        silent,
        redeliver_after_seconds=AFTER,
        max_deliveries=MOST,
        oldest_waiting_seconds=dict.fromkeys(STAGES, 1000.0),
    )
    assert not isinstance(found, Wait)


@pytest.mark.parametrize(
    ("given_up", "text"),
    [
        (GiveUp("worker-lost", "tag", 3), "its worker process died in 3 of 3 attempts"),
        (GiveUp("time-limit", "tag", 3), "ran over the time limit in 3 of 3 attempts"),
        (GiveUp("intake-failed", None, 4), "intake died while reading it in 4 of 4 attempts"),
        (GiveUp("stage-failed", "tag", 2), "failed in 2 attempts"),
    ],
)
def test_the_error_text_says_what_happened_how_often(given_up: GiveUp, text: str) -> None:
    assert explain(given_up) == text


overdue_entries = st.builds(
    Overdue,
    entry_id=st.just("1-0"),
    idle_seconds=st.floats(0, 1e6),
    deliveries=st.integers(1, 5),
    admitted=st.just(True),
    missing=st.lists(st.sampled_from(STAGES), min_size=1, unique=True).map(tuple),
    attempts=st.dictionaries(st.sampled_from(STAGES), st.integers(0, 5)),
)


@given(
    overdue_entries,
    st.sets(st.sampled_from(STAGES), min_size=1),
    st.booleans(),
    st.floats(0.001, AFTER),
)
def test_a_paused_stage_gets_no_message_and_is_no_reason_to_give_up(
    overdue: Overdue, paused: set[Stage], released: bool, resumed: float
) -> None:
    if released:
        overdue = replace(overdue, released=overdue.missing)
    options = {
        "redeliver_after_seconds": AFTER,
        "max_deliveries": MOST,
        "oldest_waiting_seconds": dict.fromkeys(STAGES, 0.0),
    }
    during = decide(overdue, **options, activity=Activity(False, dict.fromkeys(paused, 0.0)))
    match during:
        case Resend(stages):
            assert not paused & set(stages)
        case GiveUp(_, stage):
            assert stage not in paused
    if not released and not isinstance(during, GiveUp):
        # The messages waited during the pause: they are not lost because it ends.
        after = decide(overdue, **options, activity=Activity(False, dict.fromkeys(STAGES, resumed)))
        assert isinstance(after, GiveUp | Wait)
