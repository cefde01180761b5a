"""Failures and bulk actions: what is shown, what a dry run says, who may do what."""

from html import unescape
from json import loads
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from redis import Redis
from starlette.testclient import TestClient

from action_builders import executor, reject_many
from builders import RedisStores, raw_body
from console.conftest import Opening
from fanmill.console.pages import actions
from fanmill.ports import Rejection
from fanmill.stores.keys import Keys

SAME_SITE = {"sec-fetch-site": "same-origin"}
HOSTILE = "<img src=x onerror=alert(1)>\"'/../%2F"


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    found = RedisStores(redis, keys)
    found.ledger.open()
    return found


def send(client: TestClient, act: str, fields: list[tuple[str, str]]) -> tuple[int, str, str]:
    """Send the form of a button; return status, message and the screen it leads to."""
    answer = client.post(
        f"/act/{act}",
        content=urlencode(fields),
        headers={**SAME_SITE, "content-type": "application/x-www-form-urlencoded"},
    )
    return answer.status_code, answer.text, answer.headers.get("fanmill-next", "")


def carry_out(stores: RedisStores) -> None:
    worker = executor(stores)
    while worker.step():
        pass


def test_a_group_is_replayed_after_a_dry_run(open_console: Opening, stores: RedisStores) -> None:
    reject_many(stores, 12)
    reject_many(stores, 3, first=100, cause="Other")
    client = open_console("operator")
    page = client.get("/failures").text
    assert "15 open rejections in 2 groups" in page
    group = max(stores.rejections.groups(), key=lambda each: each.open)
    status, _, link = send(client, "failures/replay", [("id", group.id)])
    assert status == 200
    dry = client.get(link).text
    assert "12 would be replayed." in dry
    assert stores.actions.newest() == []
    where = parse_qs(urlsplit(link).query)["where"][0]
    fields = [("where", where), ("rate", "500"), ("first", "on"), ("note", "more memory")]
    status, _, link = send(client, "bulk/replay", fields)
    (action,) = stores.actions.newest()
    assert (status, link) == (200, f"/actions/{action.id}")
    assert (action.order.actor, action.order.note) == ("anonymous", "more memory")
    assert (action.order.rate, action.order.first) == (500.0, True)
    assert "No intake runs" in client.get(link).text
    for _ in range(1000):
        carry_out(stores)
        if not stores.actions.running():
            break
    assert stores.rejections.count() == 3
    told = client.get(link).text
    assert "Done in" in told
    assert f"rejections with group {group.id}" in told
    assert "more memory" in client.get("/actions").text


def test_selected_rejections_with_reasons_for_those_left_out(
    open_console: Opening, stores: RedisStores
) -> None:
    first, second, third = reject_many(stores, 3)
    client = open_console("operator")
    ids = [("id", f"0:{each}") for each in (first, second, third)]
    _, _, link = send(client, "rejections/first", ids)
    stores.rejections.drop(second)
    page = client.get(link).text
    assert "2 would be replayed; 1 would not: 1 replayed or dropped before." in page
    status, _, _ = send(client, "bulk/replay", [("ids", f"0:{first},0:{third}")])
    assert status == 200
    carry_out(stores)
    assert stores.rejections.count() == 0
    shown = client.get(f"/rejections/0/{first}").text
    assert "Replayed as" in shown


def test_what_a_reader_may_not_do(open_console: Opening, stores: RedisStores) -> None:
    (rejected,) = reject_many(stores, 1)
    fields = [("id", f"0:{rejected}"), ("ids", f"0:{rejected}")]
    reader, operator = open_console("reader"), open_console("operator")
    for act in ("rejections/replay", "failures/replay", "bulk/replay", "bulk/edit", "bulk/drop",
                "rejection/edit", "actions/abort"):  # fmt: skip
        assert send(reader, act, fields)[0] == 403, act
    assert send(operator, "bulk/drop", fields)[0] == 403
    assert reader.get("/actions/new").status_code == 403
    assert reader.get(f"/rejections/0/{rejected}/edit").status_code == 403
    assert reader.get(f"/rejections/0/{rejected}").status_code == 200
    assert stores.rejections.count() == 1
    assert stores.actions.newest() == []
    admin = open_console("admin")
    for word in ([], [("word", "")], [("word", "yes")]):
        status, text, _ = send(admin, "bulk/drop", [*fields, *word])
        assert (status, "type the word drop" in text) == (422, True)
    assert send(admin, "unreadable/drop", [])[0] == 422
    assert stores.actions.newest() == []
    assert send(admin, "bulk/drop", [*fields, ("word", "drop")])[0] == 200
    carry_out(stores)
    assert stores.rejections.count() == 0


