"""Documents: the search, the page of one, the trace of an id."""

from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from redis import Redis

from builders import Mill, RedisStores, ingested
from console.conftest import Opening
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.sqlite import SqliteStore
from store_samples import completed

HOSTILE = "<script>alert(1)</script>\"'%zz?#&../ [31m é中" + "x" * 60


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Return settings with a store for tests that have one."""
    if "store" not in request.fixturenames:
        return settings
    url = SecretStr(f"sqlite:///{tmp_path / 'results.sqlite'}")
    return settings.model_copy(update={"store_url": url})


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    """Return the store that the console reads."""
    return SqliteStore(tmp_path / "results.sqlite", create=True)


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    """Return a fanmill in this process."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores)


def test_a_search_has_pages_and_a_capped_count(open_console: Opening, store: SqliteStore) -> None:
    store.save([completed(f"doc-{number:03}", number, lang="zh") for number in range(120)])
    store.save([completed("english", 200, lang="en", words=700)])
    client = open_console()
    seen: list[str] = []
    address = "/documents?q=lang:zh"
    for expected in (50, 50, 20):
        page = client.get(address)
        assert page.status_code == 200, page.text
        rows = [part.split('"')[0] for part in page.text.split('<tr data-id="')[1:]]
        assert len(rows) == expected
        seen += rows
        if "Older documents" in page.text:
            address = unescape(page.text.split('class="pages"><a href="')[1].split('"')[0])
    assert seen == [f"doc-{number:03}" for number in reversed(range(120))]
    assert "120 documents" in client.get("/documents?q=lang:zh").text
    assert 'data-id="english"' in client.get("/documents?q=words:>500").text
    assert "No document matches" in client.get("/documents?q=lang:fr").text


def test_a_filter_that_cannot_be_read_tells_where_and_which_keys(
    open_console: Opening, store: SqliteStore
) -> None:
    store.save([completed("doc")])
    page = open_console().get("/documents?q=lang:zh+verdcit:near")
    assert page.status_code == 200
    text = unescape(page.text)
    assert "at character 9" in text
    assert "did you mean verdict" in text
    assert "<mark>verdcit:near</mark>" in page.text
    assert 'value="lang:zh verdcit:near"' in page.text


def test_suggestions_come_with_the_page(open_console: Opening, store: SqliteStore) -> None:
    store.save([completed("doc", lang="zh", topics=["sport news"])])
    page = unescape(open_console().get("/documents").text)
    for offered in (
        '"lang:"',
        '"lang:zh"',
        '"verdict:near"',
        '"topic:"sport news""',
        '"failed:c4"',
    ):
        assert f"<option value={offered}>" in page


@pytest.mark.parametrize("document_id", [HOSTILE, "..", ".", "/a//b/", "%", "a" * 256])
def test_every_id_leads_to_its_document(
    open_console: Opening, store: SqliteStore, document_id: str
) -> None:
    store.save([completed(document_id, title=HOSTILE, summary=HOSTILE, keyphrases=[HOSTILE])])
    client = open_console()
    listing = client.get("/documents").text
    link = unescape(listing.split('data-link="')[1].split('"')[0])
    page = client.get(link)
    assert page.status_code == 200
    for text in (listing, page.text):
        assert "<script>alert" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "from the store" in page.text


def test_a_record_is_exact_and_can_be_copied(open_console: Opening, store: SqliteStore) -> None:
    large = 9_007_199_254_740_993
    store.save([completed("doc", title="A title", words=large, failed=["c4"], problems=1)])
    page = open_console().get("/documents/doc").text
    assert str(large) in page
    assert 'data-copy="#raw"' in page
    assert "Failed quality rules" in page
    assert "plugin-0 in tag: x" in page


def test_texts_can_be_hidden(open_console: Opening, store: SqliteStore) -> None:
    secret = "confidential"
    store.save([
        completed("doc", title=secret, summary=secret, keyphrases=[secret], topics=["sport"]),
        completed("copy", 1, title=secret, summary=secret, duplicate_of="doc"),
    ])  # fmt: skip
    open_page, hidden = open_console(), open_console(texts=False)
    for path in ("/documents", "/documents/doc", "/documents/copy"):
        assert secret in open_page.get(path).text
        page = hidden.get(path)
        assert page.status_code == 200
        assert secret not in page.text
    assert "sport" in hidden.get("/documents/doc").text


