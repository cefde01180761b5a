"""Commands over two partitions: two namespaces of one server."""

from pathlib import Path

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from cli.conftest import CommandLine
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import StreamNames, partition_of

# Two documents of each partition, and one whose tagging fails in each.
FINE = ("a", "b", "c", "d", "e", "f")
REFUSED = ("bad-0", "bad-1", "bad-2", "bad-3")


@pytest.fixture
def mills(redis: Redis, namespace: str) -> list[Mill]:
    """A whole fanmill for each partition, driven by hand."""
    names = [StreamNames(f"{namespace}-{number}") for number in range(2)]
    found = [RedisStores(redis, Keys(each)) for each in names]
    for stores in found:
        stores.ledger.open()
    return [Mill(stores) for stores in found]


@pytest.fixture
def fanmill(
    tmp_path: Path, environment: dict[str, str], server: EmbeddedServer, namespace: str
) -> CommandLine:
    """The command line with `FANMILL_PARTITIONS`."""
    addresses = " ".join(f"{server.url}#{namespace}-{number}" for number in range(2))
    return CommandLine(tmp_path, {**environment, "FANMILL_PARTITIONS": addresses})


@pytest.fixture
def finished(mills: list[Mill]) -> list[Mill]:
    """Partitions with records and rejections."""
    for document_id in FINE:
        mills[partition_of(document_id, 2)].publish(
            ingested(document_id, f"The text of document {document_id}.")
        )
    for document_id in REFUSED:
        mills[partition_of(document_id, 2)].publish(
            ingested(document_id, f"refused by tag {document_id}")
        )
    for mill in mills:
        mill.run()
    return mills


def numbers_of(*document_ids: str) -> list[int]:
    return [partition_of(each, 2) for each in document_ids]


def test_the_samples_are_of_both_partitions() -> None:
    assert set(numbers_of(*FINE)) == set(numbers_of(*REFUSED)) == {0, 1}


def test_published_files_go_to_the_partitions_of_their_ids(
    fanmill: CommandLine, mills: list[Mill], redis: Redis, namespace: str, tmp_path: Path
) -> None:
    (tmp_path / "in.jsonl").write_text(
        "".join(f'{{"id": "doc-{number}", "text": "Text {number}."}}\n' for number in range(40))
    )
    done = fanmill("publish", "in.jsonl", "--json")
    assert (done.code, done.rows[0]["published"]) == (0, 40)
    expected = numbers_of(*(f"doc-{number}" for number in range(40)))
    for number in range(len(mills)):
        stream = StreamNames(f"{namespace}-{number}").ingested
        assert redis.xlen(stream) == expected.count(number)
    again = fanmill("publish", "in.jsonl", "--json")
    assert again.rows[0]["published"] == 40


