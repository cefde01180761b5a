"""The guard: host names, forged forms, headers of answers."""

import pytest

from console.conftest import Opening
from fanmill.console.accounts import Accounts, Gate, ProxyHeaders
from fanmill.console.guard import POLICY, forged

HERE = {"origin": "http://localhost:9621", "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "is_forged"),
    [
        (HERE, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"origin": "http://localhost:9621"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://localhost:9622"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://evil.example"}, True),
        ({}, True),
    ],
)
def test_only_forms_of_this_origin_are_taken(headers: dict[str, str], is_forged: bool) -> None:
    assert bool(forged({"host": "localhost:9621", **headers}, "http")) == is_forged


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9621", "localhost.evil.example", ""]
)
def test_other_host_names_are_refused(open_console: Opening, host: str) -> None:
    client = open_console()
    assert client.get("/", headers={"host": host}).status_code == 421
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9621", "[::1]:9621", "mill.example"])
def test_allowed_host_names_are_served(open_console: Opening, host: str) -> None:
    client = open_console(hosts=("mill.example",))
    assert client.get("/static/console.css", headers={"host": host}).status_code == 200


def test_every_answer_has_the_policy(open_console: Opening) -> None:
    client = open_console()
    for path in ("/", "/nothing", "/static/console.js", "/healthz"):
        answer = client.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_readers_cannot_act_and_forged_forms_are_refused(open_console: Opening) -> None:
    path, form = "/act/ledger/pause", {"target": "tag"}
    assert open_console("reader").post(path, data=form, headers=HERE).status_code == 403
    operator = open_console("operator")
    forged_form = operator.post(path, data=form, headers={"sec-fetch-site": "cross-site"})
    assert forged_form.status_code == 403
    assert "another site" in forged_form.text
    done = operator.post(path, data={**form, "note": "why"}, headers=HERE)
    assert (done.status_code, "tag is paused" in done.text) == (200, True)
    assert "why" in operator.get("/ledger").text
    assert operator.post("/act/ledger/resume", data=form, headers=HERE).status_code == 200


def test_a_console_with_accounts_asks_for_them(open_console: Opening) -> None:
    gate = Gate(Accounts(), "admin", ProxyHeaders("X-User", "", ("203.0.113.0/24",)))
    answer = open_console(gate=gate).get("/")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
