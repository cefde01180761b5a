"""Advice for an error that the server or the connection to it answers with.

Used by every check that asks the server something; `explain` is a pure function of
the error and the address.
"""

import re
import ssl
from typing import Final

from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from fanmill.ops.doctor.result import SERVER, CheckResult, Level
from fanmill.ops.doctor.server_state import judge_state
from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.connections import chain

RIGHTS: Final = "rights"
_COMMAND: Final = re.compile(r"permissions to run the '([^']+)' command")
_KEY: Final = re.compile(r"(?:access the '([^']+)' key|access a key|keys? used as arguments)")
_CHANNEL: Final = re.compile(r"(?:access the '([^']+)' channel|access a channel)")


def explain(error: Exception, address: ServerAddress, namespace: str) -> CheckResult:
    """Return the check that an error fails, its cause and the command that mends it.

    An error without a kind of its own becomes a failed check of the server with the
    error's text.
    """
    for each in chain(error):
        result = _certificate(each, address) or judge_state(each)
        if result is not None:
            return result
    return (
        _login(error, address)
        or _rights(error, address, namespace)
        or _connection(error, address)
        or _failed(SERVER, f"the server answered: {error}", "look at the server's log")
    )


def _user(address: ServerAddress) -> str:
    return address.username or "default"


def ends_examination(error: Exception) -> bool:
    """Return whether no further command can succeed after this error."""
    return isinstance(error, RedisConnectionError | RedisTimeoutError) or not isinstance(
        error, RedisError
    )


def _failed(check: str, seen: str, advice: str, level: Level = "error") -> CheckResult:
    return CheckResult(check, level, seen, advice)


def _certificate(error: BaseException, address: ServerAddress) -> CheckResult | None:
    if not isinstance(error, ssl.SSLError):
        return None
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message or str(error)
        if "mismatch" in reason.lower() or "not valid for" in reason.lower():
            advice = f"connect by a name in the certificate; this URL has {address.host!r}"
        elif "expired" in reason.lower() or "not yet valid" in reason.lower():
            advice = "renew the server's certificate, or check the clocks of both machines: date -u"
        else:
            advice = (
                "name the authority that signed it: add ?ssl_ca_certs=/path/to/ca.pem to the URL"
            )
        return _failed(SERVER, f"the server's certificate is refused: {reason}", advice)
    if "certificate required" in str(error).lower() or "CERTIFICATE_REQUIRED" in str(error):
        return _failed(
            SERVER,
            "the server wants a certificate from its clients",
            "add ?ssl_certfile=/path/to/client.pem&ssl_keyfile=/path/to/client.key to the URL",
        )
    return _failed(
        SERVER,
        f"TLS fails: {getattr(error, 'reason', None) or error}",
        f"compare: openssl s_client -connect {address.host}:{address.port}",
    )


def _login(error: Exception, address: ServerAddress) -> CheckResult | None:
    message = str(error)
    lower = message.lower()
    if "without any password configured" in lower:
        return _failed(
            SERVER,
            "the URL has a password, and the server knows none",
            "take the password out of the URL, or set `requirepass` on the server",
        )
    if "protected mode" in lower:
        return _failed(
            SERVER,
            "the server is in protected mode and serves its own machine only",
            "give it users (deploy/redis/users.acl) and set in redis.conf: protected-mode no",
        )
    # A HELLO without a login is answered with a sentence of its own in place of NOAUTH.
    if "authentication required" in lower or "already authenticated" in lower:
        return _failed(
            SERVER,
            "the server wants a password, and the URL has none",
            "put user and password into the URL: redis://USER:PASSWORD@HOST:6379/0",
        )
    if isinstance(error, AuthenticationError) or "wrongpass" in lower:
        return _failed(
            SERVER,
            f"wrong password, or user {_user(address)!r} is unknown or switched off "
            "(the server tells these apart to nobody)",
            "percent-encode `@ / : ? # %` in the URL's password; an administrator sees the user "
            f"with: redis-cli ACL GETUSER {_user(address)}",
        )
    return None


def _rights(error: Exception, address: ServerAddress, namespace: str) -> CheckResult | None:
    if not isinstance(error, NoPermissionError) and "NOPERM" not in str(error):
        return None
    message = str(error)
    rule, what = f"~{namespace}:*", f"access one of the keys of namespace {namespace!r}"
    if found := _COMMAND.search(message):
        rule, what = f"+{found[1]}", f"run {found[1]!r}"
    elif found := _CHANNEL.search(message):
        rule = f"&{found[1] or 'CHANNEL'}"
        what = f"access the channel {found[1]!r}" if found[1] else "access a channel"
    elif (found := _KEY.search(message)) and found[1]:
        rule, what = f"~{found[1].partition(':')[0]}:*", f"access the key {found[1]!r}"
    return _failed(
        RIGHTS,
        f"user {_user(address)!r} may not {what}",
        f"as an administrator: redis-cli ACL SETUSER {_user(address)} '{rule}'; the rights of each "
        "role are in deploy/redis/users.acl",
    )


def _connection(error: Exception, address: ServerAddress) -> CheckResult | None:
    message = str(error)
    if "DB index is out of range" in message:
        return _failed(
            SERVER,
            f"the server has no database {address.db}",
            "use /0 at the end of the URL, or raise `databases` in redis.conf",
        )
    if isinstance(error, RedisTimeoutError | TimeoutError):
        return _failed(
            SERVER,
            f"{address} does not answer in time: {message}",
            "the server is overloaded or hangs: redis-cli SLOWLOG GET 10, and its log",
        )
    if isinstance(error, RedisConnectionError | OSError):
        return _failed(
            SERVER,
            f"the connection to {address} breaks: {message}",
            "the server stops or restarts, or a proxy cuts connections: try again, then see its "
            "log",
        )
    if not isinstance(error, RedisError):
        return _failed(
            SERVER,
            f"{address} answers as no Redis does ({type(error).__name__}: {message})",
            "the URL names the port of another program; "
            "export FANMILL_REDIS_URL=redis://HOST:6379/0",
        )
    return None