def test_an_edit_is_checked_by_the_contract(
    open_console: Opening, stores: RedisStores, redis: Redis, keys: Keys
) -> None:
    (rejected,) = reject_many(stores, 1)
    client = open_console("operator")
    page = client.get(f"/rejections/0/{rejected}/edit").text
    assert "document_id" in page
    fields = [("id", f"0:{rejected}"), ("note", "wrong language")]
    for event, problem in (
        ("{", "not JSON"),
        ("[]", "no object"),
        ('{"specversion": "1.0"}', "type"),
    ):
        status, text, _ = send(client, "rejection/edit", [*fields, ("event", event)])
        assert status == 422
        assert problem in text
    whole = stores.rejections.get(rejected)
    assert whole is not None
    event = whole.original["event"].decode().replace('"d0"', '"mended"')
    status, _, link = send(client, "rejection/edit", [*fields, ("event", event)])
    assert status == 200
    carry_out(stores)
    kept = stores.rejections.get(rejected)
    assert kept is not None
    assert kept.replayed_as is not None
    assert "1 named rejection" in client.get(link).text
    entries: Any = redis.xrevrange(keys.ingested, count=1)
    (newest,) = entries
    assert b'"mended"' in newest[1][b"event"]


def test_fields_of_an_edit_keep_everything_else_exact(
    open_console: Opening, stores: RedisStores, redis: Redis, keys: Keys
) -> None:
    large = 2**70 + 1
    text = "One line.\r\nAnother \u202e line."
    data = {"document_id": "a", "text": text, "title": "Old", "metadata": {"n": large, "x": 1.5}}
    stores.add(raw_body(id="e", subject="a", data=data))
    (entry,) = stores.ledger.read("reader", 1, 0, enough_bytes=10**9)
    stores.ledger.reject(
        [Rejection(entry.id, "stage-failed", "tag", "no", "a", "e", "/tests", exception="E")]
    )
    (rejected,) = stores.rejections.entries()
    client = open_console("operator")
    page = unescape(client.get(f"/rejections/0/{rejected.id}/edit").text)
    assert str(large) in page
    assert "It has control characters" in page
    assert '<label>Title <input name="data.title" value="Old"' in page
    fields = [("id", f"0:{rejected.id}"), ("data.document_id", "a"), ("data.title", "Old")]
    status, told, _ = send(client, "rejection/edit", fields)
    assert (status, "Nothing was changed" in told) == (422, True)
    for name, value in (("data.language", "not a tag"), ("data.metadata", "{"),
                        ("data.document_id", ""), ("data.title", "x" * 2000)):  # fmt: skip
        answer = client.post(
            "/act/rejection/edit", data=dict([*fields, (name, value)]), headers=SAME_SITE
        )
        assert answer.status_code == 422, name
        assert answer.headers["fanmill-field"] == name
        assert name in answer.text
    metadata = f'{{"n": {large}, "y": null}}'
    changes = [("data.title", ""), ("data.document_id", "b"), ("data.metadata", metadata)]
    status, _, _ = send(client, "rejection/edit", [fields[0], *changes])
    assert status == 200
    carry_out(stores)
    newest: Any = redis.xrevrange(keys.ingested, count=1)
    event = loads(newest[0][1][b"event"])
    assert event["data"]["text"] == text
    assert "title" not in event["data"] or event["data"]["title"] is None
    assert event["data"]["document_id"] == event.get("subject", "b") == "b"
    assert event["data"]["metadata"].items() >= {"n": large, "y": None}.items()
    assert "x" not in event["data"]["metadata"]


