"""Publishing to a running service and looking at what became of it."""

from json import dumps, loads

import pytest
from redis import Redis

from fanmill.stores.keys import Keys

TEXT = "The ferry leaves at eight. It carries forty people and one goat."


def test_from_publishing_to_reading(service, tmp_path, wait_until):
    (tmp_path / "letter.txt").write_text(TEXT)
    published = service("publish", "letter.txt", "--json")
    assert (published.code, published.rows) == (
        0,
        [{"published": 1, "repeated": 0, "not_read": [], "passed_over": []}],
    )
    wait_until(lambda: service("status", "--json").rows[0]["completed"] == 1, "it is complete")

    shown = service("show", "letter.txt")
    assert shown.code == 0
    assert "unique" in shown.out
    assert "The ferry leaves at eight." in shown.out
    stored = service("show", "letter.txt", "--json").rows[0]
    assert (stored["state"], stored["revisions"]) == ("complete", 1)

    assert [row["document_id"] for row in service("results", "--json").rows] == ["letter.txt"]
    assert service("results", "--json", "--since", "1d", "--limit", "5").rows != []
    assert service("results", "--json", "--since", "2999-01-01").rows == []
    assert service("results", "--output", "out.jsonl").code == 0
    assert (tmp_path / "out.jsonl").read_text().count("\n") == 1
    (dolma,) = service("results", "--dolma").rows
    assert dolma["id"] == "letter.txt"
    assert dolma["attributes"]["fanmill__language__en"] == [
        [0, len(TEXT), pytest.approx(1.0, abs=0.2)]
    ]
    assert service("results", "--dolma", "--output", "out.jsonl").code == 0
    assert loads((tmp_path / "out.jsonl").read_text()) == dolma

    again = service("publish", "letter.txt")
    assert again.code == 0
    assert "published 1 document: 0 new, 1 repeated (no effect)" in again.err
    wait_until(lambda: service("status", "--json").rows[0]["repeated"] == 1, "the same event")
    service("publish", "--anew", "letter.txt")
    wait_until(lambda: service("show", "letter.txt", "--json").rows[0]["revisions"] == 2, "anew")

    status = service("status")
    assert status.code == 0
    assert "intake" in status.out
    doctor = service("doctor", "--json")
    levels = {row["check"]: row["level"] for row in doctor.rows}
    assert levels["processes"] == "ok", doctor.out
    assert levels["persistence"] == "warning", "the tests' server keeps nothing"
    assert doctor.code == 0


def test_rejected_events_are_listed_shown_replayed_and_dropped(
    service, redis: Redis, keys: Keys, wait_until
):
    for body in (b"{bad", b"[1]"):
        redis.xadd(keys.ingested, {"event": body})
    wait_until(lambda: service("status", "--json").rows[0]["rejected"] == 2, "both are rejected")

    listed = service("rejected", "list", "--json").rows
    assert [row["reason"] for row in listed] == ["malformed-event"] * 2
    assert "malformed-event" in service("rejected", "list").out
    first = listed[0]["id"]
    assert service("rejected", "show", first, "--json").rows[0]["original"] == {"event": "{bad"}
    assert "{bad" in service("rejected", "show", first).out

    assert service("rejected", "replay", first).code == 0
    wait_until(
        lambda: (
            first not in [row["id"] for row in service("rejected", "list", "--json").rows]
            and service("status", "--json").rows[0]["rejected"] == 2
        ),
        "the replayed one is rejected anew",
    )
    dropped = service("rejected", "drop", "--all", "--reason", "malformed-event", "--yes")
    assert (dropped.code, "dropped 2" in dropped.err) == (0, True)
    assert service("rejected", "list", "--json").rows == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "nobody"), 1, "no document 'nobody'"),
        (("rejected", "show", "1-1"), 1, "no rejection '1-1'"),
        (("rejected", "show", "nonsense"), 1, "no rejection 'nonsense'"),
        (("rejected", "drop", "1-1"), 1, "no rejection '1-1'"),
        (("rejected", "drop"), 2, "--all"),
        (("rejected", "drop", "1-1", "--reason", "x"), 2, "--all"),
        (("results", "--since", "yesterday"), 2, "--since is 'yesterday'"),
        (("worker", "--queues", "sort"), 2, "unknown queue 'sort'"),
        (("publish", "missing.txt"), 2, "does not exist"),
        (("status", "--redis-url", "http://x"), 2, "expected redis://"),
        (("status", "--redis-url", "redis://:secret@127.0.0.1:1/0"), 3, "fanmill doctor"),
        (("doctor", "--redis-url", "redis://127.0.0.1:1/0"), 3, ""),
    ],
)
def test_what_goes_wrong_has_a_message_and_an_exit_code(fanmill, arguments, code, message):
    done = fanmill(*arguments)
    assert (done.code, message in " ".join(done.err.split())) == (code, True), done.err
    assert "secret" not in done.out + done.err
    assert "Traceback" not in done.err


