"""`contracts/README.md` against the code: samples run, tables are complete, rights suffice."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any, get_args

import pytest
from redis import Redis

import fanmill_contracts
from builders import Mill, RedisStores, completed, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill_contracts import (
    ContractError,
    DocumentNotCompleted,
    DocumentProcessed,
    DocumentRejected,
    NotDurable,
    Publisher,
    RejectionReason,
    Results,
    StreamNames,
    Subscriber,
    encode,
)
from polling import until

PAGE = (Path(__file__).parents[2] / "contracts" / "README.md").read_text(encoding="utf-8")
STAND_IN = Path(__file__).parents[1] / "redis_cli.py"
URL = "redis://localhost:6379/0"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the tables in a section, without their heads."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    cells = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
    ]
    return [row for row in cells if row[0].startswith("`")]


def sample(word: str) -> str:
    (found,) = [
        block
        for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        if word in block
    ]
    return found


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server of its own: the samples use the namespace everybody has."""
    with EmbeddedServer(tmp_path_factory.mktemp("page"), durable=True) as running:
        yield running


@pytest.fixture
def admin(own: EmbeddedServer) -> Iterator[Redis]:
    with Redis.from_url(own.url) as client:
        yield client


@pytest.fixture
def stores(admin: Redis) -> RedisStores:
    stores = RedisStores(admin, Keys(Settings().streams))
    stores.ledger.open()
    return stores


@contextmanager
def working(stores: RedisStores) -> Iterator[None]:
    """Process what is published, in a thread."""
    stop = Event()

    def work() -> None:
        mill = Mill(stores)
        while not stop.is_set():
            mill.run()
            sleep(0.02)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run_sample(code: str, server: EmbeddedServer) -> subprocess.Popen[str]:
    assert URL in code
    return subprocess.Popen(
        [sys.executable, "-c", code.replace(URL, server.url)], stdout=subprocess.PIPE, text=True
    )


def test_the_sample_that_waits_prints_the_verdict(own: EmbeddedServer, stores: RedisStores) -> None:
    with working(stores):
        out, _ = run_sample(sample("results.wait"), own).communicate(timeout=60)
    assert re.fullmatch(r"unique \w+\n", out)