def test_a_dry_run_of_many_counts_the_rest_in_the_background(
    open_console: Opening, stores: RedisStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FIRST_LOOK", 5)
    reject_many(stores, 12)
    client = open_console("operator")
    page = unescape(client.get("/actions/new?kind=replay&where=stage:tag").text)
    assert "Of the oldest 5 of 12 rejections, 5 would be replayed." in page
    assert "Replay all that match?" in page
    rest = page.split('hx-get="')[1].split('"')[0]
    whole = client.get(rest).text
    assert "12 would be replayed." in whole
    assert "hx-get" not in whole
    assert "Replay 12 rejections?" in whole


def test_an_action_can_be_aborted(open_console: Opening, stores: RedisStores) -> None:
    reject_many(stores, 5)
    client = open_console("operator")
    _, _, link = send(client, "bulk/replay", [("where", ""), ("rate", "1")])
    assert "Abort" in client.get(link).text
    action_id = link.rpartition("/")[2]
    assert send(client, "actions/abort", [("id", action_id)])[0] == 200
    assert send(client, "actions/abort", [("id", action_id)])[0] == 422
    assert "Aborted" in client.get(link).text


def test_faults_of_filters_rates_and_edits_are_told(
    open_console: Opening, stores: RedisStores
) -> None:
    reject_many(stores, 1)
    client = open_console("admin")
    for address in (
        "/rejections?where=colour:red",
        "/actions/new?where=colour:red",
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert "colour" in page.text
        assert "known:" in page.text
    assert "The rate is" in client.get("/actions/new?rate=fast").text
    assert "is no member of an event" in client.get("/actions/new?kind=edit&edits=a.b=c").text
    assert "is no id of a rejection" in client.get("/actions/new?ids=7:1-0").text
    assert send(client, "bulk/drop", [("where", "colour:red")])[0] == 422
    assert send(client, "bulk/edit", [("where", "")])[0] == 422
    assert stores.rejections.count() == 1
    assert stores.actions.newest() == []


def test_pages_of_a_filter_follow_one_another(open_console: Opening, stores: RedisStores) -> None:
    ids = reject_many(stores, 120)
    client = open_console()
    seen, address = [], "/rejections?where=stage:tag"
    for _ in range(5):
        page = client.get(address).text
        seen += [part.split('"')[0] for part in page.split('data-id="0:')[1:]]
        if "Next page" not in page:
            break
        address = page.split('<p class="more">Looked at')[1].split('href="')[1].split('"')[0]
        address = address.replace("&amp;", "&")
    assert seen == ids


def test_hostile_rejections_are_shown_and_not_executed(
    open_console: Opening, stores: RedisStores
) -> None:
    stores.add(HOSTILE.encode())
    (entry,) = stores.ledger.read("reader", 1, 0, enough_bytes=10**9)
    stores.ledger.reject(
        [
            Rejection(
                entry.id, "stage-failed", "tag", HOSTILE, HOSTILE, HOSTILE, HOSTILE,
                exception=HOSTILE, frame=HOSTILE,
            )
        ]
    )  # fmt: skip
    (rejected,) = stores.rejections.entries()
    client = open_console("admin")
    (group,) = stores.rejections.groups()
    for address in ("/failures", f"/failures/{group.id}", "/rejections",
                    f"/rejections/0/{rejected.id}", f"/rejections/0/{rejected.id}/edit",
                    f"/actions/new?{urlencode({'ids': f'0:{rejected.id}', 'rate': HOSTILE})}",
                    f"/rejections?{urlencode({'where': HOSTILE})}"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<img src=x" not in answer.text, address
    for address in ("/failures/none", "/rejections/0/1-0", "/rejections/9/x", "/actions/none"):
        assert client.get(address).status_code == 404


def test_texts_can_be_hidden(open_console: Opening, stores: RedisStores) -> None:
    (rejected,) = reject_many(stores, 1)
    whole = stores.rejections.get(rejected)
    assert whole is not None
    client = open_console("operator", texts=False)
    for address in (f"/rejections/0/{rejected}", f"/rejections/0/{rejected}/edit"):
        page = client.get(address).text
        assert "FANMILL_CONSOLE_TEXT=off" in page
        assert "specversion" not in page