def test_a_new_server_looks_empty_and_the_doctor_says_what_is_missing(fanmill):
    status = fanmill("status", "--json").rows[0]
    assert (status["waiting"], status["in_flight"], status["oldest_seconds"]) == (0, 0, None)
    doctor = fanmill("doctor")
    assert doctor.code == 1
    assert "fanmill intake" in doctor.out


def test_a_full_ledger_ends_publishing_or_is_waited_for(fanmill, tmp_path, redis, keys):
    fanmill.environment["FANMILL_MAX_BACKLOG"] = "3"
    lines = [dumps({"id": f"d{number}", "text": "x"}) for number in range(5)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    done = fanmill("publish", "--no-wait", "a.jsonl")
    assert done.code == 4
    assert "3 events of this call were written" in " ".join(done.err.split())
    assert redis.xlen(keys.ingested) == 3


def test_config_shows_what_is_in_force_and_hides_passwords(fanmill):
    fanmill.environment["FANMILL_REDIS_URL"] = "redis://mill:secret@queue.example.org:6379/0"
    fanmill.environment["FANMILL_MAX_IN_FLIGHT"] = "4096"
    as_json = fanmill("config", "--json")
    assert as_json.rows[0]["redis_url"] == "redis://mill:***@queue.example.org:6379/0"
    assert as_json.rows[0]["max_in_flight"] == 4096
    table = fanmill("config")
    assert "secret" not in table.out + as_json.out
    assert "FANMILL_MAX_IN_FLIGHT" in table.out


def test_wrong_settings_are_named(fanmill):
    fanmill.environment["FANMILL_REDELIVER_AFTER_SECONDS"] = "5"
    done = fanmill("config")
    assert done.code == 2
    assert "task_time_limit_seconds" in done.err


def test_documents_in_numbers(service, tmp_path, wait_until):
    (tmp_path / "letter.txt").write_text(TEXT)
    (tmp_path / "brief.txt").write_text(
        "Der Brief kam am Montag an. Er hatte vier Seiten und Fotos."
    )
    service("publish", "letter.txt", "brief.txt", "--json")
    wait_until(lambda: service("status", "--json").rows[0]["completed"] == 2, "they are complete")

    rows = service("stats", "--json").rows
    assert [(row["language"], row["documents"]) for row in rows] == [("de", 1), ("en", 1)]
    words = rows[1]["measures"]["words"]
    assert (words["count"], words["mean"], words["p50"]) == (1, 12.0, 12.0)
    assert rows[1]["failed_filters"]["gopher_quality:short_document"] == 1

    assert [row["documents"] for row in service("stats", "--json", "--by", "day").rows] == [2]
    assert service("stats", "--json", "--language", "fr").rows == []
    assert len(service("stats", "--json", "--since", "1d", "--language", "de").rows) == 1
    assert service("stats", "--json", "--since", "2999-01-01").rows == []
    assert "words/sentence" in service("stats").out
    assert service("stats", "--since", "soon").code == 2
    assert service("stats", "--by", "author").code == 2
