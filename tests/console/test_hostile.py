"""Hostile texts in every place that people or producers fill: pages stay pages."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pydantic import SecretStr
from redis import Redis
from starlette.testclient import TestClient

from builders import Mill, RedisStores, ingested, raw_body
from console.conftest import Opening
from console.test_failures import SAME_SITE, send
from fanmill.console.app import THEMES
from fanmill.console.pages import ACTS, PAGES
from fanmill.ports import Rejection
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.sqlite import SqliteStore
from store_samples import completed

KINDS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b x=\"' onfocus=alert(3) "
    "autofocus \\u003cscript> `x` {{7*7}} {% raw %}",
    "controls": "gnp\u202eexe\u2066 \u200f\u061c \u2028 \x1b[31m \x07 \x9b0m \x00 \x7f tab\there"
    "\nsecond\r\nid: 1\ndata: <script>x</script>\n\nevent: evil",
    "long": "x" * 200 + " <i>" * 10,
}
SCHEME = "javascript:alert(document.domain)"
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class _Checker(HTMLParser):
    """Collects what may not be in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "iframe", "object", "embed", "base", "style"} and not (
            tag == "script" and (given.get("src") or "").startswith("/static/")
        ):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "autofocus"}:
                self.faults.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction", "hx-get"} and not re.match(
                r"(/|#|\?|https?://|data:image/svg)", value or "/"
            ):
                self.faults.append(f"{tag} {name}={value}")
        if tag == "img":
            self.faults.append("<img>")


