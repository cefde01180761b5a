"""Who asks, and which role that is: basic auth, bearer tokens, or headers of a trusted proxy.

Passwords are kept as scrypt hashes (RFC 7914, N = 2**14, r = 8, p = 1), tokens as SHA-256 digests:
a token of 32 random bytes cannot be guessed, a password might.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import tomllib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Final

from fanmill.screens.acts import Viewer
from fanmill.screens.tables import ROLES, Role

_N, _R, _P = 2**14, 8, 1
_FRESH_SECONDS: Final = 300.0
"""Time for which a verified password is remembered: scrypt takes about 50 ms."""

MAX_FAILURES: Final = 10
FAILURE_SECONDS: Final = 60.0
"""Ten failures of an address within a minute close it for the rest of the minute."""
_MAX_ADDRESSES: Final = 10_000


class UnusableAccounts(ValueError):
    """A file of accounts that cannot be read; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Account:
    """A name with its secret and role."""

    name: str
    role: Role
    secret: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a file; both empty without one."""

    users: Mapping[str, Account] = field(default_factory=dict)
    tokens: Mapping[str, Account] = field(default_factory=dict)
    """By the digest of the token."""

    @classmethod
    def read(cls, path: Path) -> Accounts:
        """Return the accounts of a TOML file.

        Its tables are `users.NAME` with `password` (from `fanmill console password`) and `role`,
        and `tokens.NAME` with `sha256` and `role`.

        Raises:
            UnusableAccounts: The file cannot be read, or a table is not as it should be.
        """
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnusableAccounts(f"{path}: {error}") from None
        unknown = sorted(set(content) - {"users", "tokens"})
        if unknown:
            raise UnusableAccounts(f"{path}: unknown table {unknown[0]!r}; known: users, tokens")
        users = _accounts(path, content.get("users", {}), "password", "users")
        tokens = _accounts(path, content.get("tokens", {}), "sha256", "tokens")
        return cls(users, {account.secret.lower(): account for account in tokens.values()})

    def __bool__(self) -> bool:
        return bool(self.users or self.tokens)


def _accounts(path: Path, table: Any, secret: str, title: str) -> dict[str, Account]:
    found = {}
    for name, values in dict(table).items():
        place = f"{path}: {title}.{name}"
        if not isinstance(values, dict) or set(values) != {secret, "role"}:
            raise UnusableAccounts(f"{place} needs exactly the keys {secret} and role")
        if values["role"] not in ROLES:
            raise UnusableAccounts(
                f"{place}: role is {values['role']!r}; known: {', '.join(ROLES)}"
            )
        if secret == "password" and not str(values[secret]).startswith("scrypt$"):  # noqa: S105
            raise UnusableAccounts(
                f"{place}: password is no hash; make one: fanmill console password"
            )
        if secret == "sha256" and len(str(values[secret])) != 64:  # noqa: S105, PLR2004
            raise UnusableAccounts(f"{place}: sha256 is no digest of 64 hexadecimal digits")
        found[name] = Account(name, values["role"], str(values[secret]))
    return found


def hashed(password: str) -> str:
    """Return the hash of a password for the file of accounts."""
    salt = os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)
    return "$".join(("scrypt", base64.b64encode(salt).decode(), base64.b64encode(digest).decode()))


def fits(password: str, stored: str) -> bool:
    """Return whether a password belongs to a hash."""
    try:
        _, salt, digest = stored.split("$")
        expected = base64.b64decode(digest, validate=True)
        own = hashlib.scrypt(
            password.encode(), salt=base64.b64decode(salt, validate=True), n=_N, r=_R, p=_P
        )
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(own, expected)


@dataclass(frozen=True, slots=True)
class ProxyHeaders:
    """Headers of a proxy that has authenticated the viewer.

    Attributes:
        user: Name of the header with the user; empty to trust no proxy.
        role: Name of the header with the role; users without it are readers.
        networks: Addresses of the proxies; headers of others are ignored.
    """

    user: str = ""
    role: str = ""
    networks: tuple[str, ...] = ()

    def viewer(self, address: str, headers: Mapping[str, str]) -> Viewer | None:
        """Return the viewer that a trusted proxy names."""
        if not self.user or not self._trusts(address):
            return None
        name = headers.get(self.user.lower(), "").strip()
        if not name:
            return None
        given = headers.get(self.role.lower(), "").strip().lower() if self.role else ""
        return Viewer(name, given if given in ROLES else "reader")

    def _trusts(self, address: str) -> bool:
        try:
            own = ip_address(address)
        except ValueError:
            return False
        return any(own in ip_network(network, strict=False) for network in self.networks)


class Gate:
    """Decides who a request comes from.

    Args:
        accounts: Users and tokens; without any, everybody is `anonymous`.
        anonymous: Role of viewers without accounts.
        proxy: Headers of a trusted proxy.
        clock: Seconds since some fixed moment.
    """

    def __init__(
        self,
        accounts: Accounts,
        anonymous: Role = "reader",
        proxy: ProxyHeaders | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._accounts = accounts
        self._anonymous: Role = anonymous
        self._proxy = proxy or ProxyHeaders()
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[float, Viewer]] = {}
        self._failures: dict[str, deque[float]] = {}
        self._lock = Lock()

    @property
    def asks(self) -> bool:
        """Whether it asks for a name and a password."""
        return bool(self._accounts) or bool(self._proxy.user)

    def blocked(self, address: str) -> bool:
        """Return whether an address has failed too often."""
        with self._lock:
            return len(self._recent(address)) >= MAX_FAILURES

    def viewer(self, address: str, headers: Mapping[str, str]) -> Viewer | None:
        """Return the viewer, or None for one who has to authenticate.

        Args:
            address: Address of the client.
            headers: Headers of the request, names in lower case.
        """
        through = self._proxy.viewer(address, headers)
        if through is not None:
            return through
        if not self.asks:
            return Viewer("anonymous", self._anonymous)
        given = headers.get("authorization", "")
        if not given:
            return None
        found = self._remembered(given) or self._checked(given)
        if found is None:
            with self._lock:
                self._recent(address).append(self._clock())
        return found

    def _remembered(self, given: str) -> Viewer | None:
        known = self._verified.get(self._digest(given))
        return known[1] if known and known[0] > self._clock() else None

    def _checked(self, given: str) -> Viewer | None:
        scheme, _, value = given.partition(" ")
        account = None
        if scheme.lower() == "bearer":
            digest = hashlib.sha256(value.strip().encode()).hexdigest()
            account = self._accounts.tokens.get(digest)
        elif scheme.lower() == "basic":
            account = self._user(value)
        if account is None:
            return None
        viewer = Viewer(account.name, account.role)
        with self._lock:
            if len(self._verified) >= _MAX_ADDRESSES:
                self._verified.clear()
            self._verified[self._digest(given)] = (self._clock() + _FRESH_SECONDS, viewer)
        return viewer

    def _user(self, value: str) -> Account | None:
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (ValueError, binascii.Error):
            return None
        account = self._accounts.users.get(name)
        # An unknown name takes as long as a wrong password.
        return (
            account if fits(password, account.secret if account else _NOBODY) and account else None
        )

    def _digest(self, given: str) -> bytes:
        # The memory holds no secret that could be used elsewhere.
        return hmac.new(self._key, given.encode(), "sha256").digest()

    def _recent(self, address: str) -> deque[float]:
        if len(self._failures) >= _MAX_ADDRESSES:
            self._failures.clear()
        found = self._failures.setdefault(address, deque())
        while found and found[0] < self._clock() - FAILURE_SECONDS:
            found.popleft()
        return found


_NOBODY: Final = hashed(secrets.token_hex(16))
