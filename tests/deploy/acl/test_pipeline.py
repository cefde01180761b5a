"""The whole pipeline and every command under its user, and not one denial in the ACL LOG."""

from builders import Mill, RedisStores, ingested
from erasure_builders import erase
from fanmill.metrics_process import source_of
from fanmill.ops.health import check
from fanmill.ops.metrics.exporter import Exporter
from fanmill.settings import Settings
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill.wiring import Wiring
from fanmill_contracts import Publisher
from polling import until

from .conftest import event

NEWS = "The ferry to {0} leaves at eight. It carries {0}, forty people and a goat. " * 8

OF_THE_OPERATOR = (
    ("doctor", "--json"),
    ("status", "--json"),
    ("show", "letter.txt", "--json"),
    ("results", "--json"),
    ("duplicates", "letter.txt", "--json"),
    ("clusters", "--json"),
    ("index", "info", "--json"),
    ("stats", "--json"),
    ("trends", "--json"),
    ("rejected", "groups", "--json"),
    ("rejected", "drop", "--all", "--dry-run"),
    ("actions", "list", "--json"),
    ("workers", "--json"),
    ("sinks", "--json"),
    ("sinks", "unreadable", "--json"),
    ("waiting", "--json"),
    ("inflight", "--json"),
    ("trace", "letter.txt", "--json"),
    ("trace", "1-1", "--json"),
    ("pause", "tag", "--note", "new rules", "--json"),
    ("workers", "quiet", "--all", "--json"),
    ("workers", "resume", "--all", "--json"),
    ("resume", "tag", "--json"),
)


def completed(users) -> int:
    (status,) = users.fanmill("operator", "status", "--json")
    return int(status["completed"])


def test_every_command_runs_under_its_user_without_a_denial(users):
    (users.folder / "letter.txt").write_text(NEWS.format("Lowmarsh"))
    with (
        users.process("worker", "intake"),
        users.process("worker", "worker"),
        users.process("worker", "sink"),
    ):
        users.fanmill("producer", "publish", "letter.txt", "--json")
        with users.client("raw-producer") as raw:
            raw.xadd("fanmill:document.ingested", {"event": "not JSON"})
            raw.xadd("fanmill:document.ingested", {"event": "{}"})
        with Publisher(users.url("producer")) as publisher:
            publisher.publish(event("copy", NEWS.format("Lowmarsh")))
            publisher.publish(event("other", NEWS.format("Hightown")))
        until(lambda: completed(users) == 3, what="three documents are complete")
        until(
            lambda: len(users.fanmill("operator", "rejected", "list", "--json")) == 2,
            what="two events are rejected",
        )
        until(
            lambda: (
                [row["unstored"] for row in users.fanmill("operator", "sinks", "--json")] == [0]
            ),
            what="all outcomes are stored",
        )
        assert users.denials() == [], "pipeline"

        for arguments in OF_THE_OPERATOR:
            users.fanmill("operator", *arguments)
            assert users.denials() == [], arguments
        code, _, err = users.run("operator", "trace", "nothing", "--json")
        assert (code, users.denials()) == (1, []), f"an id that was never seen: {err}"
        first, second = users.fanmill("operator", "rejected", "list", "--json")
        users.fanmill("operator", "rejected", "show", first["id"], "--json")
        for arguments in (("results", "--json"), ("show", "other", "--json"), ("stats", "--json")):
            users.fanmill("reader", *arguments)
            assert users.denials() == [], arguments

        users.fanmill("admin", "doctor", "--json")
        users.fanmill("worker", "doctor", "--json")
        users.fanmill("admin", "rejected", "replay", first["id"], *yes(users, "rejected", "replay"))
        until(
            lambda: (
                first["id"]
                not in [
                    row["id"] for row in users.fanmill("operator", "rejected", "list", "--json")
                ]
            ),
            what="the replayed one is rejected anew",
        )
        users.fanmill("admin", "rejected", "drop", second["id"], *yes(users, "rejected", "drop"))
        users.fanmill("admin", "forget", "other", "--note", "asked", *yes(users, "forget"))
        users.fanmill("admin", "index", "rebuild", *yes(users, "index", "rebuild"))
    assert users.denials() == []


def test_the_operator_may_read_all_metrics_and_probe_containers(users):
    settings = Settings(redis_url=users.url("worker"))
    wiring = Wiring(settings)
    wiring.ledger.open()
    heartbeat = wiring.heartbeat("intake")
    heartbeat.beat()
    RedisOutbox(wiring.redis, wiring.keys, "main", "sqlite:///a", None).join()
    exporter = Exporter(source_of(Settings(redis_url=users.url("operator"))))
    unknown = {name for name, samples in exporter.samples().items() if not samples}
    assert unknown == {"wanted_children", "wanted_workers"}, "nothing is complete"
    for name in ("operator", "worker"):
        assert check("ready", users.url(name)) == 0
    heartbeat.stop()
    assert users.denials() == []


def test_an_intake_has_the_rights_to_erase(users):
    wiring = Wiring(Settings(redis_url=users.url("worker")))
    stores = RedisStores(wiring.redis, wiring.keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(ingested("a", "The ferry leaves at eight."), ingested("b", "refused by tag"))
    mill.run()
    RedisOutbox(wiring.redis, wiring.keys, "main", "sqlite:///a", None).join()
    done = erase(stores, "a", "b")
    assert (done.state, done.outcomes["forgotten"]) == ("done", 2)
    assert users.denials() == []


def test_rights_are_examined_under_each_user_that_runs_doctor(users):
    seen = {}
    for name in ("operator", "worker", "admin"):
        _, out, _ = users.run(name, "doctor")
        rows = [line for line in out.splitlines() if "rights" in line]
        seen[name] = rows[0]
    assert "reads only" in seen["operator"]
    for name in ("worker", "admin"):
        assert f"user {name}" in seen[name]
        assert "error" not in seen[name]
    assert users.denials() == []


def test_a_consumer_group_of_readers_shares_the_processed_stream(users):
    stream = "fanmill:document.processed"
    with users.client("inspector") as redis:
        for number in range(3):
            redis.xadd(stream, {"event": f'{{"n":{number}}}'})
    with users.client("reader") as reader:
        reader.xgroup_create(stream, "shop", id="0")
        answer = reader.xreadgroup("shop", "a", {stream: ">"}, count=2)
        entries = [entry for entry, _ in dict(answer)[stream.encode()]]
        if isinstance(entries[0], tuple):
            entries = [entry for entry, _ in entries]
        assert reader.xack(stream, "shop", *entries) == len(entries)
        reader.xautoclaim(stream, "shop", "b", min_idle_time=0)
        reader.xpending(stream, "shop")
    assert users.denials() == []


def test_a_producer_publishes_in_every_way(users):
    for durable in (False, True):
        with Publisher(users.url("producer"), durable=durable) as publisher:
            publisher.publish(event("a"))
            assert publisher.publish_many([event("b"), event("c")]) == 2
    with users.client("inspector") as redis:
        assert redis.xlen("fanmill:document.ingested") == 6
    assert users.denials() == []


def test_what_administrators_do_to_the_index(users):
    wiring = Wiring(Settings(redis_url=users.url("admin")))
    wiring.index.check()
    wiring.index.forget("a")
    assert users.denials() == []


def yes(users, *command: str) -> tuple[str, ...]:
    """Return `--yes` for commands that want to be confirmed."""
    return ("--yes",) if "--yes" in users.run("operator", *command, "--help")[1] else ()