def test_the_sample_that_subscribes_prints_and_ends_on_sigterm(
    own: EmbeddedServer, stores: RedisStores, admin: Redis
) -> None:
    completed(stores, ingested("doc-1"))
    process = run_sample(sample("Subscriber("), own)
    assert process.stdout is not None
    assert process.stdout.readline() == "doc-1 unique\n"
    until(lambda: admin.xpending("fanmill:document.processed", "billing")["pending"] == 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.stdout.close()


def test_the_sample_that_decodes_runs(stores: RedisStores, capsys: Any) -> None:
    completed(stores, ingested("doc-1"))
    (event,) = stores.processed()
    exec(compile(sample("decode(body)"), "page", "exec"), {"body": encode(event)})  # noqa: S102
    assert capsys.readouterr().out == "doc-1 unique\n"


def test_the_commands_for_the_shell_run(own: EmbeddedServer, stores: RedisStores) -> None:
    program = shutil.which("redis-cli") or shutil.which("valkey-cli")
    cli = [program] if program else [sys.executable, str(STAND_IN)]
    completed(stores, ingested("inv-0042"))
    commands = re.findall(r"^redis-cli (X(?!ADD).*|HGET.*)$", PAGE, re.MULTILINE)
    outputs = []
    for command in commands:
        words = command.replace("'", "").split()
        done = subprocess.run(
            [*cli, "-h", "127.0.0.1", "-p", str(own.port), *words],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        outputs.append(done.stdout.strip())
    created, read, acknowledged, claimed, state = outputs
    assert created == "OK"
    assert '"document_id":"inv-0042"' in read
    assert acknowledged == "0"
    assert claimed.split() == ["0-0"]
    assert state == "complete"


def test_the_table_of_errors_has_every_error() -> None:
    errors = {
        name
        for name in fanmill_contracts.__all__
        if isinstance(value := getattr(fanmill_contracts, name), type)
        and issubclass(value, ContractError)
    }
    assert {re.findall(r"`(\w+)`", row[0])[0] for row in rows("Errors")} == errors - {
        "ContractError"
    }


def test_the_table_of_reasons_has_every_reason() -> None:
    assert [row[0].strip("`") for row in rows("Rejections")] == list(get_args(RejectionReason))


def test_the_layout_is_what_the_stores_write(stores: RedisStores, admin: Redis) -> None:
    stores.add(encode(ingested("done")))
    stores.add(encode(ingested("refused", "A text refused by summarize.")))
    Mill(stores).run()
    listed = [row[0].strip("`") for row in rows("Layout of keys and streams")]
    for key in listed[:4]:
        real = key.replace("NS", "fanmill").replace(":ID", ":done")
        kind = "hash" if key.endswith("ID") else "stream"
        assert real.endswith("ingested") or admin.type(real).decode() == kind
    done: Any = admin.hgetall("fanmill:document:done")
    refused: Any = admin.hgetall("fanmill:document:refused")
    assert {name.decode() for name in {*done, *refused}} == set(listed[4:])
    assert b"rejection" not in done
    assert b"record" not in refused
    ((_, fields),) = admin.xrange("fanmill:document.rejected")  # type: ignore[misc]
    assert set(fields) == {b"event", b"original:event", b"group"}


def rights(client: str, namespace: str) -> list[str]:
    """Return the rules of the server's ACL that the page gives for a client."""
    (row,) = [row for row in rows("Access rights") if row[0] == f"`{client}`"]
    keys = row[1].replace(" or ", " ").replace("`", "").replace("NS:", f"{namespace}:").split()
    return [*keys, "-@all", *row[2].strip("`").split()]


@pytest.fixture
def user(own: EmbeddedServer, admin: Redis) -> Callable[..., str]:
    """Create the user of a client; return the URL."""

    def create(client: str, *more: str) -> str:
        given = [*rights(client, "fanmill"), *more]
        admin.execute_command("ACL", "SETUSER", "least", "reset", "on", ">pass", *given)
        admin.acl_log_reset()
        return f"redis://least:pass@127.0.0.1:{own.port}/0"

    return create


def test_the_rights_of_publishers_suffice(user: Any, admin: Redis) -> None:
    for client, how in [
        ("Publisher", {}),
        ("Publisher(durable=True)", {"durable": True}),
        ("Publisher(max_backlog=...)", {"max_backlog": 10_000}),
    ]:
        with Publisher(user(client), **how) as publisher:
            publisher.publish(ingested("a"))
            assert publisher.publish_many([ingested("b"), ingested("c")]) == 2
        assert admin.acl_log() == []
    with Publisher(user("Publisher"), durable=True) as publisher, pytest.raises(NotDurable):
        publisher.publish(ingested("a"))


def test_the_rights_of_readers_suffice(user: Any, stores: RedisStores, admin: Redis) -> None:
    stores.add(encode(ingested("done")))
    stores.add(encode(ingested("refused", "A text refused by summarize.")))
    Mill(stores).run()
    with Results(user("Results")) as results:
        assert results.wait("done", 5.0).document_id == "done"
        with pytest.raises(DocumentNotCompleted, match="stage-failed"):
            results.wait("refused", 5.0)
        (finished,) = results.completed()
        admin.delete("fanmill:document.processed")
        with pytest.raises(ContractError):
            list(results.completed(finished.position))
    assert admin.acl_log() == []


def test_rejections_may_be_kept_from_a_reader(user: Any, stores: RedisStores, admin: Redis) -> None:
    completed(stores, ingested("done"))
    stores.add(encode(ingested("refused", "A text refused by summarize.")))
    Mill(stores).run()
    url = user("Results(read_rejections=False)")
    with Results(url, read_rejections=False) as results:
        assert results.wait("done", 5.0).document_id == "done"
        with pytest.raises(DocumentNotCompleted, match="unknown"):
            results.wait("refused", 5.0)
    assert admin.acl_log() == []
    # Without the right the reason is missing, and nothing else.
    with Results(url) as results, pytest.raises(DocumentNotCompleted, match="unknown"):
        results.wait("refused", 5.0)


@pytest.mark.parametrize("kind", [DocumentProcessed, DocumentRejected])
def test_the_rights_of_subscribers_suffice(
    user: Any, stores: RedisStores, admin: Redis, kind: Any
) -> None:
    stores.add(encode(ingested("done")))
    stores.add(encode(ingested("refused", "A text refused by summarize.")))
    Mill(stores).run()
    stream = StreamNames().processed if kind is DocumentProcessed else StreamNames().rejected
    url = user("Subscriber")
    for start in ("oldest", "new"):
        with Subscriber(kind, url, group=start, start=start, reclaim_after_seconds=1) as one:
            assert len(one.read()) == (start == "oldest")
            sleep(1.1)
            assert len(one.read(2.0)) == (start == "oldest")
            admin.xgroup_destroy(stream, start)
            one.ack(*one.read(1.0))
    assert admin.acl_log() == []
