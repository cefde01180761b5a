"""Accounts: passwords, tokens, proxies, and the limit of failures."""

import base64
from pathlib import Path

import pytest

from fanmill.console.accounts import (
    MAX_FAILURES,
    Accounts,
    Gate,
    ProxyHeaders,
    UnusableAccounts,
    Viewer,
    fits,
    hashed,
)

PASSWORD = "correct horse"
HASH = hashed(PASSWORD)
DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
"""SHA-256 of `hello`."""


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    path = tmp_path / "accounts.toml"
    path.write_text(
        f'[users.anna]\npassword = "{HASH}"\nrole = "operator"\n'
        f'[tokens.ci]\nsha256 = "{DIGEST}"\nrole = "reader"\n'
    )
    return Accounts.read(path)


def test_a_password_fits_its_own_hash_only() -> None:
    assert fits(PASSWORD, HASH)
    assert not fits(PASSWORD + " ", HASH)
    assert not fits(PASSWORD, "scrypt$x$y")
    assert hashed(PASSWORD) != HASH
    assert PASSWORD not in HASH


def test_users_and_tokens_have_their_roles(accounts: Accounts) -> None:
    gate = Gate(accounts)
    assert gate.viewer("a", basic("anna", PASSWORD)) == Viewer("anna", "operator")
    assert gate.viewer("a", {"authorization": "Bearer hello"}) == Viewer("ci", "reader")
    assert gate.viewer("a", {}) is None
    for wrong in (basic("anna", "wrong"), basic("bert", PASSWORD), {"authorization": "Basic ###"}):
        assert gate.viewer("a", wrong) is None


def test_an_address_that_fails_often_is_blocked_for_a_minute(accounts: Accounts) -> None:
    now = [0.0]
    gate = Gate(accounts, clock=lambda: now[0])
    for _ in range(MAX_FAILURES):
        assert not gate.blocked("a")
        gate.viewer("a", {"authorization": "Bearer wrong"})
    assert gate.blocked("a")
    assert not gate.blocked("b")
    now[0] = 61
    assert not gate.blocked("a")


def test_without_accounts_everybody_has_the_role_of_the_setting() -> None:
    assert Gate(Accounts()).viewer("a", {}) == Viewer("anonymous", "reader")
    assert Gate(Accounts(), "operator").viewer("a", {}) == Viewer("anonymous", "operator")


def test_headers_count_from_trusted_proxies_only() -> None:
    proxy = ProxyHeaders("X-User", "X-Role", ("10.0.0.0/8",))
    gate = Gate(Accounts(), "admin", proxy)
    sent = {"x-user": "anna", "x-role": "admin"}
    assert gate.viewer("10.1.2.3", sent) == Viewer("anna", "admin")
    assert gate.viewer("10.1.2.3", {"x-user": "anna", "x-role": "root"}) == Viewer("anna", "reader")
    assert gate.viewer("192.0.2.1", sent) is None
    assert gate.viewer("10.1.2.3", {}) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[users.anna]\nrole = 'reader'\n", "users.anna needs exactly"),
        (
            "[users.anna]\nrole = 'root'\npassword = 'scrypt$a$b'\n",
            "known: reader, operator, admin",
        ),
        ("[users.anna]\nrole = 'reader'\npassword = 'secret'\n", "is no hash"),
        ("[tokens.ci]\nrole = 'reader'\nsha256 = 'secret'\n", "64 hexadecimal digits"),
        ("[people]\n", "unknown table 'people'"),
        ("[users", "accounts.toml"),
    ],
)
def test_an_unusable_file_is_refused_without_its_secrets(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(text)
    with pytest.raises(UnusableAccounts, match=problem) as caught:
        Accounts.read(path)
    assert "secret" not in str(caught.value)
