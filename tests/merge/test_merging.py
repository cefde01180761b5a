"""The merge: the verdicts of the live index, in order of arrival, and its index handed over."""

import random

import pytest

from backfill_corpus import corpus, entries, judged_live, write_runs
from dedup_texts import DAY_MS, Clock
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.merge.index_file import DamagedIndexFile, NotEmpty, load
from fanmill.merge.merging import Merge, OtherMerge, UnusableRuns
from fanmill.merge.order import merged, overlap, reduced
from fanmill.merge.verdicts import read_verdicts
from fanmill.stores.index import RedisFingerprintIndex

PARAMETERS = DedupParameters()
START = 1_700_000_000_000


def nothing(step, documents):
    pass


def verdicts(out):
    return [(each.document_id, each.deduplication) for each in read_verdicts(out / "verdicts")]


@pytest.fixture
def live(redis, namespace):
    """Return a live index on the server of the tests, and its clock."""
    clock = Clock(START)
    return RedisFingerprintIndex(redis, namespace, PARAMETERS, clock_ms=clock), clock


def test_verdicts_are_those_of_the_live_index(tmp_path, live):
    index, _ = live
    documents = list(corpus(1500, seed=1))
    runs = write_runs(tmp_path / "runs", entries(documents, PARAMETERS), 350, PARAMETERS)
    merge = Merge(runs, tmp_path / "out", PARAMETERS)
    found = merge.judge(nothing)
    arrived = [(name, f"{START}-{n}", body) for n, (name, body) in enumerate(documents)]
    assert verdicts(tmp_path / "out") == judged_live(index.partition("all"), arrived)
    assert found.documents == 1500
    assert found.remade > 250
    assert set(found.verdicts) == {"unique", "exact", "near"}


def test_documents_are_judged_by_time_of_arrival_within_their_horizon(tmp_path, redis, namespace):
    """Times are of a hundred days, horizons of ten: copies of expired documents are unique."""
    parameters = DedupParameters(horizon_days=10, generations=4)
    chance = random.Random(3)
    documents = list(corpus(700, seed=2))
    times = [START + chance.randrange(100 * DAY_MS) for _ in documents]
    partitions = [chance.choice(("en", "de")) for _ in documents]
    found = entries(
        documents,
        parameters,
        partition_of=partitions.__getitem__,
        arrival_of=times.__getitem__,
    )
    runs = write_runs(tmp_path / "runs", found, 90, parameters)
    assert overlap(runs) == 8
    Merge(runs, tmp_path / "out", parameters).judge(nothing)
    clock = Clock()
    index = RedisFingerprintIndex(redis, namespace, parameters, clock_ms=clock)
    expected = []
    for name in ("de", "en"):
        mine = [n for n in range(len(documents)) if partitions[n] == name]
        for place, number in enumerate(sorted(mine, key=lambda n: (times[n], n))):
            clock.now_ms = times[number]
            one = [(documents[number][0], f"{times[number]}-{place}", documents[number][1])]
            expected += judged_live(index.partition(name), one, name)
    assert verdicts(tmp_path / "out") == expected


def test_files_that_overlap_are_merged_in_bounded_groups(tmp_path):
    shuffled = list(entries(corpus(200, seed=3), PARAMETERS))
    random.Random(4).shuffle(shuffled)
    runs = write_runs(tmp_path / "runs", shuffled, 10, PARAMETERS)
    assert overlap(runs) > 15
    few = reduced(runs, tmp_path / "work", max_open=4)
    assert overlap(few) <= 4
    assert [each.key.sequence for each in merged(few)] == list(range(200))


def test_a_merge_goes_on_behind_a_key(tmp_path):
    runs = write_runs(tmp_path / "runs", entries(corpus(700, seed=5), PARAMETERS), 300, PARAMETERS)
    everything = list(merged(runs))
    for at in (0, 255, 256, 299, 300, 698):
        assert list(merged(runs, everything[at].key)) == everything[at + 1 :]
    assert list(merged(runs, everything[-1].key)) == []


def test_the_live_index_goes_on_with_the_merged_one(tmp_path, live, redis):
    index, clock = live
    documents = list(corpus(800, seed=6))
    runs = write_runs(tmp_path / "runs", entries(documents[:500], PARAMETERS), 500, PARAMETERS)
    merge = Merge(runs, tmp_path / "out", PARAMETERS)
    merge.judge(nothing)
    (file,) = merge.index_files
    clock.now_ms = merge.started_ms + 1000
    whole = RedisFingerprintIndex(redis, f"{index.namespace}-2", PARAMETERS, clock_ms=clock)
    arrived = [(name, f"{clock.now_ms}-{n}", body) for n, (name, body) in enumerate(documents)]
    expected = judged_live(whole.partition("all"), arrived)
    assert load(redis, index, file, replace=False) == len({name for name, _ in expected[:500]})
    assert judged_live(index.partition("all"), arrived[500:]) == expected[500:]


def test_a_load_replaces_only_when_it_is_told_to(tmp_path, live, redis):
    index, _ = live
    runs = write_runs(tmp_path / "runs", entries(corpus(50, seed=7), PARAMETERS), 50, PARAMETERS)
    merge = Merge(runs, tmp_path / "out", PARAMETERS)
    merge.judge(nothing)
    (file,) = merge.index_files
    documents = load(redis, index, file, replace=False)
    with pytest.raises(NotEmpty, match="--replace"):
        load(redis, index, file, replace=False)
    assert load(redis, index, file, replace=True) == documents
    assert index.partition("all").info().documents == documents


def test_an_interrupted_load_is_done_again(tmp_path, live, redis):
    index, _ = live
    runs = write_runs(tmp_path / "runs", entries(corpus(300, seed=8), PARAMETERS), 300, PARAMETERS)
    merge = Merge(runs, tmp_path / "out", PARAMETERS)
    merge.judge(nothing)
    (file,) = merge.index_files
    cut = tmp_path / "cut.index"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(DamagedIndexFile):
        load(redis, index, cut, replace=False)
    documents = load(redis, index, file, replace=False)
    assert index.partition("all").info().documents == documents
    assert index.partition("all").cluster("d0") is not None


def test_a_folder_of_another_merge_is_refused(tmp_path):
    runs = write_runs(tmp_path / "runs", entries(corpus(20, seed=9), PARAMETERS), 10, PARAMETERS)
    Merge(runs, tmp_path / "out", PARAMETERS)
    with pytest.raises(OtherMerge, match="other runs"):
        Merge(runs[:1], tmp_path / "out", PARAMETERS)


def test_fingerprints_of_other_parameters_are_refused(tmp_path):
    other = DedupParameters(boilerplate=False)
    runs = write_runs(tmp_path / "runs", entries(corpus(5, seed=10), other), 5, other)
    with pytest.raises(UnusableRuns, match="FANMILL_DEDUP_BOILERPLATE"):
        Merge(runs, tmp_path / "out", PARAMETERS)


def test_times_of_arrival_for_some_files_alone_are_refused(tmp_path):
    found = entries(corpus(10, seed=11), PARAMETERS, arrival_of=lambda n: START if n < 5 else 0)
    runs = write_runs(tmp_path / "runs", found, 5, PARAMETERS)
    with pytest.raises(UnusableRuns, match="--arrival-field"):
        Merge(runs, tmp_path / "out", PARAMETERS)