def faults(text: str) -> list[str]:
    """Return what of a page a browser would execute, or shows in a false order."""
    checker = _Checker()
    checker.feed(text)
    return checker.faults + [repr(found) for found in _RAW.findall(text)]


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Return settings with a store."""
    url = SecretStr(f"sqlite:///{tmp_path / 'results.sqlite'}")
    return settings.model_copy(update={"store_url": url})


def fill(settings: Settings, redis: Redis, text: str) -> list[str]:
    """Put a text into every place there is; return the addresses of the things."""
    keys = Keys(settings.streams)
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    name = text.replace("\x00", "")[:200]
    # The contract takes no controls in names; what is rejected for them has them.
    plain = _RAW.sub("", name).replace("\n", "").replace("\t", "")
    mill.publish(ingested(plain, f"{text} is refused by tag", title=plain, source=plain))
    mill.publish(ingested(f"a {plain}", f"{text} is fine.", title=plain, source=plain, url=SCHEME))
    mill.run()
    stores.add(text.encode())
    mill.run()
    stores.add(raw_body(id="to-reject"))
    (entry,) = stores.ledger.read("reader", 1, 0, enough_bytes=10**9)
    stores.ledger.reject(
        [Rejection(entry.id, "stage-failed", "tag", text, name, name, name, exception=name,
                   frame=name)]
    )  # fmt: skip
    stores.add(raw_body(id=name, source=name, data={"document_id": name}))
    with_name = SqliteStore(
        Path(settings.store_url.get_secret_value().removeprefix("sqlite:///")), create=True
    )
    saved = {"title": text, "summary": text, "keyphrases": [name], "topics": [name],
             "source": plain, "url": SCHEME, "problems": 1}  # fmt: skip
    with_name.save([
        completed(f"stored {plain}"[:256], **saved),
        completed("copy", 1, duplicate_of=f"stored {plain}"[:256], **saved),
    ])  # fmt: skip
    with_name.close()
    redis.xgroup_create(keys.processed, name, id="0", mkstream=True)
    group = next(each for each in stores.rejections.groups() if each.frame == name)
    rejected = [each.id for each in stores.rejections.entries()]
    thing = quote(f"stored {plain}"[:256], safe="")
    return [
        f"/documents/{thing}", "/documents/copy", f"/clusters/{thing}?first=copy&second={thing}",
        f"/documents/{quote(name, safe='')}", f"/trace/{quote(name, safe='')}",
        f"/documents?{urlencode({'q': text})}", f"/documents?{urlencode({'q': 'lang:zh ' + text})}",
        f"/ledger?{urlencode({'source': text})}", f"/rejections?{urlencode({'where': text})}",
        f"/actions/new?{urlencode({'where': text, 'edits': text, 'rate': text, 'kind': text})}",
        f"/actions/new?{urlencode({'kind': 'edit', 'edits': 'data.title=' + name})}",
        f"/failures/{quote(group.id, safe='')}", f"/trends?{urlencode({'span': text})}",
        *(f"/rejections/0/{each}" for each in rejected),
        *(f"/rejections/0/{each}/edit" for each in rejected),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_are_shown_and_do_nothing(
    open_console: Opening, settings: Settings, redis: Redis, kind: str
) -> None:
    text = KINDS[kind]
    things = fill(settings, redis, text)
    client = open_console("admin", label=text)
    note = text.replace("\x00", "")
    assert send(client, "ledger/pause", [("target", "tag"), ("note", note)])[0] == 200
    assert send(client, "bulk/replay", [("where", "stage:tag"), ("note", note)])[0] == 200
    (action,) = RedisStores(redis, Keys(settings.streams)).actions.newest()
    paths = [page.path for page in PAGES if "{" not in page.path]
    for path in (*paths, *things, f"/actions/{action.id}"):
        answer = client.get(path)
        assert answer.status_code in {200, 404}, (path, answer.text[-500:])
        assert faults(answer.text) == [], path
    for act, field in (("ledger/pause", "target"), ("actions/abort", "id"), ("workers/stop", "id"),
                       ("waiting/remove", "id"), ("rejections/replay", "id"),
                       ("publish/send", "language"), ("bulk/edit", "edits")):  # fmt: skip
        _, told, link = send(client, act, [(field, text), ("text", "A text.")])
        assert faults(told) == [], act
        assert "\n" not in link


class TestHiddenTexts:
    """With `FANMILL_CONSOLE_TEXT=off` no page, stream or answer has a text of a document."""

    SECRET = "swordfish"

    def test_nothing_shows_them(
        self, open_console: Opening, settings: Settings, redis: Redis
    ) -> None:
        text = self.SECRET
        stores = RedisStores(redis, Keys(settings.streams))
        stores.ledger.open()
        mill = Mill(stores)
        store = SqliteStore(
            Path(settings.store_url.get_secret_value().removeprefix("sqlite:///")), create=True
        )
        saved: dict[str, Any] = {"title": text, "summary": f"The {text} swims.",
                                 "keyphrases": [text], "problems": 1}  # fmt: skip
        store.save([
            completed("stored", **saved),
            completed("copy", 1, duplicate_of="stored", **saved),
        ])  # fmt: skip
        store.close()
        mill.publish(ingested("done", f"A {text} is fine.", title=text))
        mill.run()
        stores.add(raw_body(id="bad", data={"document_id": "bad", "text": text, "title": text}))
        (entry,) = stores.ledger.read("reader", 1, 0, enough_bytes=10**9)
        stores.ledger.reject(
            [Rejection(entry.id, "stage-failed", "tag", f"cannot read {text}", "bad", "bad", "/s")]
        )
        mill.publish(ingested("waits", f"The {text} waits.", title=text))
        (rejected,) = stores.rejections.entries()
        (group,) = stores.rejections.groups()
        paths = [
            *(page.path for page in PAGES if "{" not in page.path),
            "/documents?q=lang:en", "/documents/stored", "/documents/copy", "/documents/done",
            "/documents/bad", "/documents/waits", "/clusters/stored?first=copy&second=stored",
            f"/failures/{group.id}", f"/rejections/0/{rejected.id}",
            f"/rejections/0/{rejected.id}/edit", "/rejections?where=stage:tag", "/trace/bad",
            "/trace/waits", "/actions/new?where=stage:tag", f"/actions/new?ids=0:{rejected.id}",
        ]  # fmt: skip
        hidden, shown = open_console("admin", texts=False), open_console("admin")
        seen = [path for path in paths if text in shown.get(path).text]
        assert len(seen) >= 12
        for path in paths:
            answer = hidden.get(path)
            assert answer.status_code in {200, 404}, path
            assert text not in answer.text, path
        self._streams_show_nothing(hidden, shown, entry.id)
        edit = [("ids", f"0:{rejected.id}"), ("edits", f"data.title={text}")]
        _, _, link = send(hidden, "bulk/edit", edit)
        assert text not in hidden.get(link).text
        assert text not in hidden.get("/actions").text

    def _streams_show_nothing(self, hidden: TestClient, shown: TestClient, entry_id: str) -> None:
        # A stream never ends; this is what its events hold.
        for client, expected in ((hidden, False), (shown, True)):
            app: Any = client.app
            page = next(each for each in PAGES if each.name == "trace")
            contents = app.state.contents(page, {"id": entry_id})
            assert (self.SECRET in contents) == expected


def test_no_reader_can_act_by_a_form_of_their_own(
    open_console: Opening, settings: Settings
) -> None:
    order = ("reader", "operator", "admin")
    for role in order[:2]:
        client = open_console(role)
        for act in ACTS:
            answer = client.post(f"/act/{act.table}/{act.action}", data={}, headers=SAME_SITE)
            allowed = order.index(role) >= order.index(act.role)
            assert (answer.status_code == 403) == (not allowed), (role, act)
            assert client.get(f"/act/{act.table}/{act.action}").status_code == 405
        for page in PAGES:
            if "{" not in page.path:
                allowed = order.index(role) >= order.index(page.role)
                assert (client.get(page.path).status_code == 403) == (not allowed), (
                    role,
                    page.path,
                )
                if page.live:
                    assert page.role == "reader"


def test_every_act_refuses_forged_forms(open_console: Opening) -> None:
    client = open_console("admin")
    for act in ACTS:
        path = f"/act/{act.table}/{act.action}"
        for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"},
                        {**SAME_SITE, "origin": "null"}):  # fmt: skip
            assert client.post(path, data={"id": "x"}, headers=headers).status_code == 403, path
        rebound = client.post(path, headers={**SAME_SITE, "host": "evil.example"})
        assert rebound.status_code == 421


def test_the_theme_cannot_lead_away(open_console: Opening) -> None:
    client = open_console()
    for theme in (*THEMES, "<script>"):
        for back in ("https://evil.example//evil.example/x", "//evil.example", "x", ""):
            answer = client.post(
                "/theme", data={"theme": theme}, headers={**SAME_SITE, "referer": back}
            )
            assert answer.status_code == 303
            assert re.match(r"/(?![/\\])", answer.headers["location"]), back
            assert "script" not in answer.headers.get("set-cookie", "")
