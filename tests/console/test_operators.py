"""Readers, the publish form, the state of an id, the configuration."""

from urllib.parse import urlencode

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from console.conftest import Opening
from console.test_failures import HOSTILE, send
from fanmill.settings import Settings
from fanmill.stores.keys import Keys


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores)


def test_a_published_document_shows_its_state_and_verdict(
    open_console: Opening, mill: Mill
) -> None:
    client = open_console("operator")
    fields = [
        ("document_id", "a/b?c"), ("text", "A text from a form.\r\nIt has two lines."),
        ("title", "A title"), ("language", "en"), ("metadata", '{"desk": "sports"}'),
    ]  # fmt: skip
    status, text, link = send(client, "publish/send", fields)
    assert status == 200, text
    assert link.startswith("/trace/")
    assert "Waits at 1 of 1" in client.get(link).text
    mill.run()
    told = client.get(link).text
    assert "Completed: unique." in told
    assert "/documents/a%2Fb%3Fc" in told
    assert "Completed: unique." in client.get("/trace/a%2Fb%3Fc").text


def test_the_contract_names_the_field_and_the_limit(open_console: Opening, mill: Mill) -> None:
    client = open_console("operator")
    for name, value, wanted in (
        ("title", "x" * 2000, "data.title"),
        ("title", "x" * 2000, "1,024 characters"),
        ("language", "not a tag", "data.language"),
        ("url", "x" * 3000, "data.url"),
        ("metadata", "{", "data.metadata is not JSON"),
        ("metadata", "[1]", "data.metadata is no object"),
        ("metadata", '{"a": {"b": 1}}', "data.metadata"),
        ("document_id", "x" * 3000, "document_id"),
        ("text", "x" * 5_300_000, ""),
    ):
        status, text, _ = send(client, "publish/send", [("text", "A text."), (name, value)])
        assert status == 422, name
        assert wanted in text
        assert "Nothing was published" in text
    assert mill.poll() == 0


def test_readers_publish_nothing_and_see_no_settings(open_console: Opening) -> None:
    client = open_console("reader")
    assert send(client, "publish/send", [("text", "A text.")])[0] == 403
    assert send(client, "unreadable/retry", [])[0] == 403
    assert send(open_console("operator"), "unreadable/drop", [])[0] == 403
    assert client.get("/publish").status_code == 403
    assert client.get("/configuration").status_code == 403
    page = client.get("/").text
    assert 'href="/publish"' not in page
    assert 'href="/configuration"' not in page


def test_readers_of_the_outcomes_with_their_lag(
    open_console: Opening, mill: Mill, redis: Redis, keys: Keys
) -> None:
    redis.xgroup_create(keys.processed, f"search {HOSTILE}", id="0", mkstream=True)
    mill.publish(*(ingested(f"d{number}", f"A text of number {number}.") for number in range(3)))
    mill.run()
    redis.xreadgroup(f"search {HOSTILE}", "one", {keys.processed: ">"}, count=1)
    page = open_console().get("/consumers").text
    row = page.split("<tbody>")[1].split("</tr>")[0]
    assert (
        'data-label="Not read">2</td><td class="count" data-label="Not acknowledged">1</td>' in row
    )
    assert "<img src=x" not in page
    assert "No sink is registered" in page


def test_the_configuration_hides_passwords(settings: Settings, open_console: Opening) -> None:
    secret = settings.model_copy(
        update={"store_url": type(settings.store_url)("postgresql://u:hush@127.0.0.1:1/x")}
    )
    page = open_console("operator", settings=secret).get("/configuration").text
    assert "hush" not in page
    assert "postgresql://u:***@127.0.0.1:1/x" in page
    assert "FANMILL_MAX_BACKLOG" in page
    assert "Checks" in page


def test_an_unknown_id_and_hostile_ids_are_told(open_console: Opening) -> None:
    client = open_console()
    assert "Never seen here" in client.get("/trace/nothing").text
    answer = client.get(f"/trace/{urlencode({'': HOSTILE})[1:]}")
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text