def test_extracts_are_compared_where_no_text_is_kept(
    open_console: Opening, store: SqliteStore
) -> None:
    store.save([
        completed("original", summary="The mill turns by the river."),
        completed("copy", 1, summary="The mill turns by the river.", duplicate_of="original"),
    ])  # fmt: skip
    page = open_console().get("/documents/copy").text
    assert "1 of 1 sentences of the extracts are shared" in page
    assert "<mark>The mill turns by the river.</mark>" in page


def test_without_a_store_the_newest_results_are_searched(open_console: Opening, mill: Mill) -> None:
    mill.publish(
        *(ingested(f"doc-{number}", f"Text number {number} of many.") for number in range(5))
    )
    mill.run()
    client = open_console()
    page = client.get("/documents?q=document:doc-3")
    assert "FANMILL_STORE_URL" in page.text
    assert 'data-id="doc-3"' in page.text
    assert 'data-id="doc-2"' not in page.text
    assert "from Redis" in client.get("/documents/doc-3").text


def test_what_waits_and_what_was_rejected_has_a_timeline(open_console: Opening, mill: Mill) -> None:
    mill.publish(ingested("bad", "refused by tag"), ingested("good", "A text."))
    mill.run()
    mill.publish(ingested("later", "It waits."))
    client = open_console()
    bad = unescape(client.get("/documents/bad").text)
    assert "It was rejected in tag" in bad
    assert 'class="failed"' in bad
    assert "completed" in client.get("/documents/good").text
    waiting = client.get("/documents/later")
    assert waiting.status_code == 200
    assert "It waits in the ledger at position 1 of 1" in waiting.text


def test_an_unknown_id_says_what_is_known_and_what_to_do(open_console: Opening) -> None:
    answer = open_console().get(f"/documents/{quote('<b>no/thing', safe='')}")
    assert answer.status_code == 404
    assert "never seen this id" in answer.text
    assert "fanmill publish" in answer.text
    assert "<b>no" not in answer.text


def test_clusters_are_listed_with_their_members_and_growth(
    open_console: Opening, store: SqliteStore
) -> None:
    text = "The mill turns by the river."
    copies = [
        completed(
            f"copy-{number}", number * 86_400, summary=text, duplicate_of="a/b", title="A copy",
            source=f"/from/{number % 2}", similarity=0.9,
        )
        for number in range(1, 4)
    ]  # fmt: skip
    store.save([completed("a/b", summary=text, title="The first"), *copies])
    client = open_console()
    listing = client.get("/clusters").text
    assert 'data-link="/clusters/a%2Fb"' in listing
    page = client.get("/clusters/a%2Fb")
    assert page.status_code == 200
    assert page.text.count("90.0 %") == 3
    assert "/from/1 (2)" in page.text
    assert "Members by day" in page.text
    assert "1 of 1 sentences" not in page.text
    compared = client.get("/clusters/a%2Fb?first=copy-1&second=copy-3").text
    assert "1 of 1 sentences of the extracts are shared" in compared
    assert client.get("/clusters/nothing").status_code == 404
    hidden = open_console(texts=False)
    for path in ("/clusters", "/clusters/a%2Fb"):
        assert "The first" in client.get(path).text
        assert "The first" not in hidden.get(path).text


def test_without_a_store_a_cluster_comes_from_the_index(open_console: Opening, mill: Mill) -> None:
    text = "The mill turns by the river. It grinds wheat for the whole valley. Nobody rests here."
    for name in ("first", "second"):
        mill.publish(ingested(name, text))
        mill.run()
    client = open_console()
    assert "none is configured" in client.get("/clusters").text
    page = client.get("/clusters/first").text
    assert 'data-id="second"' in page
    assert "index in Redis" in page


def test_trends_say_why_nothing_bursts_and_list_the_corpus(
    open_console: Opening, mill: Mill
) -> None:
    client = open_console()
    assert "No term bursts" in client.get("/trends").text
    mill.publish(*(ingested(f"doc-{at}", f"Text number {at} of many others.") for at in range(3)))
    mill.run()
    page = client.get("/trends?span=24h").text
    assert "Terms that burst in the last 24h" in page
    assert "Documents of the last 7 days" in page
    assert client.get("/trends?span=nonsense").status_code == 200