def test_publishing_to_a_chosen_partition_is_refused(fanmill: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Text.")
    done = fanmill("--partition", "1", "publish", "in.txt")
    assert done.code == 2
    assert "leave out --partition" in done.err


def test_status_adds_up_and_shows_each_partition(
    fanmill: CommandLine, finished: list[Mill]
) -> None:
    (told,) = fanmill("status", "--json").rows
    each = told["partitions"]
    assert [part["number"] for part in each] == [0, 1]
    assert told["completed"] == len(FINE) == sum(part["status"]["completed"] for part in each)
    assert told["rejected"] == len(REFUSED)
    assert all(part["status"]["completed"] for part in each)
    shown = fanmill("status")
    assert shown.code == 0
    assert "partitions" in shown.out
    (one,) = fanmill("--partition", "1", "status", "--json").rows
    assert one["completed"] == each[1]["status"]["completed"]


def test_a_partition_that_is_away_does_not_hide_the_other(
    fanmill: CommandLine, finished: list[Mill]
) -> None:
    first = fanmill.environment["FANMILL_PARTITIONS"].split()[0]
    fanmill.environment["FANMILL_PARTITIONS"] = f"{first} redis://127.0.0.1:1/0"
    (told,) = fanmill("status", "--json").rows
    assert told["partitions"][1]["status"] is None
    assert told["partitions"][1]["error"]
    assert told["completed"] > 0
    assert "no answer" in fanmill("status").out


def test_results_are_merged_in_order_of_completion(
    fanmill: CommandLine, finished: list[Mill]
) -> None:
    rows = fanmill("results", "--json").rows
    assert sorted(row["document_id"] for row in rows) == sorted(FINE)
    times = [row["completed_at"] for row in rows]
    assert times == sorted(times)
    assert len(fanmill("results", "--json", "--limit", "2").rows) == 2


@pytest.mark.parametrize("document_id", ["a", "b", "c", "d"])
def test_a_document_is_found_wherever_it_is(
    fanmill: CommandLine, finished: list[Mill], document_id: str
) -> None:
    (shown,) = fanmill("show", document_id, "--json").rows
    assert shown["result"]["document_id"] == document_id
    (traced,) = fanmill("trace", document_id, "--json").rows
    assert (traced["state"], traced["ledger_partition"]) == (
        "complete",
        partition_of(document_id, 2),
    )


def test_an_unknown_document_is_reported_once(fanmill: CommandLine, finished: list[Mill]) -> None:
    done = fanmill("show", "nobody")
    assert done.code == 1
    assert done.err.count("no document") == 1
    (traced,) = fanmill("trace", "nobody", "--json").rows
    assert traced["state"] == "never seen"


def test_rejections_are_listed_replayed_and_dropped_in_their_partition(
    fanmill: CommandLine, finished: list[Mill]
) -> None:
    rows = fanmill("rejected", "list", "--json").rows
    assert {row["ledger_partition"] for row in rows} == {0, 1}
    by_number = {row["ledger_partition"]: row["id"] for row in rows}
    # An id of each partition in one call.
    assert len(set(by_number.values())) == 2
    dropped = fanmill("rejected", "drop", *by_number.values(), "--yes", "--detach", "--json")
    assert dropped.code == 0, dropped.err
    assert {row["ledger_partition"] for row in dropped.rows} == {0, 1}
    (shown,) = fanmill("rejected", "show", by_number[1], "--json").rows
    assert shown["id"] == by_number[1]
    assert fanmill("rejected", "show", "1-1").code == 1
    groups = fanmill("rejected", "groups", "--json").rows
    assert {row["ledger_partition"] for row in groups} == {0, 1}
    actions = fanmill("actions", "list", "--json").rows
    assert {row["ledger_partition"] for row in actions} == {0, 1}
    assert fanmill("actions", "show", actions[1]["id"]).code == 0


def test_pauses_hold_in_every_partition(fanmill: CommandLine, finished: list[Mill]) -> None:
    assert fanmill("pause", "tag", "--note", "why").code == 0
    (told,) = fanmill("status", "--json").rows
    assert set(told["pauses"]) == {"0: tag", "1: tag"}
    assert fanmill("resume", "tag").code == 0
    assert fanmill("status", "--json").rows[0]["pauses"] == {}


@pytest.mark.parametrize(
    "command", [("workers",), ("waiting",), ("inflight",), ("stats",), ("trends",), ("doctor",)]
)
def test_the_command_shows_both_partitions(
    fanmill: CommandLine, finished: list[Mill], command: tuple[str, ...]
) -> None:
    shown = fanmill(*command)
    assert shown.out.count("partition 0 (") == shown.out.count("partition 1 (") == 1


def test_a_process_of_one_partition_asks_which(fanmill: CommandLine) -> None:
    for role in ("intake", "worker"):
        done = fanmill(role)
        assert done.code == 2
        assert "FANMILL_PARTITION" in done.err
    done = fanmill("--partition", "2", "status")
    assert done.code == 2
    assert "0 to 1" in done.err


def test_unusable_partitions_are_refused_without_secrets(fanmill: CommandLine) -> None:
    fanmill.environment["FANMILL_PARTITIONS"] = "redis://:secret@h:6379/0#bad:name"
    for command in (("status",), ("workers",), ("config",)):
        done = fanmill(*command)
        assert done.code == 2, command
        assert "secret" not in done.err + done.out


def test_the_configuration_hides_passwords_of_partitions(fanmill: CommandLine) -> None:
    fanmill.environment["FANMILL_PARTITIONS"] = "redis://:secret@h:6379/0"
    done = fanmill("config")
    assert done.code == 0
    assert "secret" not in done.out
    assert "h:6379" in done.out
